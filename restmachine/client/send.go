package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file sends one request, through redirects and the cache. A request comes in, and the answer
// goes out, read and closed.

const (
	mediaJSON  = "application/json"
	maxHops    = 10
	maxFailure = 64 << 10 // bytes of the content of an error
)

// A request is what is sent: by follow, as often as redirects ask for.
type request struct {
	method, url string
	header      http.Header // canonical names; they win over Client.Header
	content     []byte      // nil for none
	guarded     bool        // a precondition sees to it that at most one copy is done
	strong      bool        // revalidate by a strong tag alone: the tag will guard a write
}

func (r request) isWrite() bool { return r.method != http.MethodGet }

// An answer is a response that was read.
type answer struct {
	url     *url.URL // where redirects have led
	status  int
	header  http.Header
	content []byte
	cut     error // why content is not whole
}

// parseURL reads a URL that requests can be sent to. The fragment is left out.
func parseURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, unsentError{fmt.Errorf("client: %w", err)}
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, unsentError{fmt.Errorf("client: %q is not an absolute URL of http or https", u.Redacted())}
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// originOf is scheme, host and port (RFC 9110, 4.3.1).
func originOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}

// follow sends a request, and sends it again to where redirects lead. An error means that there
// is no answer.
func (o *operation) follow(r request) (*answer, error) {
	at, err := parseURL(r.url)
	if err != nil {
		return nil, err
	}
	if err := o.ctx.Err(); err != nil {
		return nil, unsentError{fmt.Errorf("client: %s %s was not sent: %w", r.method, at.Redacted(), context.Cause(o.ctx))}
	}
	for hop := 1; ; hop++ {
		if r.isWrite() && originOf(at) != o.origin {
			return nil, unsentError{fmt.Errorf("%w: %s %s", ErrRedirected, r.method, at.Redacted())}
		}
		a, err := o.exchange(at, r)
		if err != nil {
			return nil, err
		}
		next := redirect(r.method, a)
		if next == nil || hop == maxHops {
			return a, nil
		}
		at = next
	}
}

// redirect is where to send a request again; nil is nowhere. A PUT, PATCH or DELETE means the same
// elsewhere. A POST at 301 and 302 is what net/http and browsers make a GET of (RFC 9110, 15.4.2),
// so a server may mean either.
func redirect(method string, a *answer) *url.URL {
	switch a.status {
	case http.StatusMovedPermanently, http.StatusFound:
		if method == http.MethodPost {
			return nil
		}
	case http.StatusSeeOther:
		if method != http.MethodGet {
			return nil // the write was done
		}
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil
	}
	return a.resolve("Location")
}

// resolve returns the URL in a field, nil if it has none that can be used.
func (a *answer) resolve(field string) *url.URL {
	said := a.header.Get(field)
	if said == "" {
		return nil
	}
	ref, err := a.url.Parse(said)
	if err != nil {
		return nil
	}
	u, err := parseURL(ref.String())
	if err != nil {
		return nil
	}
	return u
}

// exchange sends one request. A GET goes through the cache.
func (o *operation) exchange(at *url.URL, r request) (*answer, error) {
	c := o.client
	header := c.header(r, originOf(at) == o.origin)
	if r.isWrite() {
		a, err := c.send(o, at, r, header)
		if err == nil && a.status < 400 {
			c.cache.drop(at.String())
		}
		return a, err
	}
	key := c.key(at, header)
	stored := c.cache.get(key)
	if stored == nil || r.strong && stored.tag().IsWeak() {
		return c.fetch(o, at, r, header, key)
	}
	asking := header.Clone()
	asking.Set("If-None-Match", string(stored.tag()))
	a, err := c.fetch(o, at, r, asking, key)
	if err != nil || a.status != http.StatusNotModified {
		return a, err
	}
	if said := tagOf(a.header); said != "" && !conditional.WeakMatch(said, stored.tag()) {
		c.cache.drop(at.String()) // it speaks of something else (RFC 9111, 4.3.4)
		return c.fetch(o, at, r, header, key)
	}
	current := stored.refresh(a.header)
	c.cache.put(c, key, current)
	return current, nil
}

// fetch sends a GET, and keeps its answer if that can be revalidated.
func (c *Client) fetch(o *operation, at *url.URL, r request, header http.Header, key string) (*answer, error) {
	a, err := c.send(o, at, r, header)
	switch {
	case err != nil:
	case a.status == http.StatusOK:
		c.cache.put(c, key, a)
	case a.status == http.StatusNotFound || a.status == http.StatusGone:
		c.cache.drop(at.String())
	}
	return a, err
}

// send sends one request over the network. The content of an answer to a GET must be whole, so that
// a connection which breaks off is an error. A write is done once its status is there.
func (c *Client) send(o *operation, at *url.URL, r request, header http.Header) (*answer, error) {
	var body io.Reader
	if r.content != nil {
		body = bytes.NewReader(r.content) // net/http can send it again if nothing was written
	}
	req, err := http.NewRequestWithContext(o.ctx, r.method, at.String(), body)
	if err != nil {
		return nil, unsentError{fmt.Errorf("client: %w", err)}
	}
	req.Header = header
	resp, err := c.sender().Do(req)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	defer resp.Body.Close()
	a := &answer{url: at, status: resp.StatusCode, header: resp.Header}
	if resp.StatusCode >= 300 {
		a.content, _ = io.ReadAll(io.LimitReader(resp.Body, maxFailure))
		return a, nil
	}
	a.content, a.cut = io.ReadAll(http.MaxBytesReader(nil, resp.Body, or(c.MaxBody, defaultBytes)))
	var long *http.MaxBytesError
	if a.cut != nil && !r.isWrite() && !errors.As(a.cut, &long) {
		return nil, fmt.Errorf("client: GET %s: the content broke off: %w", at.Redacted(), a.cut)
	}
	return a, nil
}

// tagOf is the entity-tag in a header, "" if there is none that can be read.
func tagOf(h http.Header) conditional.ETag {
	lines := h["Etag"]
	if len(lines) != 1 {
		return ""
	}
	tag, err := conditional.ParseETag(strings.Trim(lines[0], " \t"))
	if err != nil {
		return ""
	}
	return tag
}

// isJSON reports whether content is JSON by its type. Without a type, it may be.
func isJSON(h http.Header) bool {
	media := mediaOf(h)
	return media == "" || media == mediaJSON || strings.HasSuffix(media, "+json")
}

// mediaOf is the media type without parameters, in lower case.
func mediaOf(h http.Header) string {
	said := h.Get("Content-Type")
	media, _, err := mime.ParseMediaType(said)
	if err != nil {
		media, _, _ = strings.Cut(said, ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}
	return media
}
