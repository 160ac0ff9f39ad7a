package walk

import (
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
)

// This file answers the questions about Range and If-Range (RFC 9110, 14 and 13.1.5). The
// verdict gets the ranges.

// usableRange is P19: a Range that can be used of content that has ranges.
func (w *Walk) usableRange() decision.Answer {
	c := w.reps.Result().Content()
	if !c.Ranged || c.Seeker == nil {
		return decision.No
	}
	lines := w.x.Lines("Range")
	if len(lines) == 0 {
		return decision.No
	}
	ranges, outcome := byterange.Parse(lines, c.Size)
	w.verdict.Ranges = ranges
	return decision.Bool(outcome != byterange.Ignore)
}

// ifRange is P20: yes without If-Range, or where it matches strongly.
func (w *Walk) ifRange() decision.Answer {
	lines := w.x.Lines("If-Range")
	if len(lines) == 0 {
		return decision.Yes
	}
	described := w.reps.Described()
	value := strings.TrimSpace(lines[0])
	if len(lines) > 1 || value == "" {
		return decision.No
	}
	if value[0] == '"' || strings.HasPrefix(value, "W/") {
		tag, err := w.reps.Tag(described)
		if err != nil {
			return w.fail(err)
		}
		sent, err := conditional.ParseETag(value)
		return decision.Bool(err == nil && conditional.StrongMatch(sent, tag))
	}
	date, ok := conditional.ParseDate(value)
	last, err := w.reps.LastModified(described)
	if err != nil {
		return w.fail(err)
	}
	// A date is a strong validator only once the second that it names is over (RFC 9110,
	// 8.8.2.2).
	strong := time.Since(last) > time.Second
	return decision.Bool(ok && !last.IsZero() && strong && last.Unix() == date.Unix())
}
