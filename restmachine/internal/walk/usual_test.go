// What one leap decides is what the rows decide, byte for byte, and no callback is asked more or
// less.

package walk_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/internal/walk"
)

// A parcel is a resource that some facts describe, and that never changes.
type parcel struct{ Text string }

var sent = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)

// A courier is a Dependency with a cleanup.
type courier struct{}

// An asked notes the callbacks that a request calls.
type asked struct{ names []string }

func (a *asked) note(name string) { a.names = append(a.names, name) }

func (a *asked) take() []string {
	names := a.names
	a.names = nil
	return names
}

// parcels are Apps that the leap may be about, each with what differs from the usual one.
var parcels = map[string]func(app *restmachine.App, a *asked){
	"usual":             func(app *restmachine.App, a *asked) { tagged(app, a, "1"); dated(app, a, sent) },
	"tag alone":         func(app *restmachine.App, a *asked) { tagged(app, a, "1") },
	"weak tag":          func(app *restmachine.App, a *asked) { tagged(app, a, `W/"1"`); dated(app, a, sent) },
	"quoted tag":        func(app *restmachine.App, a *asked) { tagged(app, a, `"1"`); dated(app, a, sent) },
	"no tag":            func(app *restmachine.App, a *asked) { tagged(app, a, ""); dated(app, a, sent) },
	"tag with a quote":  func(app *restmachine.App, a *asked) { tagged(app, a, `1"`); dated(app, a, sent) },
	"long tag":          func(app *restmachine.App, a *asked) { tagged(app, a, fmt.Sprintf("%090d", 1)); dated(app, a, sent) },
	"tag beyond ASCII":  func(app *restmachine.App, a *asked) { tagged(app, a, "é"); dated(app, a, sent) },
	"date alone":        func(app *restmachine.App, a *asked) { dated(app, a, sent) },
	"no date":           func(app *restmachine.App, a *asked) { tagged(app, a, "1"); dated(app, a, time.Time{}) },
	"half a second":     func(app *restmachine.App, a *asked) { tagged(app, a, "1"); dated(app, a, sent.Add(time.Second/2)) },
	"years beyond four": func(app *restmachine.App, a *asked) { tagged(app, a, "1"); dated(app, a, sent.AddDate(9000, 0, 0)) },
	"tag fails": func(app *restmachine.App, a *asked) {
		app.GenerateETag(func(*parcel) (string, error) { a.note("tag"); return "1", harness.ErrSecret })
		dated(app, a, sent)
	},
	"tag is gone": func(app *restmachine.App, a *asked) {
		app.GenerateETag(func(*parcel) (string, error) { a.note("tag"); return "", restmachine.ErrGone })
	},
	"tag panics": func(app *restmachine.App, a *asked) {
		app.GenerateETag(func(*parcel) string { a.note("tag"); panic("tag") })
	},
	"date fails": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		app.LastModified(func(*parcel) (time.Time, error) { a.note("date"); return sent, harness.ErrSecret })
	},
	"freshness": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		dated(app, a, sent)
		app.CacheControl(func(*parcel) string { a.note("freshness"); return "no-cache" })
	},
	"two renderings": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		app.Provides("text/plain", func(p *parcel) string { return p.Text })
		app.Provides("application/json", func(p *parcel) string { return `"` + p.Text + `"` })
	},
	"required": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		dated(app, a, sent)
		app.RequirePreconditions()
	},
	"gate": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		app.Authorized(func() bool { a.note("gate"); return true })
	},
	"gate of the loaded": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		app.Forbidden(func(*parcel) bool { a.note("gate"); return false })
	},
	"moved": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		app.MovedPermanently(func() string { a.note("moved"); return "/elsewhere" })
	},
	"hook": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		dated(app, a, sent)
		app.FinishRequest(func(r *restmachine.Response) { a.note("hook"); r.Header.Set("X-Seen", "yes") })
	},
	"errors of its own": func(app *restmachine.App, a *asked) {
		tagged(app, a, "1")
		app.RenderError(func(p *restmachine.Problem) string { a.note("error"); return p.Detail })
	},
	"cleanup": func(app *restmachine.App, a *asked) {
		app.Dependency(func() (courier, func(error) error) {
			return courier{}, func(err error) error { a.note(fmt.Sprint("cleanup ", err != nil)); return nil }
		})
		app.GenerateETag(func(*parcel, courier) string { a.note("tag"); return "1" })
	},
}

func tagged(app *restmachine.App, a *asked, tag string) {
	app.GenerateETag(func(*parcel) string { a.note("tag"); return tag })
}

func dated(app *restmachine.App, a *asked, when time.Time) {
	app.LastModified(func(*parcel) time.Time { a.note("date"); return when })
}

// newParcels is such an App, and what its callbacks note.
func newParcels(t *testing.T, describe func(*restmachine.App, *asked), options ...restmachine.Option) (*restmachine.App, *asked) {
	a := &asked{}
	app := restmachine.New(append(options, harness.Quiet)...)
	app.ResourceExists(func(path restmachine.PathParams) (*parcel, error) {
		a.note("load")
		switch path.Get("id") {
		case "here":
			return &parcel{"text"}, nil
		case "broken":
			return nil, errors.New("no connection")
		case "panics":
			panic("load")
		}
		return nil, nil
	})
	describe(app, a)
	r := app.Get("/parcels/{id}", func(p *parcel) *parcel { a.note("get"); return p })
	r.Put(func(p *parcel, in restmachine.Body[parcel]) *parcel { a.note("put"); return &in.Value })
	r.Patch(func(p *parcel, in restmachine.Body[parcel]) *parcel { a.note("patch"); return &in.Value })
	r.Delete(func(*parcel) { a.note("delete") })
	require.NoError(t, app.Start(t.Context())) // the programs are made here, and not at the first request
	return app, a
}

// A choice is some lines of one field of a request.
type choice [][]string

// usualFields are the fields that the leap looks at, each with what it may hold.
var usualFields = map[string]choice{
	"If-None-Match":       {nil, {`"1"`}, {`W/"1"`}, {`"2"`}, {`1`}, {`*`}, {`"2", "1"`}, {`"1"`, `"2"`}, {`"1`}, {`"é"`}, {``}},
	"If-Match":            {nil, {`"1"`}, {`W/"1"`}, {`"2"`}, {`*`}, {`"2", "1"`}, {`"x`}, {`"é"`}},
	"If-Modified-Since":   {nil, {"Mon, 06 May 2024 07:08:09 GMT"}, {"Mon, 06 May 2024 07:08:08 GMT"}, {"Monday"}, {"Mon, 06 May 2024 07:08:09 GMT", "Mon, 06 May 2024 07:08:09 GMT"}},
	"If-Unmodified-Since": {nil, {"Mon, 06 May 2024 07:08:09 GMT"}, {"Mon, 06 May 2024 07:08:08 GMT"}},
	"Accept":              {nil, {"*/*"}, {"application/json"}, {"text/plain"}, {"text/plain;q=0.5, */*;q=0.1"}, {"image/png"}},
	"Content-Type":        {{"application/json"}, nil, {"text/plain"}},
	"Content-Encoding":    {nil, {"gzip"}},
	"Content-Range":       {nil, {"bytes 0-1/4"}},
}

// usualRequests are the usual request, and each that differs from it in up to two fields: every pair of
// what two fields may hold.
func usualRequests(yield func(restmachine.Request) bool) {
	names := slices.Sorted(maps.Keys(usualFields))
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS"} {
		for _, path := range []string{"/parcels/here", "/parcels/none", "/parcels/broken", "/parcels/panics", "/parcels/h%65re", "/parcels/he%72e?x=1", "/parcels/%zz"} {
			for i, one := range names {
				for _, other := range names[i+1:] {
					for _, lines := range usualFields[one] {
						for _, otherLines := range usualFields[other] {
							h := http.Header{"Content-Type": {"application/json"}}
							set(h, one, lines)
							set(h, other, otherLines)
							body := []byte(nil)
							if method == "PUT" || method == "PATCH" {
								body = []byte(`{"Text":"new"}`)
							}
							if !yield(restmachine.Request{Method: method, Path: path, Header: h, Body: body}) {
								return
							}
						}
					}
				}
			}
		}
	}
}

func set(h http.Header, name string, lines []string) {
	delete(h, name)
	if lines != nil {
		h[name] = lines
	}
}

// stride is a prime: of so many requests one is played, another one for each App. All of them take
// minutes.
func stride(name string) int {
	if name == "usual" {
		return 41
	}
	return 197
}

// TestUsual holds the leap to the rows.
func TestUsual(t *testing.T) {
	played := harness.Figure(t, "requests with and without the usual leap")
	for name, describe := range parcels {
		t.Run(name, func(t *testing.T) {
			for _, policy := range []restmachine.Policy{restmachine.Combine, restmachine.RFC9110} {
				fast, fastAsked := newParcels(t, describe, restmachine.WithPrecedence(policy))
				var walked *restmachine.App
				var walkedAsked *asked
				walk.WithoutUsual(func() { walked, walkedAsked = newParcels(t, describe, restmachine.WithPrecedence(policy)) })
				n := 0
				for req := range usualRequests {
					if n++; n%stride(name) != 0 {
						continue
					}
					played.Add(1)
					want, got := walked.Execute(req), fast.Execute(req)
					if !assert.Equal(t, want, got, "%s %s %v", req.Method, req.Path, req.Header) ||
						!assert.Equal(t, walkedAsked.take(), fastAsked.take(), "what is asked: %s %s %v", req.Method, req.Path, req.Header) {
						return
					}
				}
			}
		})
	}
}

// TestUsualWrite holds the leap of a write to the rows, for all that its two lists may hold.
func TestUsualWrite(t *testing.T) {
	for name, describe := range parcels {
		fast, fastAsked := newParcels(t, describe)
		var walked *restmachine.App
		var walkedAsked *asked
		walk.WithoutUsual(func() { walked, walkedAsked = newParcels(t, describe) })
		for _, match := range usualFields["If-Match"] {
			for _, none := range usualFields["If-None-Match"] {
				h := http.Header{"Content-Type": {"application/json"}}
				set(h, "If-Match", match)
				set(h, "If-None-Match", none)
				req := restmachine.Request{Method: "PUT", Path: "/parcels/here", Header: h, Body: []byte(`{"Text":"new"}`)}
				assert.Equal(t, walked.Execute(req), fast.Execute(req), "%s: %v", name, h)
				assert.Equal(t, walkedAsked.take(), fastAsked.take(), "what is asked: %s: %v", name, h)
			}
		}
	}
}
