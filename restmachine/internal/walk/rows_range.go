package walk

import (
	"errors"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
)

// This file answers the questions about Range and If-Range (RFC 9110, 14 and 13.1.5). The
// verdict gets the ranges.

// usableRange is P19: a Range that can be used of content that has ranges. Clients join parts
// that have one strong validator (RFC 9110, 15.3.7.3), so there is no part of content that may
// be newer than its validators.
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
	if outcome == byterange.Ignore {
		return decision.No
	}
	switch err := w.x.Confirm(); {
	case errors.Is(err, conditional.ErrStale):
		return decision.No
	case err != nil:
		return w.fail(err)
	}
	w.verdict.Ranges = ranges
	return decision.Yes
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
	if date, ok := conditional.ParseDate(value); ok {
		last, err := w.reps.LastModified(described)
		if err != nil {
			return w.fail(err)
		}
		// A date is a strong validator only once the second that it names is over (RFC 9110,
		// 8.8.2.2).
		strong := time.Since(last) > time.Second
		return decision.Bool(!last.IsZero() && strong && last.Unix() == date.Unix())
	}
	sent, ok := soleTag(value, w.x.StrictTags)
	if !ok {
		return decision.No
	}
	tag, err := w.reps.Tag(described)
	if err != nil {
		return w.fail(err)
	}
	return decision.Bool(conditional.StrongMatch(sent, tag))
}

// soleTag reads the one entity-tag that If-Range may have. A tag without quotes is read as
// in If-Match, unless strict is set.
func soleTag(value string, strict bool) (tag conditional.ETag, ok bool) {
	tag, err := conditional.ParseETag(value)
	if err == nil || strict {
		return tag, err == nil
	}
	quoted := conditional.ETag(`"` + value + `"`)
	if list := conditional.ParseList([]string{value}, false); strings.Contains(value, ",") || !list.Strong(quoted) {
		return "", false
	}
	return quoted, true
}
