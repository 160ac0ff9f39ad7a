// These tests check the codings of one text, and the tag of each.

package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// decoders has a decoder for each coding, from the libraries of the encoders.
var decoders = map[string]func(io.Reader) (io.Reader, error){
	"":     func(r io.Reader) (io.Reader, error) { return r, nil },
	"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
}

func newApp(t *testing.T) *restmachine.App {
	app := New()
	restmachinetest.Check(t, app)
	return app
}

// execute sends a request. fields are names and values in turn.
func execute(t *testing.T, app *restmachine.App, method, body string, fields ...string) restmachine.Response {
	t.Helper()
	req := restmachine.Request{Method: method, Path: "/text", Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	resp := app.Execute(req)
	restmachinetest.CheckResponse(t, req, resp)
	return resp
}

func TestEachCoding(t *testing.T) {
	app := newApp(t)
	plain := execute(t, app, "GET", "")
	tags := map[string]string{}
	for coding, decode := range decoders {
		resp := execute(t, app, "GET", "", "Accept-Encoding", coding)
		require.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, coding, resp.Header.Get("Content-Encoding"))
		assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"), "a coding is not a media type")
		assert.Equal(t, "Accept-Encoding", resp.Header.Get("Vary"))

		r, err := decode(bytes.NewReader(resp.Body))
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, string(plain.Body), string(text))
		if coding != "" {
			assert.Less(t, len(resp.Body), len(plain.Body)/10)
		}

		tag := resp.Header.Get("ETag")
		assert.Empty(t, tags[tag], "%q and %q share the tag %s", tags[tag], coding, tag)
		tags[tag] = coding + " "
		restmachinetest.CheckNotModified(t, resp, execute(t, app, "GET", "", "Accept-Encoding", coding, "If-None-Match", tag))
	}
	require.Len(t, tags, 4)
	for tag, of := range tags {
		for coding := range decoders {
			again := execute(t, app, "GET", "", "Accept-Encoding", coding, "If-None-Match", tag)
			assert.Equal(t, of == coding+" ", again.StatusCode == 304, "who has %qand asks for %q", of, coding)
		}
	}
}

func TestWhichCoding(t *testing.T) {
	tests := []struct{ accept, want, reason string }{
		{"gzip, deflate, br, zstd", "zstd", "all alike to a browser: our order"},
		{"gzip, br", "br", "our order of those"},
		{"gzip;q=1, br;q=0.5", "gzip", "the client prefers it"},
		{"*", "zstd", "any"},
		{"*, zstd;q=0", "br", "any but one"},
		{"deflate", "", "we have none of it: as it is"},
		{"identity;q=1, gzip;q=0.5", "", "rather as it is"},
	}
	app := newApp(t)
	for _, tt := range tests {
		resp := execute(t, app, "GET", "", "Accept-Encoding", tt.accept)
		assert.Equal(t, tt.want, resp.Header.Get("Content-Encoding"), "%s: %s", tt.accept, tt.reason)
	}
	assert.Equal(t, 406, execute(t, app, "GET", "", "Accept-Encoding", "identity;q=0, deflate").StatusCode)
}

// What is short is sent as it is, with the tag of what is sent as it is.
func TestShortContentIsNotCoded(t *testing.T) {
	app := newApp(t)
	put := execute(t, app, "PUT", "Something short", "Content-Type", "text/plain", "Accept-Encoding", "gzip")
	short := execute(t, app, "GET", "", "Accept-Encoding", "gzip")
	assert.Empty(t, short.Header.Get("Content-Encoding"))
	assert.Equal(t, "Something short", string(short.Body))
	assert.Equal(t, put.Header.Get("ETag"), short.Header.Get("ETag"))
	restmachinetest.CheckNotModified(t, short, execute(t, app, "GET", "", "Accept-Encoding", "gzip", "If-None-Match", short.Header.Get("ETag")))
}

// A client that keeps a compressed representation may write with its tag.
func TestIfMatchTakesAnyOfThem(t *testing.T) {
	for coding := range decoders {
		app := newApp(t)
		tag := execute(t, app, "GET", "", "Accept-Encoding", coding).Header.Get("ETag")
		put := func() int {
			return execute(t, app, "PUT", "Something else", "Content-Type", "text/plain", "If-Match", tag).StatusCode
		}
		assert.Equal(t, 200, put(), "with the tag of %q", coding)
		assert.Equal(t, 412, put(), "it stands for what was there")
	}
}

// Go's Transport compresses without being asked. This test uses it over a connection.
func TestOverAConnection(t *testing.T) {
	server := httptest.NewServer(newApp(t))
	defer server.Close()
	resp, err := server.Client().Get(server.URL + "/text")
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.True(t, resp.Uncompressed)
	assert.Contains(t, string(text), "HTTP follows.")
}
