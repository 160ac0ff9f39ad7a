// Package load sends random requests, and remembers them. The addresses of servers and a seed come
// in, and the operations of all clients go out, with their times.
//
// This file is one client: a request comes in, and what is known of its answer goes out.
package load

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/examples/linear/history"
	"github.com/restmachine/restmachine-go/examples/linear/register"
)

// timeout is how long a client waits for an answer.
const timeout = 10 * time.Second

// transport returns the connections of a client: every other one speaks HTTP/2.
func transport(client int) *http.Transport {
	t := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
	if client%2 == 0 {
		t.Protocols.SetHTTP1(true)
	} else {
		t.Protocols.SetUnencryptedHTTP2(true)
	}
	return t
}

// errNotSent says that a request did not reach a server, so that it cannot have had an effect.
var errNotSent = errors.New("load: the request was not sent")

// Send sends a request to the server at base. The Output is zero if the outcome is not known: the
// answer was lost, or it is a 5xx.
func Send(ctx context.Context, via http.RoundTripper, base string, in history.Input) (out history.Output, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := request(ctx, base, in)
	if err != nil {
		return out, err
	}
	resp, err := via.RoundTrip(req)
	var failed *net.OpError
	switch {
	case errors.As(err, &failed) && failed.Op == "dial":
		return out, errNotSent
	case err != nil:
		return out, nil
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 500 {
		return out, nil
	}
	got := history.Output{Status: resp.StatusCode, ETag: resp.Header.Get("ETag")}
	if got.Status == http.StatusOK || got.Status == http.StatusCreated {
		var v register.Value
		if err := json.Unmarshal(content, &v); err != nil {
			return out, err
		}
		got.Value = history.Pair{A: v.A, B: v.B}
	}
	return got, nil
}

// request makes the request of an Input.
func request(ctx context.Context, base string, in history.Input) (*http.Request, error) {
	path, body := register.Open, ""
	if in.Demanding {
		path = register.Demanding
	}
	switch in.Method {
	case http.MethodPut:
		text, err := json.Marshal(register.Value{A: in.Set.A, B: in.Set.B})
		if err != nil {
			return nil, err
		}
		body = string(text)
	case http.MethodPatch:
		text, err := json.Marshal(map[string]int64{"b": in.Set.B})
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	req, err := http.NewRequestWithContext(ctx, in.Method, base+path+in.Key, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	switch in.Method {
	case http.MethodPut:
		req.Header.Set("Content-Type", "application/json")
	case http.MethodPatch:
		req.Header.Set("Content-Type", "application/merge-patch+json")
	}
	if in.IfMatch != "" {
		req.Header.Set("If-Match", in.IfMatch)
	}
	if in.IfNoneMatch != "" {
		req.Header.Set("If-None-Match", in.IfNoneMatch)
	}
	return req, nil
}
