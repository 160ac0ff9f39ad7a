// Package chromium opens a browser for a test, and waits for what its page shows. In comes the test.
// Out comes a context of chromedp, which ends with the test.
package chromium

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Open opens a browser with one page, for five minutes at the most. end closes the page before the
// test ends. Where Chromium is not installed, Open skips the test.
func Open(t *testing.T) (ctx context.Context, end context.CancelFunc) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed; Debian's package has that name")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(cancel)
	ctx, end = chromedp.NewContext(ctx)
	t.Cleanup(end)
	return ctx, end
}

// Silent fails the test if the console of the page says anything until the test ends, but for messages that
// have one of the texts. end is what Open returned beside ctx.
func Silent(ctx context.Context, end context.CancelFunc, t *testing.T, but ...string) {
	t.Helper()
	expect := func(message string) bool {
		return slices.ContainsFunc(but, func(text string) bool { return strings.Contains(message, text) })
	}
	console, messages := chromedp.Console(ctx), make(chan string, 100)
	go func() {
		defer close(messages)
		for m, err := range console {
			if err != nil {
				return
			}
			if !expect(m.String()) {
				messages <- m.String()
			}
		}
	}()
	t.Cleanup(func() {
		end()
		for m := range messages {
			assert.Fail(t, "the console has a message", m)
		}
	})
}

// Until waits until an expression is true on the page. While the page loads another page, it cannot
// evaluate anything.
func Until(ctx context.Context, t *testing.T, expression string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && is {
			return
		}
		require.True(t, time.Now().Before(end), "in 20 seconds it is not true that %s: %v", expression, err)
	}
}

// Navigate opens a URL on the page.
func Navigate(ctx context.Context, t *testing.T, url string) {
	t.Helper()
	_, err := chromedp.Run(ctx, chromedp.Navigate(url))
	require.NoError(t, err, url)
}

// Evaluate returns what an expression is on the page.
func Evaluate[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err, expression)
	return v
}
