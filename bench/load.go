// A small client that keeps connections busy with one request. It parses only
// what it must, so that the server and not the client is what is measured.

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// connections are open at a time.
const connections = 16

// load asks the server at addr over and over for as long as d, and returns the
// replies. A reply of another status is an error.
func load(addr string, request []byte, status int, d time.Duration) (int64, error) {
	var group sync.WaitGroup
	var replies atomic.Int64
	errs := make([]error, connections)
	until := time.Now().Add(d)
	for i := range connections {
		group.Go(func() {
			n, err := ask(addr, request, status, until)
			replies.Add(n)
			errs[i] = err
		})
	}
	group.Wait()
	return replies.Load(), errors.Join(errs...)
}

// ask is one connection of load.
func ask(addr string, request []byte, status int, until time.Time) (replies int64, err error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer func() { _ = c.Close() }()
	// Long after the end: a server that hangs must not hang the measurement.
	if err := c.SetDeadline(until.Add(10 * time.Second)); err != nil {
		return 0, err
	}
	in := bufio.NewReader(c)
	for time.Now().Before(until) {
		if _, err := c.Write(request); err != nil {
			return replies, err
		}
		if err := readReply(in, status); err != nil {
			return replies, err
		}
		replies++
	}
	return replies, nil
}

// readReply reads one reply with that status.
func readReply(in *bufio.Reader, status int) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if want := "HTTP/1.1 " + strconv.Itoa(status); !bytes.HasPrefix(line, []byte(want)) {
		return fmt.Errorf("the reply begins with %q, want %q", line, want)
	}
	length := -1
	if status == 304 {
		length = 0 // whatever Content-Length says: RFC 9110, 8.6
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if length < 0 && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("the reply does not say how long it is")
	}
	_, err = in.Discard(length)
	return err
}
