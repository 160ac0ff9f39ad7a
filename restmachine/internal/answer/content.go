package answer

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
)

// This file sets the content, and the fields that describe it.

// uriFields hold URIs.
var uriFields = []string{"Location", "Content-Location"}

// mountURIs makes URIs as they are sent of those that a callback set in h. A value that was
// already sent, or that extends one, must not get the mount prefix again.
func (a *Answer) mountURIs(h, before http.Header) {
	for _, name := range uriFields {
		lines := h[name]
		if len(lines) != 1 {
			continue
		}
		extends := func(of string) bool {
			was := before.Get(of)
			return was != "" && strings.HasPrefix(lines[0], was)
		}
		if slices.ContainsFunc(uriFields, extends) {
			h[name] = []string{request.EscapePath(lines[0])}
		} else {
			h[name] = []string{a.x.URI(lines[0])}
		}
	}
}

// fillContent sets the content of the result.
func (a *Answer) fillContent(r *represent.Representation) {
	c := r.Content()
	if c == nil {
		if a.status != http.StatusNoContent {
			a.content = &represent.NoContent
		}
		return
	}
	a.content = c
	if c.Lines != nil {
		a.Share("Content-Type", c.Lines)
	} else {
		a.Set("Content-Type", c.Media)
	}
	a.Share("X-Content-Type-Options", noSniff)
	if c.Coding != "" {
		a.Set("Content-Encoding", c.Coding)
	}
	p, language := a.x.Plan, a.x.Chosen().Language
	if language < len(p.Languages) && r.Field("Content-Language") == "" {
		a.Set("Content-Language", p.Languages[language])
	}
	if p.Reads() && c.Ranged && a.status < 300 {
		a.Share("Accept-Ranges", acceptBytes)
	}
	if a.isPartial() {
		a.fillPart(c)
	}
	if c.Events {
		a.fillEvents()
	}
}

// fillEvents sets the fields of an event stream. A cache must not keep it, unless a fact says
// so. nginx must not gather events before it passes them on: it reads X-Accel-Buffering and
// takes the field out, and nobody else knows it.
func (a *Answer) fillEvents() {
	a.Share("X-Accel-Buffering", noBuffering)
	if a.Get("Cache-Control") == nil {
		a.Share("Cache-Control", noStore)
	}
}

// fillPart sets the fields of a 206 (RFC 9110, 15.3.7).
func (a *Answer) fillPart(c *represent.Content) {
	if len(a.ranges) == 1 {
		r := a.ranges[0]
		a.Set("Content-Range", r.ContentRange(c.Size))
		a.Set("Content-Length", strconv.FormatInt(r.Length, 10))
		return
	}
	a.parts = byterange.NewMultipart(a.ranges, c.Size, c.Media)
	a.Set("Content-Type", a.parts.ContentType())
	a.Set("Content-Length", strconv.FormatInt(a.parts.Length(), 10))
}
