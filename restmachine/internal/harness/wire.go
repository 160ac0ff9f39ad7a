// Requests over a connection, and content as it came over one.

package harness

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// SendOver sends a request to a server as its own client would, and returns the
// major version of HTTP that they spoke.
func SendOver(t *testing.T, server *httptest.Server, req restmachine.Request) (int, restmachine.Response) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), req.Method, server.URL+req.Path, bytes.NewReader(req.Body))
	require.NoError(t, err)
	r.Header = req.Header.Clone()
	resp, err := server.Client().Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.ProtoMajor, restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
}

// Decoded is the content without its coding: gzip, or "shout", which adds
// exclamation marks.
func Decoded(t *testing.T, resp restmachine.Response) string {
	t.Helper()
	switch resp.Header.Get("Content-Encoding") {
	case "gzip":
		r, err := gzip.NewReader(bytes.NewReader(resp.Body))
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		return string(text)
	case "shout":
		return strings.Trim(string(resp.Body), "!")
	}
	return string(resp.Body)
}
