// This test plays the requests of a document against the persons.

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A step is one curl line and the response that it printed. Each request has the media
// type that curl sends with --data.
type step struct {
	name         string
	method, path string
	data         string
	header       string // the argument of --header, or "" if there is none
	status       int
	etag         string // as printed, or "" if there is none
	body         string // as printed, or "" if there is none
}

const wim1 = `{"change_date": "2020-12-24T10:11:52.200311", "person_id": "1", "person_name": "Wim"}`

// walkthrough has the curl lines of the document that this program is based on, with the
// tags in it.
var walkthrough = []step{
	{"create person 1", "POST", "/persons", `{"person_id": "1", "person_name": "Wim"}`, "",
		201, `"42e98b50d35eb07fc6d595d019cc91c7"`, wim1},
	{"retrieve without the ETag", "GET", "/persons/1", "", "",
		200, `"42e98b50d35eb07fc6d595d019cc91c7"`, wim1},
	{"retrieve with the ETag", "GET", "/persons/1", "", "If-None-Match:42e98b50d35eb07fc6d595d019cc91c7",
		304, `"42e98b50d35eb07fc6d595d019cc91c7"`, ""},
	{"create person 2", "POST", "/persons", `{"person_id": "2", "person_name": "Wim"}`, "",
		201, `"5f190e4939a582ca96aeefb8e2d5ee2c"`,
		`{"change_date": "2020-12-24T14:01:26.095555", "person_id": "2", "person_name": "Wim"}`},
	{"first update", "PUT", "/persons/2", `{"person_name": "Wim - update 1"}`, "If-Match:5f190e4939a582ca96aeefb8e2d5ee2c",
		200, `"b90595e3eae35cf10cc427cd85b264da"`,
		`{"change_date": "2020-12-24T14:02:40.897605", "person_id": "2", "person_name": "Wim - update 1"}`},
	{"second update with the first ETag", "PUT", "/persons/2", `{"person_name": "Wim - update 2"}`, "If-Match:5f190e4939a582ca96aeefb8e2d5ee2c",
		412, "", `{"message": "Data already changed, get recent resource data and ETag first"}`},
	{"retrieve the most recent data", "GET", "/persons/2", "", "",
		200, `"b90595e3eae35cf10cc427cd85b264da"`,
		`{"change_date": "2020-12-24T14:02:40.897605", "person_id": "2", "person_name": "Wim - update 1"}`},
	{"second update with the recent ETag", "PUT", "/persons/2", `{"person_name": "Wim - update 2"}`, "If-Match:b90595e3eae35cf10cc427cd85b264da",
		200, `"3e2b0cb26be62a4287c33054f51a1974"`,
		`{"change_date": "2020-12-24T14:09:19.086225", "person_id": "2", "person_name": "Wim - update 2"}`},
}

// refusals come after the walkthrough.
var refusals = []step{
	{"create person 1 twice", "POST", "/persons", `{"person_id": "1", "person_name": "Wim"}`, "",
		409, "", `{"message": "Person 1 already exists"}`},
	{"create nobody", "POST", "/persons", `{"person_name": "Wim"}`, "",
		422, "", `{"message": "A person needs a person_id"}`},
	{"create from a form", "POST", "/persons", `person_id=1`, "",
		400, "", `{"message": "Data is not the JSON we expect"}`},
}

// newApp returns the application. Its clock shows the times of the document, one at each
// change.
func newApp(t *testing.T) *restmachine.App {
	times := []string{
		"2020-12-24T10:11:52.200311Z",
		"2020-12-24T14:01:26.095555Z",
		"2020-12-24T14:02:40.897605Z",
		"2020-12-24T14:09:19.086225Z",
	}
	app := New()
	restmachine.Override(app, Clock(func() time.Time {
		now, err := time.Parse(time.RFC3339Nano, times[0])
		require.NoError(t, err)
		times = times[1:]
		return now
	}))
	require.NoError(t, app.Validate())
	return app
}

func (s step) request() restmachine.Request {
	req := restmachine.Request{Method: s.method, Path: s.path, Header: http.Header{}, Body: []byte(s.data)}
	if s.data != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if name, value, ok := strings.Cut(s.header, ":"); ok {
		req.Header.Set(name, value)
	}
	return req
}

func (s step) check(t *testing.T, resp restmachine.Response) {
	restmachinetest.CheckResponse(t, s.request(), resp)
	assert.Equal(t, s.status, resp.StatusCode)
	assert.Equal(t, s.etag, resp.Header.Get("ETag"))
	if s.body == "" {
		assert.Empty(t, resp.Body)
		return
	}
	assert.Equal(t, "application/json", resp.Header.Get("Content-Type"))
	assert.JSONEq(t, s.body, string(resp.Body))
}

func TestTheCurlLines(t *testing.T) {
	app := newApp(t)
	for _, step := range append(walkthrough, refusals...) {
		t.Run(step.name, func(t *testing.T) { step.check(t, app.Execute(step.request())) })
	}
}

func TestTheCurlLinesOverTheWire(t *testing.T) {
	server := httptest.NewServer(newApp(t))
	defer server.Close()
	for _, step := range walkthrough {
		t.Run(step.name, func(t *testing.T) {
			req, err := http.NewRequest(step.method, server.URL+step.path, strings.NewReader(step.data))
			require.NoError(t, err)
			req.Header = step.request().Header
			resp, err := server.Client().Do(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			step.check(t, restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body})
		})
	}
}

func TestKeysComeInTheOrderOfTheDocument(t *testing.T) {
	app := newApp(t)
	created := app.Execute(walkthrough[0].request())
	assert.Equal(t, strings.ReplaceAll(strings.ReplaceAll(wim1, ": ", ":"), ", ", ","), strings.TrimSpace(string(created.Body)))
	assert.Equal(t, "/persons/1", created.Header.Get("Location"))
}

func TestAnUpdateNeedsAPrecondition(t *testing.T) {
	app := newApp(t)
	app.Execute(walkthrough[0].request())
	update := step{method: "PUT", path: "/persons/1", data: `{"person_name": "Wim - update 1"}`}
	resp := app.Execute(update.request())
	restmachinetest.CheckResponse(t, update.request(), resp)
	assert.Equal(t, 428, resp.StatusCode)
}

func TestAChangeHasADateOfItsOwn(t *testing.T) {
	frozen := time.Date(2020, 12, 24, 10, 11, 52, 200311000, time.UTC)
	store := NewStore(func() time.Time { return frozen })
	first := store.Create("1", "Wim")
	second, err := store.Rename(first, "Wim - update 1")
	require.NoError(t, err)
	assert.NotEqual(t, first.ChangeDate, second.ChangeDate)

	_, err = store.Rename(first, "Wim - update 2")
	assert.ErrorIs(t, err, restmachine.ErrStale)
}
