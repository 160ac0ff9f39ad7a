// Package axe looks for faults of accessibility on a page, by axe-core. In comes a page of a browser.
// Out comes what is wrong with it. npm fetches axe-core for the test, into a folder of its own.
package axe

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// version is the axe-core that pages are held to.
const version = "4.10.3"

// script is the text of axe-core, fetched once for all tests of a package.
var script = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "axe")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	npm := exec.Command("npm", "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@"+version)
	if said, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, said)
	}
	text, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	return string(text), err
})

// A Fault is a rule that a page breaks.
type Fault struct {
	ID     string   // of the rule, for example color-contrast
	Impact string   // minor, moderate, serious or critical
	Help   string   // the rule, in words
	Nodes  []string // the elements that break it
}

// Faults returns the faults of the page that the browser shows. What is in a drawing that says it is an
// image is for the eye alone, and not looked at. Where npm is not installed, or cannot
// fetch axe-core, it skips the test.
func Faults(ctx context.Context, t *testing.T) []Fault {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed")
	}
	text, err := script()
	if err != nil {
		t.Skip("npm cannot fetch axe-core: ", err)
	}
	// The browser evaluates it as a debugger does, so the policy of the page does not forbid it.
	_, err = chromedp.Run(ctx, chromedp.Evaluate[bool](text+"; true"))
	require.NoError(t, err)
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]Fault](`axe.run({exclude: ["svg[role=img] > *"]}, {resultTypes: ["violations"]}).then((r) => r.violations.map((v) => (
		{ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map((n) => n.target.join(" ") + ": " + n.failureSummary)})))`, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return faults
}
