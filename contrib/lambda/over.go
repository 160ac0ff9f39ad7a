package lambda

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file runs any http.Handler. In comes a request of an event. Out comes what the handler
// has written, with what net/http would have added to it.

// serveHTTP answers a request by a handler.
func serveHTTP(ctx context.Context, handler http.Handler, in *incoming) (resp restmachine.Response, err error) {
	target, err := url.ParseRequestURI(in.target())
	if err != nil {
		return unreadable(), nil
	}
	r, err := http.NewRequestWithContext(ctx, in.method, "/", bytes.NewReader(in.body))
	if err != nil {
		return unreadable(), nil
	}
	r.URL, r.Header, r.Host = target, in.header, in.header.Get("Host")
	r.Header.Del("Host") // as net/http does
	r.RequestURI = in.event.Prefix + in.target()
	if in.event.RemoteIP != "" {
		r.RemoteAddr = net.JoinHostPort(in.event.RemoteIP, "0") // nobody tells the port
	}
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = errors.New("lambda: the handler broke its answer off, with http.ErrAbortHandler")
		default:
			err = fmt.Errorf("lambda: the handler panicked: %v\n%s", p, debug.Stack())
		}
	}()
	handler.ServeHTTP(w, r)
	return w.response(in.method), nil
}

// unreadable is the answer to what net/http itself could not read.
func unreadable() restmachine.Response {
	return restmachine.Response{StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, Body: []byte("400 Bad Request")}
}

// A recorder is a http.ResponseWriter that keeps what is written.
type recorder struct {
	header, sent http.Header // sent is the header as it was when the status was written
	status       int
	body         bytes.Buffer
}

// Header is the header that will be sent.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader sets the status, once. Those of information, such as 103, cannot be sent.
func (w *recorder) WriteHeader(status int) {
	if w.sent == nil && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status, w.sent = status, w.header.Clone()
	}
}

// Write keeps content.
func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush does nothing: the answer is sent when it is whole.
func (w *recorder) Flush() {}

// response is what was written, with the fields that net/http adds to it. Answers to HEAD, 204
// and 304 lose their content.
func (w *recorder) response(method string) restmachine.Response {
	w.WriteHeader(http.StatusOK)
	resp := restmachine.Response{StatusCode: w.status, Header: w.sent, Body: w.body.Bytes()}
	bare := w.status == http.StatusNoContent || w.status == http.StatusNotModified
	if len(resp.Body) > 0 && !bare {
		if _, known := resp.Header["Content-Type"]; !known && resp.Header.Get("Content-Encoding") == "" {
			resp.Header.Set("Content-Type", http.DetectContentType(resp.Body))
		}
		if _, known := resp.Header["Content-Length"]; !known {
			resp.Header.Set("Content-Length", strconv.Itoa(len(resp.Body)))
		}
	}
	if bare || method == http.MethodHead {
		resp.Body = nil
	}
	return resp
}
