// Acceptance: entity-tags beside dates. First If-None-Match with
// If-Modified-Since: all pairs, under both policies, for GET and HEAD. "The
// server returns 304 Not Modified only if both indicate the resource is
// unchanged."

package restmachine_test

import (
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/internal/proof/twin"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestIfNoneMatchBesideIfModifiedSince(t *testing.T) {
	const absent = ""
	var (
		same     = httpDate(cardDate)
		earlier  = httpDate(cardDate.Add(-time.Second))
		later    = httpDate(cardDate.Add(time.Second))
		tomorrow = httpDate(time.Now().Add(24 * time.Hour))
	)
	tests := []struct {
		name             string
		tags, since      string
		combine, rfc9110 int
	}{
		{"nothing", absent, absent, 200, 200},

		{"tag matches", `"1"`, absent, 304, 304},
		{"tag matches, date is unreadable", `"1"`, "yesterday", 304, 304},
		{"tag matches, not modified", `"1"`, same, 304, 304},
		{"tag matches, not modified later", `"1"`, later, 304, 304},
		{"tag matches, not modified in the future", `"1"`, tomorrow, 304, 304},
		{"tag matches, modified", `"1"`, earlier, 200, 304},
		{"star matches, not modified", `*`, same, 304, 304},
		{"star matches, modified", `*`, earlier, 200, 304},

		{"tag does not match", `"2"`, absent, 200, 200},
		{"tag does not match, date is unreadable", `"2"`, "yesterday", 200, 200},
		{"tag does not match, not modified", `"2"`, same, 200, 200},
		{"tag does not match, not modified later", `"2"`, later, 200, 200},
		{"tag does not match, not modified in the future", `"2"`, tomorrow, 200, 200},
		{"tag does not match, modified", `"2"`, earlier, 200, 200},
		{"tags are unreadable, not modified", `"1`, same, 200, 200},

		{"not modified", absent, same, 304, 304},
		{"not modified later", absent, later, 304, 304},
		{"not modified in the future", absent, tomorrow, 304, 304},
		{"modified", absent, earlier, 200, 200},
		{"date is unreadable", absent, "yesterday", 200, 200},
	}
	both := func(app *restmachine.App) { numbered(app); dated(app) }
	combine := twin.New(t, cardsWith(both))
	rfc9110 := twin.New(t, cardsWith(both, restmachine.WithPrecedence(restmachine.RFC9110)))
	full := combine.Expect(200, "GET", "/cards/1", "")

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var fields []string
			if tt.tags != absent {
				fields = append(fields, "If-None-Match", tt.tags)
			}
			if tt.since != absent {
				fields = append(fields, "If-Modified-Since", tt.since)
			}
			for _, policy := range []struct {
				twin *twin.Twin
				want int
			}{{combine, tt.combine}, {rfc9110, tt.rfc9110}} {
				w := policy.twin.On(t)
				get := w.Expect(policy.want, "GET", "/cards/1", "", fields...)
				if policy.want == 304 {
					restmachinetest.CheckNotModified(t, full, get)
				}
				restmachinetest.CheckHead(t, get, w.Do("HEAD", "/cards/1", "", fields...))
			}
		})
	}
}

// TestDatesWithoutTags: without an entity-tag a list of tags matches nothing,
// whatever the date says (RFC 9110, 13.1.3).
func TestDatesWithoutTags(t *testing.T) {
	w := twin.New(t, cardsWith(dated))
	w.Expect(200, "GET", "/cards/1", "", "If-None-Match", `"1"`, "If-Modified-Since", httpDate(cardDate))
	w.Expect(412, "PUT", "/cards/1", `{}`, "If-Match", `"1"`)
	w.Expect(200, "PUT", "/cards/1", `{}`, "If-Match", `*`)
}

// TestTagsWithoutDates: without a Last-Modified the conditions on dates are
// ignored.
func TestTagsWithoutDates(t *testing.T) {
	w := twin.New(t, cardsWith(numbered))
	full := w.Expect(200, "GET", "/cards/1", "", "If-Modified-Since", httpDate(cardDate))
	w.Expect304(full, "/cards/1", "If-None-Match", `"1"`, "If-Modified-Since", httpDate(cardDate))
	w.Expect(200, "PUT", "/cards/1", `{}`, "If-Unmodified-Since", httpDate(cardDate.Add(-time.Hour)))
}

func TestFractionsOfASecondDoNotCount(t *testing.T) {
	w := twin.New(t, cardsWith(func(app *restmachine.App) {
		app.LastModified(func(c *card) time.Time { return c.changed().Add(500 * time.Millisecond) })
	}))
	full := w.Expect(200, "GET", "/cards/1", "")
	w.Expect304(full, "/cards/1", "If-Modified-Since", full.Header.Get("Last-Modified"))
	w.Expect(200, "PUT", "/cards/1", `{}`, "If-Unmodified-Since", full.Header.Get("Last-Modified"))
}

func TestUnmodifiedSinceIsIgnoredBesideIfMatch(t *testing.T) {
	w := twin.New(t, cardsWith(func(app *restmachine.App) { numbered(app); dated(app) }))
	before := httpDate(cardDate.Add(-time.Hour))
	w.Expect(412, "PUT", "/cards/1", `{}`, "If-Unmodified-Since", before)
	w.Expect(200, "PUT", "/cards/1", `{}`, "If-Match", `"1"`, "If-Unmodified-Since", before)
}
