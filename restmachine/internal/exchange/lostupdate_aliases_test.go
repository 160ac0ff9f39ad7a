// No update is lost over aliases: however a record is spelled, and over whichever path it is
// written, of many writes with one If-Match one succeeds.
//
// The races run in a bubble of synctest. Each write waits between its check and what it
// writes. There time passes only when all wait, so every write that may go beside another has
// made its check by then, and no test depends on luck.

package exchange_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// An alias is one version of the one record of these tests.
type alias struct{ Version int }

// A register keeps that record. Its writes go by the path and by the tag alone.
type register struct {
	mu      sync.Mutex
	version int
}

func (r *register) load() *alias {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &alias{r.version}
}

// write overwrites what is there, whatever that is by now.
func (r *register) write(a *alias) {
	time.Sleep(time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.version = a.Version + 1
}

// declare gives the record its paths: its own, and those below it.
func (r *register) declare(app *restmachine.App) {
	app.GenerateETag(func(a *alias) string { return fmt.Sprint(a.Version) })
	write := func(a *alias) *alias { r.write(a); return r.load() }
	app.Get("/records/{id}", func(a *alias) *alias { return a }).Put(write).Patch(write).
		Delete(func(a *alias) { r.write(a) }).
		Post(func(a *alias) *alias { r.write(a); return r.load() })
	app.Post("/records/{id}/close", func(a *alias) { r.write(a) })
	app.Put("/records/{id}/tags/{tag}", func(a *alias) { r.write(a) })
	app.Delete("/records/{id}/tags/{tag}/votes/{vote}", func(a *alias) { r.write(a) })
}

// writes are the paths and methods by which the record is written.
var writes = []struct{ method, path string }{
	{"PUT", "/records/%s"}, {"PATCH", "/records/%s"}, {"DELETE", "/records/%s"}, {"POST", "/records/%s"},
	{"POST", "/records/%s/close"}, {"PUT", "/records/%s/tags/a"}, {"PUT", "/records/%s/tags/b"},
	{"DELETE", "/records/%s/tags/a/votes/1"},
}

// raceAliases sends all requests at once, and is how many succeeded. The others must have
// been refused.
func raceAliases(t *testing.T, app *restmachine.App, requests []restmachine.Request) (won int) {
	t.Helper()
	statuses := make([]int, len(requests))
	var all sync.WaitGroup
	for i, req := range requests {
		all.Go(func() {
			if i%2 == 0 {
				statuses[i] = app.Execute(req).StatusCode
				return
			}
			w, r := httptest.NewRecorder(), httptest.NewRequest(req.Method, req.Path, nil)
			r.Header = req.Header
			app.ServeHTTP(w, r)
			statuses[i] = w.Code
		})
	}
	all.Wait()
	for i, status := range statuses {
		if status/100 == 2 {
			won++
			continue
		}
		assert.Contains(t, []int{404, 412}, status, "%s %s", requests[i].Method, requests[i].Path)
	}
	restmachinetest.CheckIdle(t, app)
	return won
}

type (
	numeral int16
	measure float32
	slug    string // reads its text in any case
	guid    [4]byte
	wrapped struct{ netip.Addr }
	stamp   struct{ time.Time }
	day     time.Time
)

func (s *slug) UnmarshalText(b []byte) error { *s = slug(strings.ToLower(string(b))); return nil }

func (g *guid) UnmarshalText(b []byte) error {
	text := strings.Trim(string(b), "{}")
	if n, err := hex.Decode(g[:], []byte(text)); err != nil || n != len(g) {
		return errors.New("a guid has eight digits")
	}
	return nil
}

func (g guid) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(g[:])), nil }

func (d *day) UnmarshalText(b []byte) error { return (*time.Time)(d).UnmarshalText(b) }
func (d day) MarshalText() ([]byte, error)  { return time.Time(d).MarshalText() }

type idOf[T any] struct {
	ID T `path:"id"`
}

// A kindOfID is a type of the parameter {id}, and spellings of one value of it.
type kindOfID struct {
	name      string
	loader    func(r *register) restmachine.Func
	spellings []string
}

func kindOf[T any](spellings ...string) kindOfID {
	load := func(r *register) restmachine.Func {
		return func(restmachine.Path[idOf[T]]) *alias { return r.load() }
	}
	return kindOfID{fmt.Sprintf("%T", *new(T)), load, spellings}
}

var integers = []string{"7", "07", "+7", "%2B7", "007", "%37", "0x7", "7_0"}

var kindsOfID = []kindOfID{
	kindOf[string]("seven", "s%65ven", "%73even"),
	kindOf[int](integers...), kindOf[int8](integers...), kindOf[int64](integers...), kindOf[numeral](integers...),
	kindOf[uint](integers...), kindOf[uint16](integers...), kindOf[*int](integers...),
	kindOf[bool]("true", "TRUE", "True", "t", "T", "1"),
	kindOf[float64]("1.5", "1.50", "15e-1", "+1.5", "01.5", "0x1.8p0", "1%2E5"),
	kindOf[float32]("0.1", ".1", "0.10000000001", "1e-1"), kindOf[measure]("0", "-0", "0.0"), kindOf[*float64]("1", "1.0", "1e0"),
	kindOf[slug]("abc", "ABC", "aBc"), kindOf[*slug]("abc", "Abc"),
	kindOf[guid]("0a0b0c0d", "0A0B0C0D", "{0a0b0c0d}", "%7B0A0B0C0D%7D"), kindOf[*guid]("0a0b0c0d", "0A0b0c0d"),
	kindOf[netip.Addr]("::1", "0:0::1", "::0001"), kindOf[wrapped]("2001:db8::a", "2001:DB8::A"),
	kindOf[big.Int]("7", "07", "+7", "0x7"), kindOf[*big.Int]("7", "0x7"),
	kindOf[time.Time]("2024-01-15T09:00:00Z", "2024-01-15T10:00:00+01:00"),
	kindOf[stamp]("2024-01-15T09:00:00Z", "2024-01-15T10:00:00+01:00"), kindOf[*stamp]("2024-01-15T09:00:00Z", "2024-01-15T08:00:00-01:00"),
	kindOf[day]("2024-01-15T09:00:00Z", "2024-01-15T10:00:00+01:00"),
}

// TestOneWriterWinsOverAliases draws spellings, methods and paths.
func TestOneWriterWinsOverAliases(t *testing.T) {
	for _, kind := range kindsOfID {
		t.Run(kind.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &register{version: 1}
				app := restmachine.New(harness.Quiet)
				app.ResourceExists(kind.loader(r))
				r.declare(app)
				require.NoError(t, app.Validate())
				random := rand.New(rand.NewPCG(1, uint64(len(kind.name))))
				for range 20 {
					tag := fmt.Sprintf("%q", fmt.Sprint(r.load().Version))
					w := writes[random.IntN(len(writes))]
					requests := []restmachine.Request{harness.RequestOf(w.method, fmt.Sprintf(w.path, kind.spellings[0]), "", "If-Match", tag)}
					for range 11 {
						w := writes[random.IntN(len(writes))]
						spelling := kind.spellings[random.IntN(len(kind.spellings))]
						requests = append(requests, harness.RequestOf(w.method, fmt.Sprintf(w.path, spelling), "", "If-Match", tag))
					}
					random.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
					require.Equal(t, 1, raceAliases(t, app, requests))
				}
			})
		})
	}
}

// One parameter is read by two paths in two ways: by PathParams, and as a float.
func TestAliasesOfAnotherPath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &register{version: 1}
		app := restmachine.New(harness.Quiet)
		app.GenerateETag(func(a *alias) string { return fmt.Sprint(a.Version) })
		byText, byFloat := app.Group("/records"), app.Group("/records/{id}/as")
		byText.ResourceExists(func(restmachine.PathParams) *alias { return r.load() })
		byFloat.ResourceExists(func(restmachine.Path[idOf[float64]]) *alias { return r.load() })
		byText.Put("/{id}", func(a *alias) { r.write(a) })
		byFloat.Post("/float", func(a *alias) { r.write(a) })
		require.NoError(t, app.Validate())
		assert.Equal(t, 1, raceAliases(t, app, []restmachine.Request{
			harness.RequestOf("PUT", "/records/1.0", "", "If-Match", `"1"`),
			harness.RequestOf("PUT", "/records/1e0", "", "If-Match", `"1"`),
			harness.RequestOf("POST", "/records/1/as/float", "", "If-Match", `"1"`),
			harness.RequestOf("POST", "/records/1.00/as/float", "", "If-Match", `"1"`),
		}))
	})
}

// A POST beside guarded writes: all of its increments are kept, without a precondition.
func TestPostBesideAGuardedWrite(t *testing.T) {
	rows := map[string]func(app *restmachine.App, r *register){
		"a PUT on its path": func(app *restmachine.App, r *register) {
			app.Get("/records/{id}", func(a *alias) *alias { return a }).Put(func(a *alias) { r.write(a) }).
				Post(func() { r.write(r.load()) })
		},
		"a DELETE on its path, and validators by AutoETag": func(app *restmachine.App, r *register) {
			app.AutoETag(restmachine.Strong)
			app.Get("/records/{id}", func() *alias { return r.load() }).Delete(func() {}).
				Post(func() { r.write(r.load()) })
		},
		"a path without a GET, whose target has a tag on another Resource": func(app *restmachine.App, r *register) {
			app.Get("/records", func(a *alias) *alias { return a }).GenerateETag(func(a *alias) string { return fmt.Sprint(a.Version) })
			app.Post("/records/{id}", func(a *alias) { r.write(a) })
		},
		"a path without a GET, whose target has a tag by AutoETag": func(app *restmachine.App, r *register) {
			app.Get("/records", func(a *alias) *alias { return a }).AutoETag(restmachine.Strong)
			app.Post("/records/{id}", func(a restmachine.Optional[*alias]) { r.write(a.Value) })
		},
	}
	for name, declare := range rows {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &register{version: 1}
				app := restmachine.New(harness.Quiet)
				if !strings.Contains(name, "DELETE") {
					app.ResourceExists(func() *alias { return r.load() })
				}
				declare(app, r)
				require.NoError(t, app.Validate())
				requests := make([]restmachine.Request, 8)
				for i := range requests {
					requests[i] = harness.RequestOf("POST", "/records/7", "")
				}
				assert.Equal(t, 8, raceAliases(t, app, requests))
				assert.Equal(t, 9, r.load().Version, "eight were acknowledged")
			})
		})
	}
}
