// If-None-Match beside If-Modified-Since: all pairs, under both policies, for
// GET and HEAD. "The server returns 304 Not Modified only if both indicate the
// resource is unchanged."

package restmachine_test

import (
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestIfNoneMatchBesideIfModifiedSince(t *testing.T) {
	const absent = ""
	var (
		same     = httpDate(modified)
		earlier  = httpDate(modified.Add(-time.Second))
		later    = httpDate(modified.Add(time.Second))
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
	facts := func(app *restmachine.App) { tagByVersion(app); dated(app) }
	combine := newTwin(t, documents(facts))
	rfc9110 := newTwin(t, documents(facts, restmachine.WithPrecedence(restmachine.RFC9110)))
	full := combine.expect(200, "GET", "/documents/doc1", "")

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
				twin *twin
				want int
			}{{combine, tt.combine}, {rfc9110, tt.rfc9110}} {
				w := policy.twin.on(t)
				get := w.expect(policy.want, "GET", "/documents/doc1", "", fields...)
				if policy.want == 304 {
					restmachinetest.CheckNotModified(t, full, get)
				}
				restmachinetest.CheckHead(t, get, w.do("HEAD", "/documents/doc1", "", fields...))
			}
		})
	}
}

// TestDatesWithoutTags: without an entity-tag a list of tags matches nothing,
// whatever the date says (RFC 9110, 13.1.3).
func TestDatesWithoutTags(t *testing.T) {
	w := newTwin(t, documents(dated))
	w.expect(200, "GET", "/documents/doc1", "", "If-None-Match", `"1"`, "If-Modified-Since", httpDate(modified))
	w.expect(412, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `"1"`)
	w.expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `*`)
}

// TestTagsWithoutDates: without a Last-Modified the conditions on dates are
// ignored.
func TestTagsWithoutDates(t *testing.T) {
	w := newTwin(t, documents(tagByVersion))
	full := w.expect(200, "GET", "/documents/doc1", "", "If-Modified-Since", httpDate(modified))
	w.expect304(full, "/documents/doc1", "If-None-Match", `"1"`, "If-Modified-Since", httpDate(modified))
	w.expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Unmodified-Since", httpDate(modified.Add(-time.Hour)))
}
