// These tests load the playground from servers that are not ours, and where it cannot be loaded.

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// over serves a handler.
func over(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// TestAnyFileServer: a server that knows of no coding is enough. The page takes the packed
// program and unpacks it, and where that is missing, the plain one.
func TestAnyFileServer(t *testing.T) {
	files := http.FileServer(http.Dir(folder(t)))
	var bytes atomic.Int64
	packed := over(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counting := &counter{ResponseWriter: w}
		files.ServeHTTP(counting, r)
		bytes.Add(counting.n)
	}))
	b := newTab(t, desk)
	b.open(packed)
	b.status(200)
	assert.Less(t, bytes.Load(), int64(4_000_000), "the packed program was taken")

	plain := over(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".gz") {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	}))
	b = newTab(t, desk, "404")
	b.open(plain)
	b.status(200)
}

// A counter counts the bytes of a response.
type counter struct {
	http.ResponseWriter
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n += int64(n)
	return n, err
}

// TestLoading: while the program comes, the page says how much of it there is. Where it does not
// come, the page says why, and tries again when it is told to.
func TestLoading(t *testing.T) {
	files := http.FileServer(http.Dir(folder(t)))
	var broken atomic.Bool
	broken.Store(true)
	rest := make(chan struct{})
	url := over(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case broken.Load() && strings.Contains(r.URL.Path, ".wasm"):
			http.Error(w, "not today", http.StatusServiceUnavailable)
		case strings.HasSuffix(r.URL.Path, ".wasm.gz"):
			content, err := os.ReadFile(filepath.Join(folder(t), "playground.wasm.gz"))
			assert.NoError(t, err)
			_, _ = w.Write(content[:len(content)/2])
			_ = http.NewResponseController(w).Flush()
			<-rest
			_, _ = w.Write(content[len(content)/2:])
		default:
			files.ServeHTTP(w, r)
		}
	}))
	b := newTab(t, phone, "503")
	b.do(chromedp.Navigate(url))
	b.until(`!document.getElementById("failure").hidden`)
	assert.Equal(t, "The library could not be loaded.", eval[string](b, `document.getElementById("failure-text").textContent`))
	assert.Contains(t, eval[string](b, `document.getElementById("failure-help").textContent`), "playground.wasm is 503")
	b.fits()
	b.picture("phone failure")
	b.accessible("the program does not come")

	broken.Store(false)
	b.click("#again")
	b.until(`document.getElementById("progress").value > 0.4`)
	assert.Less(t, eval[float64](b, `document.getElementById("progress").value`), 0.6)
	b.fits()
	b.picture("phone loading")
	b.accessible("half of the program is there")
	close(rest)
	b.status(200)
	assert.True(t, eval[bool](b, `document.getElementById("loading").hidden && document.getElementById("failure").hidden`))
}

func TestWithoutWebAssembly(t *testing.T) {
	b := newTab(t, desk)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: "delete globalThis.WebAssembly"})
		return err
	}), chromedp.Navigate(serving(t)))
	b.until(`!document.getElementById("failure").hidden`)
	assert.Equal(t, "This browser cannot run the library.", eval[string](b, `document.getElementById("failure-text").textContent`))
	b.picture("desk without webassembly")
}

// TestServed: the App sends the program packed as the client takes it, each with its own tag, and
// 304 to who has it.
func TestServed(t *testing.T) {
	app, err := New(folder(t))
	require.NoError(t, err)
	tags := map[string]bool{}
	for accept, coding := range map[string]string{"": "", "gzip": "gzip", "gzip, deflate, br, zstd": "br", "zstd": ""} {
		req := restmachine.Request{Path: "/playground.wasm", Header: http.Header{"Accept-Encoding": {accept}}}
		resp := app.Execute(req)
		require.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, coding, resp.Header.Get("Content-Encoding"), accept)
		assert.Equal(t, "application/wasm", resp.Header.Get("Content-Type"))
		assert.Equal(t, "Accept-Encoding", resp.Header.Get("Vary"))
		onDisk, err := os.ReadFile(filepath.Join(folder(t), "playground.wasm"+packed[coding]))
		require.NoError(t, err)
		assert.Len(t, resp.Body, len(onDisk), accept)
		tags[resp.Header.Get("ETag")] = true
		req.Header.Set("If-None-Match", resp.Header.Get("ETag"))
		assert.Equal(t, 304, app.Execute(req).StatusCode)
	}
	assert.Len(t, tags, 3)
	assert.Equal(t, "text/html; charset=utf-8", app.Execute(restmachine.Request{Path: "/"}).Header.Get("Content-Type"))
	assert.Equal(t, "application/gzip", app.Execute(restmachine.Request{Path: "/playground.wasm.gz"}).Header.Get("Content-Type"))
	assert.Equal(t, 404, app.Execute(restmachine.Request{Path: "/nothing"}).StatusCode)

	_, err = New(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// TestFigures prints the sizes of the program, and how long the page takes until it answers. It
// measures the folder that PLAYGROUND_DIR names, or one that was compressed fast.
//
//	go run ./playground/build DIR
//	PLAYGROUND_DIR=DIR go test ./playground -run TestFigures -v
func TestFigures(t *testing.T) {
	dir := os.Getenv("PLAYGROUND_DIR")
	if dir == "" {
		dir = folder(t)
	}
	for _, end := range []string{"", ".gz", ".br"} {
		info, err := os.Stat(filepath.Join(dir, "playground.wasm"+end))
		require.NoError(t, err)
		t.Logf("playground.wasm%s: %.2f MB", end, float64(info.Size())/1e6)
	}
	app, err := New(dir)
	require.NoError(t, err)
	statuses := make(chan int, 100)
	app.FinishRequest(func(r *http.Request, resp *restmachine.Response) {
		if r.URL.Path == "/playground.wasm" && r.Method == http.MethodGet {
			statuses <- resp.StatusCode
		}
	})
	url := over(t, app)
	b := newTab(t, desk)
	for i, want := range []int{200, 304, 304} {
		begin := time.Now()
		b.open(url + fmt.Sprintf("/?%d", i))
		ready := eval[float64](b, `performance.getEntriesByName("playground")[0].startTime`)
		t.Logf("load %d: the page answers after %.0f ms; the program was %d; with the drawing, and the browser's own work, %d ms",
			i+1, ready, want, time.Since(begin).Milliseconds())
		assert.Equal(t, want, <-statuses)
	}
}
