// Gates between two loads: who may not see a parent is not told what is below it. And gates
// that hide: a refusal that cannot be told from a resource that is missing.

package plan_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A Forbidden of a parent is asked before its child is loaded, for every method, where the
// child is missing, and where its loading fails.
func TestParentsGateComesBeforeTheChild(t *testing.T) {
	for _, place := range []string{"App", "Group", "Resource"} {
		for _, child := range []string{"here", "gone", "broken"} {
			t.Run(place+", a child that is "+child, func(t *testing.T) {
				refuse, loaded, asked := true, 0, 0
				p := harness.NewPort(t)
				p.ResourceExists(harness.LoadHarbour)
				p.ResourceExists(func(*harness.Harbour, restmachine.PathParams) (*harness.Ship, error) {
					loaded++
					switch child {
					case "gone":
						return nil, nil
					case "broken":
						return nil, errors.New("the table of ships is gone")
					}
					return makeShip(), nil
				})
				g := p.Group("/harbours/{harbour}")
				r := g.Get("/ships/{ship}", harness.ShowShip)
				r.Put(writeShip).Patch(writeShip).Delete(func(*harness.Ship) {}).Post(func(*harness.Ship) {})
				at := map[string]*restmachine.Facts{"App": &p.Facts, "Group": &g.Facts, "Resource": &r.Facts}[place]
				at.Forbidden(func(*harness.Harbour) bool { asked++; return refuse })
				at.Forbidden(func(restmachine.Optional[*harness.Ship]) bool { return false })
				p.Valid()
				for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"} {
					asked, loaded = 0, 0
					p.Expect(403, method, "/harbours/a/ships/b")
					assert.Zero(t, loaded, "%s loads nothing below what it may not see", method)
					assert.Equal(t, 1, asked, "%s", method)
					refuse, asked = false, 0
					assert.NotEqual(t, 403, p.Do(method, "/harbours/a/ships/b", "").StatusCode)
					assert.Equal(t, 1, asked, "%s asks once", method)
					refuse = true
				}
			})
		}
	}
}

// A gate that returns ErrNotFound answers with the very content of a missing resource,
// wherever it is asked, also where a MapError makes its error one.
func TestGatesThatHide(t *testing.T) {
	mine := errors.New("none of your business")
	gates := map[string]func(f *restmachine.Facts, hide func() error){
		"Authorized": func(f *restmachine.Facts, hide func() error) {
			f.Authorized(func() (bool, error) { return true, hide() })
		},
		"Forbidden": func(f *restmachine.Facts, hide func() error) {
			f.Forbidden(func() (bool, error) { return false, hide() })
		},
		"ServiceAvailable": func(f *restmachine.Facts, hide func() error) {
			f.ServiceAvailable(func() (bool, error) { return true, hide() })
		},
		"ResourceExists": func(f *restmachine.Facts, hide func() error) {
			f.ResourceExists(func() (bool, error) { return true, hide() })
		},
		"Forbidden of T": func(f *restmachine.Facts, hide func() error) {
			f.Forbidden(func(*harness.Ship) (bool, error) { return false, hide() })
		},
		"Forbidden of parent": func(f *restmachine.Facts, hide func() error) {
			f.Forbidden(func(*harness.Harbour) (bool, error) { return false, hide() })
		},
	}
	for name, say := range gates {
		for _, err := range []error{restmachine.ErrNotFound, mine} {
			t.Run(name+", "+err.Error(), func(t *testing.T) {
				q := newQuays(t)
				hidden := func() error { return err }
				q.MapError(mine, restmachine.ErrNotFound)
				r := q.Get(oneShip, harness.ShowShip)
				r.Put(writeShip).Patch(writeShip).Delete(func(*harness.Ship) {}).Post(func(*harness.Ship) {})
				say(&r.Facts, func() error { return hidden() })
				q.Valid()
				for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"} {
					for _, field := range []string{"", `"1"`} {
						hidden = func() error { return nil }
						missing := q.Expect(404, method, at("here", "gone"), "If-Match", field)
						hidden = func() error { return err }
						hid := q.Expect(404, method, at("here", "here"), "If-Match", field)
						assert.Equal(t, missing, hid, "%s tells no difference", method)
					}
				}
			})
		}
	}
}

// What is missing may be told by an error, too: by that of a store, which a MapError names, of a
// loader or of a handler that looks for itself. None of them can be told from what is hidden.
func TestHiddenIsLikeMissingByAnError(t *testing.T) {
	noRows := errors.New("no rows")
	for name, missing := range map[string]error{"ErrNotFound": restmachine.ErrNotFound, "a MapError": noRows, "wrapped": fmt.Errorf("ship b: %w", noRows)} {
		for _, asked := range []string{"loader", "handler"} {
			for _, hide := range []error{restmachine.ErrNotFound, noRows} {
				t.Run(name+" of a "+asked+", hidden by "+hide.Error(), func(t *testing.T) {
					loads := asked == "loader"
					p := harness.NewPort(t)
					p.MapError(noRows, restmachine.ErrNotFound)
					p.Languages("en", "de")
					find := func(path restmachine.PathParams) (*harness.Ship, error) {
						if path.Get("ship") == "hidden" {
							return makeShip(), nil
						}
						return nil, missing
					}
					r := p.Resource("/ships/{ship}")
					if loads {
						p.ResourceExists(find)
						r.Get(harness.ShowShip).Delete(func(*harness.Ship) {}).Post(func(*harness.Ship) {})
						r.Forbidden(func(*harness.Ship) (bool, error) { return false, hide })
					} else {
						r.Get(find).Delete(func(path restmachine.PathParams) error { _, err := find(path); return err })
						r.Forbidden(func(path restmachine.PathParams) (bool, error) {
							if path.Get("ship") == "hidden" {
								return false, hide
							}
							return false, nil
						})
					}
					p.Valid()
					for _, method := range []string{"GET", "HEAD", "DELETE", "POST"} {
						if method == "POST" && !loads {
							continue
						}
						for _, accept := range []string{"", "text/plain, application/json;q=0.1"} {
							gone := p.Expect(404, method, "/ships/gone", "Accept", accept, "Accept-Language", "de")
							assert.Equal(t, gone, p.Expect(404, method, "/ships/hidden", "Accept", accept, "Accept-Language", "de"), "%s tells no difference", method)
						}
					}
				})
			}
		}
	}
}

// A Problem of a gate says itself what a client sees, also with a status of 404.
func TestGatesThatExplain(t *testing.T) {
	q := newQuays(t)
	q.Get(oneShip, harness.ShowShip).Forbidden(func(*harness.Ship) (bool, error) {
		return false, &restmachine.Problem{Status: 404, Detail: "ask the harbour master"}
	})
	q.Valid()
	assert.Contains(t, string(q.Expect(404, "GET", at("here", "here")).Body), "ask the harbour master")
}

// A client that waits for 100 Continue is hidden from, too, before it sends anything.
func TestGatesThatHideWhileTheClientWaits(t *testing.T) {
	q := newQuays(t)
	q.Get(oneShip, harness.ShowShip).Put(func(*harness.Ship, restmachine.Body[harness.Cargo]) {}).
		Forbidden(func(*harness.Harbour, http.Header) (bool, error) { return false, restmachine.ErrNotFound })
	q.Valid()
	var bodies []string
	for _, harbour := range []string{"gone", "here"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("PUT", at(harbour, "here"), strings.NewReader(`{"Tons":1}`))
		r.Header.Set("Expect", "100-continue")
		q.ServeHTTP(w, r)
		assert.Equal(t, 404, w.Code)
		bodies = append(bodies, w.Body.String())
	}
	assert.Equal(t, bodies[0], bodies[1])
}
