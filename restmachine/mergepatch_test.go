// JSON Merge Patch (RFC 7396): what Apply makes of a value, and what a PATCH
// that takes one answers.

package restmachine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// printed is a date, to the second.
var printed = time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)

// appendixA are the test cases of RFC 7396, appendix A: original, patch, result.
var appendixA = [][3]string{
	{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
	{`{"a":"b"}`, `{"a":null}`, `{}`},
	{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
	{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
	{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
	{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
	{`["a","b"]`, `["c","d"]`, `["c","d"]`},
	{`{"a":"b"}`, `["c"]`, `["c"]`},
	{`{"a":"foo"}`, `null`, `null`},
	{`{"a":"foo"}`, `"bar"`, `"bar"`},
	{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
	{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
	{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
}

func TestMergePatchAppendixA(t *testing.T) {
	for _, row := range appendixA {
		t.Run(row[0]+" + "+row[1], func(t *testing.T) {
			got, err := apply(t, row[1], tree(t, row[0]))
			require.NoError(t, err)
			assert.Equal(t, tree(t, row[2]), got)
		})
	}
}

// apply applies the text of a patch to a value.
func apply[T any](t testing.TB, patch string, to T) (T, error) {
	t.Helper()
	var p restmachine.MergePatch[T]
	require.NoError(t, json.Unmarshal([]byte(patch), &p))
	return p.Apply(to)
}

func tree(t testing.TB, text string) (v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	return v
}

// A parcel has every kind of field that a patch can meet, and at each depth one
// that JSON does not show.
type parcel struct {
	Label  string            `json:"label"`
	Weight uint8             `json:"weight,omitempty"`
	Gift   *bool             `json:"gift"`
	Tags   []string          `json:"tags"`
	From   address           `json:"from"`
	To     *address          `json:"to"`
	Stops  []address         `json:"stops"`
	ByDay  map[string]stop   `json:"by_day"`
	Sent   time.Time         `json:"sent"`
	Notes  map[string]string `json:"notes,omitempty"`
	Any    any               `json:"any,omitempty"`
	Owner  string            `json:"-"`
	serial int
	stamps
}

type (
	address struct {
		City  string `json:"city"`
		Zip   string `json:"zip,omitempty"`
		Rowid int    `json:"-"`
	}
	stop   struct{ address }
	stamps struct {
		Paid  int `json:"paid"`
		Value int `json:"-"`
		owner string
	}
)

func newParcel() parcel {
	yes := true
	return parcel{
		Label: "books", Weight: 3, Gift: &yes, Tags: []string{"a", "b"}, From: address{"Oslo", "0150", 1}, To: &address{"Rome", "00118", 2},
		Stops: []address{{"Bonn", "", 3}}, ByDay: map[string]stop{"mon": {address{"Lyon", "", 4}}, "tue": {address{"Nice", "", 5}}},
		Sent: printed, Notes: map[string]string{"A": "x"}, Any: address{"Genoa", "", 6}, Owner: "ann", serial: 7, stamps: stamps{8, 9, "bob"},
	}
}

func TestMergePatchApply(t *testing.T) {
	tests := []struct {
		name, patch string
		change      func(p *parcel)
		reason      string
	}{
		{"nothing", `{}`, func(*parcel) {}, "what no member names stays, hidden or not"},
		{"to what it is", `{"label":"books","from":{"city":"Oslo"}}`, func(*parcel) {}, "an equal value is no change"},
		{"a scalar", `{"label":"toys"}`, func(p *parcel) { p.Label = "toys" }, "replaced"},
		{"null for a scalar", `{"label":null,"weight":null}`, func(p *parcel) { p.Label, p.Weight = "", 0 }, "removed is zero"},
		{"null for a pointer", `{"gift":null,"to":null}`, func(p *parcel) { p.Gift, p.To = nil, nil }, "removed is nil"},
		{"null for a date", `{"sent":null}`, func(p *parcel) { p.Sent = time.Time{} }, "a type that reads itself is zero, too"},
		{"a date", `{"sent":"2024-01-15T10:00:01Z"}`, func(p *parcel) { p.Sent = printed.Add(time.Second) }, "such a type is replaced whole"},
		{"null for lists", `{"tags":null,"stops":null,"notes":null}`, func(p *parcel) { p.Tags, p.Stops, p.Notes = nil, nil, nil }, "removed is nil"},
		{"an array", `{"tags":["c"]}`, func(p *parcel) { p.Tags = []string{"c"} }, "arrays are replaced, never merged"},
		{"an array of objects", `{"stops":[{"city":"Metz"}]}`, func(p *parcel) { p.Stops = []address{{City: "Metz"}} }, "its elements are new"},
		{"an inner struct", `{"from":{"city":"Bergen"}}`, func(p *parcel) { p.From.City = "Bergen" }, "merged: its other fields stay, the hidden one too"},
		{"an inner null", `{"from":{"zip":null}}`, func(p *parcel) { p.From.Zip = "" }, "removed inside"},
		{"through a pointer", `{"to":{"zip":null}}`, func(p *parcel) { p.To = &address{"Rome", "", 2} }, "merged likewise"},
		{"a map's member", `{"by_day":{"mon":{"city":"Caen"}}}`, func(p *parcel) {
			p.ByDay = map[string]stop{"mon": {address{"Caen", "", 4}}, "tue": {address{"Nice", "", 5}}}
		}, "merged by name"},
		{"a map's members out and in", `{"by_day":{"mon":null,"wed":{"city":"Caen"}}}`, func(p *parcel) {
			p.ByDay = map[string]stop{"tue": {address{"Nice", "", 5}}, "wed": {address{City: "Caen"}}}
		}, "removed and added by name"},
		{"a promoted field", `{"paid":10}`, func(p *parcel) { p.Paid = 10 }, "an unexported embedded struct shows its fields"},
		{"any", `{"any":{"zip":"1"}}`, func(p *parcel) { p.Any = map[string]any{"city": "Genoa", "zip": "1"} }, "what an any holds is known from JSON alone"},
		{"unknown names", `{"colour":"red","Owner":"eve","serial":1,"rowid":1}`, func(*parcel) {}, "ignored as in other content"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := newParcel()
			tt.change(&want)

			to := newParcel()
			got, err := apply(t, tt.patch, to)
			require.NoError(t, err)
			assert.Equal(t, want, got, tt.reason)
			assert.Equal(t, newParcel(), to, "what it is applied to, and what that points to, stays")

			byPointer, err := apply(t, tt.patch, &to)
			require.NoError(t, err)
			assert.Equal(t, &want, byPointer, tt.reason)
			assert.Equal(t, newParcel(), to)
		})
	}
}

func TestMergePatchThatDoesNotFit(t *testing.T) {
	tests := []struct{ name, patch, detail string }{
		{"another type", `{"label":1}`, `"label" must be a string, not a number`},
		{"a number out of bounds", `{"weight":256}`, `"weight" must be a whole number from 0 to 255, not 256`},
		{"inside", `{"from":{"city":[]}}`, `"from.city" must be a string, not an array`},
		{"in an array", `{"stops":[{},{"city":true}]}`, `"stops[1].city" must be a string, not true or false`},
		{"an object for a string", `{"label":{"a":null}}`, `"label" must be a string, not an object`},
		{"no object", `"bar"`, "the content must be an object, not a string"},
		{"null", `null`, "must be an object, not null"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to := newParcel()
			got, err := apply(t, tt.patch, to)
			assert.Zero(t, got)
			isProblem(t, err, tt.detail)

			none, err := apply(t, tt.patch, &to)
			assert.Nil(t, none)
			isProblem(t, err, tt.detail)
		})
	}
}

func isProblem(t *testing.T, err error, detail string) {
	t.Helper()
	var p *restmachine.Problem
	require.ErrorAs(t, err, &p)
	assert.Equal(t, 422, p.Status)
	assert.Contains(t, p.Detail, detail)
}

// A patch of what is not there makes it, as of an empty document.
func TestMergePatchOfNothing(t *testing.T) {
	made, err := apply(t, `{"city":"Oslo","zip":null}`, (*address)(nil))
	require.NoError(t, err)
	assert.Equal(t, &address{City: "Oslo"}, made)
}

// scrambled writes what it cannot read.
type scrambled struct{ N int }

func (scrambled) MarshalJSON() ([]byte, error) { return []byte(`"words"`), nil }

func TestMergePatchBlamesTheProgramForItsTypes(t *testing.T) {
	for _, err := range []error{
		second(apply(t, `{}`, scrambled{})),
		second(apply(t, `{}`, func() {})),
	} {
		require.Error(t, err)
		assert.False(t, errors.As(err, new(*restmachine.Problem)), "no client can help that: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// byValue and byPointer have a Validate each.
type (
	byValue struct {
		Text string `json:"text"`
	}
	byPointer struct {
		Text string `json:"text"`
	}
)

func judge(text string) error {
	switch text {
	case "":
		return errors.New(`"text" must not be empty`)
	case "taken":
		return &restmachine.Problem{Status: 409, Detail: "taken"}
	case "mapped":
		return errMapped
	}
	return nil
}

var errMapped = errors.New("mapped")

func (n byValue) Validate() error    { return judge(n.Text) }
func (n *byPointer) Validate() error { return judge(n.Text) }

// TestMergePatchRequests sends patches to an App, for each T that has a Validate.
func TestMergePatchRequests(t *testing.T) {
	tests := []struct {
		name, contentType, patch string
		status                   int
		says                     string
	}{
		{"fine", "application/merge-patch+json", `{"text":"new"}`, 200, `{"text":"new"}`},
		{"no type given", "", `{"text":"new"}`, 200, `{"text":"new"}`},
		{"plain JSON", "application/json", `{"text":"new"}`, 415, "supported: application/merge-patch+json"},
		{"another patch", "application/json-patch+json", `[]`, 415, "supported: application/merge-patch+json"},
		{"malformed", "application/merge-patch+json", `{"text":`, 400, "the content is not the expected JSON"},
		{"a name twice", "application/merge-patch+json", `{"text":"a","text":"b"}`, 400, `\"text\" occurs twice`},
		{"too deep", "application/merge-patch+json", strings.Repeat(`{"a":`, 101) + `1` + strings.Repeat(`}`, 101), 400, "more than 100 levels deep"},
		{"empty", "application/merge-patch+json", "", 400, "must have content"},
		{"does not fit", "application/merge-patch+json", `{"text":5}`, 422, `\"text\" must be a string`},
		{"not valid", "application/merge-patch+json", `{"text":null}`, 422, `\"text\" must not be empty`},
		{"not valid, by a Problem", "application/merge-patch+json", `{"text":"taken"}`, 409, "taken"},
		{"not valid, by an error with a meaning", "application/merge-patch+json", `{"text":"mapped"}`, 410, "Gone"},
		{"a name that T lacks", "application/merge-patch+json", `{"txet":"new"}`, 200, `{"text":"old"}`},
	}
	patching := map[string]func(app *restmachine.App){
		"value": func(app *restmachine.App) {
			app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[byValue]]) (byValue, error) {
				return in.Value.Apply(byValue{"old"})
			})
		},
		"pointer to it": func(app *restmachine.App) {
			app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[*byValue]]) (*byValue, error) {
				return in.Value.Apply(&byValue{"old"})
			})
		},
		"pointer's Validate": func(app *restmachine.App) {
			app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[byPointer]]) (byPointer, error) {
				return in.Value.Apply(byPointer{"old"})
			})
		},
		"pointer": func(app *restmachine.App) {
			app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[*byPointer]]) (*byPointer, error) {
				return in.Value.Apply(&byPointer{"old"})
			})
		},
	}
	for kind, register := range patching {
		app := restmachine.New()
		app.MapError(errMapped, restmachine.ErrGone)
		register(app)
		for _, tt := range tests {
			t.Run(kind+"/"+tt.name, func(t *testing.T) {
				resp := sendPatch(t, app, tt.contentType, tt.patch)
				assert.Equal(t, tt.status, resp.StatusCode)
				assert.Contains(t, string(resp.Body), tt.says)
				if tt.status == 415 {
					assert.Equal(t, "application/merge-patch+json", resp.Header.Get("Accept-Patch"))
				}
			})
		}
		options := app.Execute(restmachine.Request{Method: "OPTIONS", Path: "/note"})
		assert.Equal(t, "application/merge-patch+json", options.Header.Get("Accept-Patch"))
	}
}

func sendPatch(t *testing.T, app *restmachine.App, contentType, patch string) restmachine.Response {
	t.Helper()
	req := restmachine.Request{Method: "PATCH", Path: "/note", Header: http.Header{}, Body: []byte(patch)}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp := app.Execute(req)
	restmachinetest.CheckResponse(t, req, resp)
	return resp
}

func TestMergePatchStrictly(t *testing.T) {
	app := restmachine.New(restmachine.WithStrictJSON())
	app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[byValue]]) (byValue, error) {
		return in.Value.Apply(byValue{"old"})
	})

	resp := sendPatch(t, app, "application/merge-patch+json", `{"txet":"new"}`)
	assert.Equal(t, 422, resp.StatusCode)
	assert.Contains(t, string(resp.Body), `the name \"txet\" is not known here`)
	assert.Equal(t, 200, sendPatch(t, app, "application/merge-patch+json", `{"text":"new"}`).StatusCode)
}

// By the rules of v2, a patch is of the document that a GET shows.
func TestMergePatchByV2(t *testing.T) {
	type record struct {
		Title string
		Fixed [2]byte
		Count int `json:",omitempty"`
	}
	app := restmachine.New(restmachine.WithJSONv2())
	app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[record]]) (record, error) {
		return in.Value.Apply(record{Title: "old", Fixed: [2]byte{'h', 'i'}})
	})
	for patch, want := range map[string]string{
		`{"Title":"new"}`:  `{"Title":"new","Fixed":"aGk=","Count":0}`,
		`{"title":"new"}`:  `{"Title":"old","Fixed":"aGk=","Count":0}`,
		`{"Fixed":"aG8="}`: `{"Title":"old","Fixed":"aG8=","Count":0}`,
	} {
		resp := sendPatch(t, app, "application/merge-patch+json", patch)
		assert.Equal(t, want, string(resp.Body), patch)
	}
	assert.Equal(t, 422, sendPatch(t, app, "application/merge-patch+json", `{"Fixed":[1,2]}`).StatusCode)
}

// What the document had before is the service's own: a patch that does not touch it is
// not to blame for it.
func TestMergePatchOfWhatNoClientMayWrite(t *testing.T) {
	type labelled struct {
		Title  string            `json:"title"`
		Labels map[string]string `json:"labels"`
		Names  map[string]string
	}
	had := labelled{"old", map[string]string{"env": "a", "ENV": "b"}, map[string]string{"x": "y"}}
	for _, row := range []struct {
		patch  string
		want   labelled
		reason string
	}{
		{`{"title":"new"}`, labelled{"new", had.Labels, had.Names}, "names of a map may differ in case alone"},
		{`{"Title":"new"}`, labelled{"new", had.Labels, had.Names}, "a field is read in any case, as everywhere"},
		{`{"Title":"new","title":"newer"}`, labelled{"newer", had.Labels, had.Names}, "the exact one counts"},
		{`{"names":null}`, labelled{"old", had.Labels, nil}, "and removed in any case"},
		{`{"names":{"x":null,"X":"z"}}`, labelled{"old", had.Labels, map[string]string{"X": "z"}}, "what a map holds is not"},
		{`{"labels":{"Env":"c"}}`, labelled{"old", map[string]string{"env": "a", "ENV": "b", "Env": "c"}, had.Names}, "what a map holds is not"},
	} {
		var p restmachine.MergePatch[labelled]
		require.NoError(t, json.Unmarshal([]byte(row.patch), &p))
		got, err := p.Apply(had)
		require.NoError(t, err, row.patch)
		assert.Equal(t, row.want, got, "%s: %s", row.patch, row.reason)
	}

	app := restmachine.New(restmachine.WithStrictJSON())
	app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[computed]]) (computed, error) {
		return in.Value.Apply(computed{"old"})
	})
	assert.Equal(t, 200, sendPatch(t, app, "application/merge-patch+json", `{"text":"new"}`).StatusCode)
	assert.Equal(t, 422, sendPatch(t, app, "application/merge-patch+json", `{"self":"x"}`).StatusCode)
}

// computed shows a member that nobody can write.
type computed struct {
	Text string `json:"text"`
}

func (c computed) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"text":%q,"self":"/note"}`, c.Text), nil
}

// An Accepts of one's own goes before what is ready-made, as everywhere.
func TestMergePatchBySomeonesParser(t *testing.T) {
	app := restmachine.New()
	app.Accepts("text/plain", func(content []byte) (p restmachine.MergePatch[byValue], err error) {
		return p, json.Unmarshal(fmt.Appendf(nil, `{"text":%q}`, content), &p)
	})
	app.Patch("/note", func(in restmachine.Body[restmachine.MergePatch[byValue]]) (byValue, error) {
		return in.Value.Apply(byValue{"old"})
	})

	assert.JSONEq(t, `{"text":"new"}`, string(sendPatch(t, app, "text/plain", "new").Body))
	assert.Equal(t, 415, sendPatch(t, app, "application/merge-patch+json", "{}").StatusCode)
}
