// This file controls a real browser in tests: Debian's chromium, without a window.

package main

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
)

// A tab is a page of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab opens a browser with one page. At the end of the test, its console must not have
// errors. Without chromium, the test is skipped.
func newTab(t *testing.T) tab {
	t.Helper()
	ctx, cancel := chromium.Open(t)
	one := tab{t, ctx}
	one.do(chromedp.Navigate("about:blank"))
	chromium.Silent(ctx, cancel, t, "status of 4") // the browser logs every 4xx, and the pages handle those
	return one
}

// do runs actions one after the other.
func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// open opens a page in a window of the given size, in pixels.
func (b tab) open(url string, width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url))
}

// eval returns the value of an expression.
func eval[T any](b tab, expression string) T {
	b.t.Helper()
	return chromium.Evaluate[T](b.ctx, b.t, expression)
}

// until waits until an expression is true.
func (b tab) until(expression string) {
	b.t.Helper()
	chromium.Until(b.ctx, b.t, expression)
}
