// This test runs the lines of the guide's page on proxies, behind each proxy.

package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A check is a line of the guide, and what it prints.
type check struct{ line, want, wantOfSquid string }

// checks returns the first lines of the block, which are definitions, and the checks.
func checks(t *testing.T) (definitions string, all []check) {
	page, err := os.ReadFile("../../docs/proxies.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(page), "<!-- checks -->\n```sh\n")
	require.True(t, found)
	block, _, _ = strings.Cut(block, "```")
	definitions, block, _ = strings.Cut(block, "\n\n")
	for line := range strings.Lines(block) {
		line, want, found := strings.Cut(strings.TrimSpace(line), "  # ")
		require.True(t, found, line)
		want, squid, differs := strings.Cut(want, ", behind squid ")
		if !differs {
			squid = want
		}
		all = append(all, check{line, want, squid})
	}
	return definitions, all
}

func TestTheLinesOfTheGuide(t *testing.T) {
	for _, program := range []string{"bash", "curl"} {
		if !installed(program) {
			t.Skipf("SKIPPED, nothing was tested: %s is not installed", program)
		}
	}
	definitions, all := checks(t)
	require.NotEmpty(t, all)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, name, nil)
			for _, c := range all {
				cmd := exec.CommandContext(t.Context(), "bash", "-c", definitions+"\n"+c.line)
				cmd.Env = append(os.Environ(), "P=http://"+s.plain)
				out, err := cmd.Output()
				want := c.want
				if name == "squid" {
					want = c.wantOfSquid
				}
				assert.True(t, strings.EqualFold(want, strings.TrimSpace(string(out))), "%s prints %q, not %q (%v)", c.line, out, want, err)
			}
		})
	}
}
