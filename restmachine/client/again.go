package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file decides what is sent again, and when. The answer to a request comes in, or the error
// of its connection. What goes out is a success, or the error that ends the operation.

const (
	firstWait = 20 * time.Millisecond
	longWait  = time.Second
)

// read sends a GET until its answer is a 2xx.
func (o *operation) read(r request) (*answer, error) {
	for {
		a, err := o.follow(r)
		if err == nil && a.status < 300 {
			return a, nil
		}
		if err == nil {
			err = o.failure(r, a)
		}
		if !passes(a, err) {
			return nil, err
		}
		if err := o.pause(err, a); err != nil {
			return nil, err
		}
	}
}

// write sends a write until its outcome is known. A write that is not guarded is not sent again
// once it may have been done. A server may answer 2xx to a copy of a write that it has done (RFC
// 9110, 13.1.1): that is a success, too.
func (o *operation) write(r request) (*answer, error) {
	var lost error // why an earlier copy may have been done
	for {
		a, err := o.follow(r)
		if err == nil && (a.status < 300 || a.status == http.StatusSeeOther) {
			return a, nil
		}
		perhaps := err != nil && !isUnsent(err) || a != nil && hidesOutcome(a)
		if err == nil {
			err = o.failure(r, a)
		}
		if perhaps && lost == nil {
			lost = err
		}
		if passes(a, err) && (r.guarded || lost == nil) {
			stop := o.pause(err, a)
			if stop == nil {
				continue
			}
			if lost == err {
				lost = stop
			}
			err = stop
		}
		if lost != nil {
			return nil, &unknownError{lost, err}
		}
		return nil, err
	}
}

// failure makes an error of an answer.
func (o *operation) failure(r request, a *answer) *StatusError {
	e := &StatusError{
		Method: r.method, URL: a.url.Redacted(), StatusCode: a.status, Header: a.header, Body: a.content, Tries: o.tries + 1,
	}
	if mediaOf(a.header) == "application/problem+json" {
		e.Problem = readProblem(a.content)
	}
	return e
}

// passes reports whether the same request may succeed later.
func passes(a *answer, err error) bool {
	if a == nil {
		return !isLasting(err)
	}
	switch a.status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// hidesOutcome reports whether an answer to a write leaves open if it was done. A gateway says
// 502 and 504 of requests that it has passed on, and a server may fail after the write.
func hidesOutcome(a *answer) bool {
	switch {
	case a.status == http.StatusServiceUnavailable:
		_, ok := retryAfter(a.header, time.Now())
		return !ok
	case a.status == http.StatusNotImplemented:
		return false
	}
	return a.status >= 500
}

// isUnsent reports whether an error says that nothing was sent. Other errors leave that open.
func isUnsent(err error) bool {
	var op *net.OpError
	return isLasting(err) || errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// isLasting reports whether another try would end in the same way, before anything was sent.
func isLasting(err error) bool {
	var unsent unsentError
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &unsent) || errors.As(err, &name) && name.IsNotFound || errors.As(err, &certificate)
}

// An unsentError is why a request cannot be sent.
type unsentError struct{ error }

func (e unsentError) Unwrap() error { return e.error }

// pause waits before the next try. It returns the error that ends the operation if there is not
// another try: failed itself, with the reason.
func (o *operation) pause(failed error, a *answer) error {
	o.tries++
	if ended := context.Cause(o.ctx); ended != nil {
		return afterEnd(ended, failed)
	}
	if o.tries >= or(o.client.Tries, defaultTries) {
		return failed
	}
	var asked time.Duration
	if a != nil {
		asked, _ = retryAfter(a.header, time.Now())
	}
	if limit := or(o.client.MaxWait, defaultMaxWait); asked > limit {
		return fmt.Errorf("%w; the server asks to wait for %v, and MaxWait is %v", failed, asked, limit)
	}
	if end, ok := o.ctx.Deadline(); ok && asked >= time.Until(end) {
		return fmt.Errorf("%w; the server asks to wait for %v, beyond the deadline of the context", failed, asked)
	}
	timer := time.NewTimer(asked + backoff(o.tries))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-o.ctx.Done():
		return afterEnd(context.Cause(o.ctx), failed)
	}
}

// afterEnd is the error of a context that ended between two tries.
func afterEnd(ended, failed error) error {
	if errors.Is(failed, ended) {
		return failed
	}
	return fmt.Errorf("%w, after: %w", ended, failed)
}

// backoff is how long to wait before another try: a random part of a time that doubles with each
// one. Clients that failed together do not come back together.
func backoff(tries int) time.Duration {
	limit := longWait
	if tries < 7 {
		limit = min(limit, firstWait<<(tries-1))
	}
	return rand.N(limit) + 1
}

// retryAfter returns how long the server asks to wait (RFC 9110, 10.2.3), and whether it does. A
// date is compared with the Date of the answer, so that a wrong clock does no harm. A date that
// has passed is 0.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	lines := h["Retry-After"]
	if len(lines) != 1 {
		return 0, false
	}
	said := strings.Trim(lines[0], " \t")
	if date, ok := conditional.ParseDate(said); ok {
		if sent, ok := conditional.ParseDate(h.Get("Date")); ok {
			now = sent
		}
		return max(0, date.Sub(now)), true
	}
	var seconds time.Duration
	for i := range len(said) {
		if said[i] < '0' || said[i] > '9' {
			return 0, false
		}
		seconds = min(seconds*10+time.Duration(said[i]-'0'), math.MaxInt64/time.Second/10-1)
	}
	return seconds * time.Second, said != ""
}
