// This file holds the messages of hostile clients, and the status that must answer each.

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A hostility is a message as bytes on the connection, and the status of its answer. The
// status is 0 if the client closes the connection in the middle.
type hostility struct {
	name, message string
	status        int
}

var hostilities = []hostility{
	{"a control byte in the path", "GET /counters/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
	{"an invalid percent-encoding", "GET /counters/%c0%af HTTP/1.1\r\nHost: x\r\n\r\n", 400},
	{"an unknown method", "FROB /counters/1 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
	{"a method that the path lacks", "DELETE /counters/1 HTTP/1.1\r\nHost: x\r\nIf-Match: *\r\n\r\n", 405},
	{"a target that is too long", "GET /" + strings.Repeat("x", 9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
	{"a header that is too large", "GET /counters/1 HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 80_000) + "\r\n\r\n", 431},
	{"a list that cannot be read", put("If-Match: \"1\r\n", `{}`), 400},
	{"a long list of tags", put("If-Match: "+strings.Repeat(`"x", `, 5_000)+"\"y\"\r\n", `{"n":9}`), 412},
	{"a write without a precondition", put("", `{"n":9}`), 428},
	{"content that is malformed", put("If-Match: *\r\n", `{"n":`), 400},
	{"content that is deep", put("If-Match: *\r\n", strings.Repeat("[", 10_000)), 400},
	{"content with something after it", put("If-Match: *\r\n", `{"n":9}{"n":9}`), 400},
	{"more content than is allowed", "PUT /counters/1 HTTP/1.1\r\nHost: x\r\nIf-Match: *\r\nContent-Length: 99999999\r\n\r\n", 413},
	{"content of another type", put("If-Match: *\r\nContent-Type: text/xml\r\n", `<a/>`), 415},
	{"a media type that is not offered", "GET /counters/1 HTTP/1.1\r\nHost: x\r\nAccept: image/png\r\n\r\n", 406},
	{"two lengths", "PUT /counters/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400},
	{"many ranges", "GET /bytes HTTP/1.1\r\nHost: x\r\nRange: bytes=0-" + strings.Repeat(",0-", 1_000) + "\r\n\r\n", 200},
	{"a callback that panics", "GET /panic HTTP/1.1\r\nHost: x\r\n\r\n", 500},
	{"gone in the middle of the header", "GET /counters/1 HTTP/1.1\r\nHost: ", 0},
	{"gone in the middle of the content", "PUT /counters/1 HTTP/1.1\r\nHost: x\r\nIf-Match: *\r\nContent-Length: 100\r\n\r\n{", 0},
	{"gone before the answer", "GET /bytes HTTP/1.1\r\nHost: x\r\n\r\n", 0},
}

// put returns a PUT of a counter with the given fields.
func put(fields, content string) string {
	return "PUT /counters/1 HTTP/1.1\r\nHost: x\r\n" + fields + "Content-Length: " + strconv.Itoa(len(content)) + "\r\n\r\n" + content
}

// inflict sends the message over a new connection, and checks the status.
func (h hostility) inflict(b *bench) error {
	fault := func(err error) error { return fmt.Errorf("hostile: %s: %w", h.name, err) }
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", b.address)
	if err != nil {
		return fault(err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return fault(err)
	}
	if h.status == 0 {
		_, err := io.WriteString(conn, h.message)
		if err != nil {
			return fault(err)
		}
		return nil
	}
	// The service may answer and close the connection before the message is fully written.
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(conn, h.message)
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	<-written
	if err != nil {
		return fault(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != h.status {
		return fault(fmt.Errorf("got %d, want %d", resp.StatusCode, h.status))
	}
	return nil
}
