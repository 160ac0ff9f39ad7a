package restmachine

import (
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
)

// This file answers the graph's questions about Range (RFC 9110, 14), and sets
// the fields of parts.

// usableRange is P19: a Range that can be used of content that has ranges.
func (x *exchange) usableRange() decision.Answer {
	c := x.att.result.content
	if !c.ranged || c.seeker == nil {
		return decision.No
	}
	field := x.header["Range"]
	if len(field) == 0 {
		return decision.No
	}
	ranges, outcome := byterange.Parse(field, c.size)
	x.out.ranges = ranges
	return decision.Bool(outcome != byterange.Ignore)
}

// ifRange is P20: without If-Range, or where it matches strongly.
func (x *exchange) ifRange() decision.Answer {
	lines := x.header["If-Range"]
	if len(lines) == 0 {
		return decision.Yes
	}
	current := x.att.result
	if x.plan.get.identity != nil {
		current = x.current()
	}
	value := strings.TrimSpace(lines[0])
	if len(lines) > 1 || value == "" {
		return decision.No
	}
	if value[0] == '"' || strings.HasPrefix(value, "W/") {
		tag, err := x.selectedTag(current)
		if err != nil {
			return x.fail(err)
		}
		sent, err := conditional.ParseETag(value)
		return decision.Bool(err == nil && conditional.StrongMatch(sent, tag))
	}
	date, ok := conditional.ParseDate(value)
	last, err := x.lastModified(current)
	if err != nil {
		return x.fail(err)
	}
	// A date is a strong validator only once the second that it names is over
	// (RFC 9110, 8.8.2.2).
	strong := time.Since(last) > time.Second
	return decision.Bool(ok && !last.IsZero() && strong && last.Unix() == date.Unix())
}

// satisfiable is P21.
func (x *exchange) satisfiable() decision.Answer {
	if len(x.out.ranges) > 0 {
		return decision.Yes
	}
	x.out.set("Content-Range", byterange.Unsatisfied(x.att.result.content.size))
	return decision.No
}

// fillPart sets the fields of a 206.
func (x *exchange) fillPart(c *content) {
	a := &x.out
	if len(a.ranges) == 1 {
		r := a.ranges[0]
		a.set("Content-Range", r.ContentRange(c.size))
		a.set("Content-Length", strconv.FormatInt(r.Length, 10))
		return
	}
	m := byterange.NewMultipart(a.ranges, c.size, c.media)
	a.set("Content-Type", m.ContentType())
	a.set("Content-Length", strconv.FormatInt(m.Length(), 10))
	part := *c
	part.parts = m
	a.content = &part
}
