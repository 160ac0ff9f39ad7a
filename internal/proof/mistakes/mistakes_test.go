// The rows of this package, and the tests that play them: who tells, and in which words.

package mistakes

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A mistake is one that users make.
type mistake struct {
	name string // as docs/mistakes.md has it

	// make declares the App, with the mistake or without it.
	make func(wrong bool, options ...restmachine.Option) *restmachine.App
	// tells plays the App, and returns what was told.
	tells teller
	says  string // what must be among it
	also  []said // by others

	because string // nobody can tell it
}

// A said is what another teller says; "" is the same.
type said struct {
	by   teller
	says string
}

// all are the tellers, each with what it says.
func (m mistake) all() []said {
	all := []said{{m.tells, m.says}}
	for _, s := range m.also {
		if s.says == "" {
			s.says = m.says
		}
		all = append(all, s)
	}
	return all
}

// A teller is who tells of a mistake.
type teller struct {
	name string
	told func(t *testing.T, make func(...restmachine.Option) *restmachine.App) []string
}

// mistakes are all of them, in the order of docs/mistakes.md.
func mistakes() []mistake {
	return slices.Concat(atStart(), atRun(), byTheKit(), byNobody())
}

// TestMistakes: each mistake is told by who is to tell it, and the App without it is not.
func TestMistakes(t *testing.T) {
	for _, m := range mistakes() {
		if m.because != "" {
			continue
		}
		for _, s := range m.all() {
			select { // of an earlier one
			case <-warned:
			default:
			}
			t.Run(m.name+" by "+s.by.name, func(t *testing.T) {
				told := func(wrong bool) string {
					return strings.Join(s.by.told(t, func(options ...restmachine.Option) *restmachine.App { return m.make(wrong, options...) }), "\n")
				}
				assert.Contains(t, told(true), s.says, "the mistake is not told")
				assert.NotContains(t, told(false), s.says, "the App without the mistake is blamed")
			})
		}
	}
}

// TestNobodyTells: what nobody can tell is not told by anybody, else the table is out of date.
func TestNobodyTells(t *testing.T) {
	for _, m := range mistakes() {
		if m.because == "" {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			for _, who := range []teller{fault, risk, notice, byCheckValidators, byExplore} {
				told := who.told(t, func(options ...restmachine.Option) *restmachine.App { return m.make(true, options...) })
				assert.Empty(t, told, "%s tells it now: change the row and the table", who.name)
			}
		})
	}
}

// TestThereAre44: the number that the guide names.
func TestThereAre44(t *testing.T) {
	var names []string
	for _, m := range mistakes() {
		names = append(names, m.name)
		assert.Equal(t, m.because == "", m.says != "", m.name)
	}
	slices.Sort(names)
	assert.Len(t, slices.Compact(names), 44)
}

// TestTheTableOfTheGuide: docs/mistakes.md has these rows: who tells of each, and in which words,
// or why nobody can. If it fails, it prints the rows as they must be.
func TestTheTableOfTheGuide(t *testing.T) {
	page, err := os.ReadFile("../../../docs/mistakes.md")
	require.NoError(t, err)
	var want, got []string
	for _, m := range mistakes() {
		who, words := m.tells.name, "`"+m.says+"`"
		if m.because != "" {
			who, words = "nobody", m.because+"."
		}
		for _, s := range m.also {
			who += "; " + s.by.name
			if s.says != "" && !strings.Contains(words, s.says) {
				words += "; `" + s.says + "`"
			}
		}
		want = append(want, "| "+m.name+" | "+who+" | "+words+" |")
	}
	for line := range strings.SplitSeq(string(page), "\n") {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| mistake ") {
			got = append(got, line)
		}
	}
	assert.Equal(t, strings.Join(want, "\n"), strings.Join(got, "\n"), "the rows must be\n%s", strings.Join(want, "\n"))
}

// The tellers.
var (
	few = restmachinetest.Walk{Requests: 1600} // are enough for the small Apps of the mistakes

	fault = teller{"start: fault", faults}
	risk  = teller{"start: risk", func(t *testing.T, make func(...restmachine.Option) *restmachine.App) []string {
		return reports(t, make, restmachine.Risk)
	}}
	notice = teller{"start: notice", func(t *testing.T, make func(...restmachine.Option) *restmachine.App) []string {
		return reports(t, make, restmachine.Notice)
	}}

	byExplore         = kit("kit: `Explore`", func(t testing.TB, app *restmachine.App) { restmachinetest.Explore(t, app, few) })
	byCheckValidators = kit("kit: `CheckValidators`", func(t testing.TB, app *restmachine.App) { restmachinetest.CheckValidators(t, app, few) })
	byAStranger       = kit("kit: `CheckGuarded` with `Walk.Stranger`", func(t testing.TB, app *restmachine.App) {
		restmachinetest.CheckGuarded(t, app, restmachinetest.Walk{
			Header:   http.Header{"Authorization": {"ann"}},
			Stranger: http.Header{"Authorization": {"bob"}},
			Values:   map[string][]string{"id": {"1"}},
		})
	})
	byCheckGuarded = kit("kit: `CheckGuarded`", func(t testing.TB, app *restmachine.App) { restmachinetest.CheckGuarded(t, app) })
)

func faults(_ *testing.T, make func(...restmachine.Option) *restmachine.App) []string {
	if err := make(quiet).Validate(); err != nil {
		return []string{err.Error()}
	}
	return nil
}

func reports(t *testing.T, make func(...restmachine.Option) *restmachine.App, of restmachine.Severity) (all []string) {
	t.Helper()
	reports, err := make(quiet).Reports()
	require.NoError(t, err)
	for _, r := range reports {
		if r.Severity == of {
			all = append(all, r.Text)
		}
	}
	return all
}

// kit is a check of the test kit. Its errors are what it tells.
func kit(name string, check func(testing.TB, *restmachine.App)) teller {
	return teller{name, func(t *testing.T, make func(...restmachine.Option) *restmachine.App) []string {
		r := &recorder{TB: t}
		var all sync.WaitGroup
		all.Go(func() { check(r, make(quiet)) })
		all.Wait()
		return r.told
	}}
}

// atRunTime sends requests. What the App logs is what it tells.
func atRunTime(name string, requests ...restmachine.Request) teller {
	return teller{name, func(t *testing.T, make func(...restmachine.Option) *restmachine.App) []string {
		var log bytes.Buffer
		app := make(restmachine.WithLogger(slog.New(told{slog.NewTextHandler(&log, nil)})))
		require.NoError(t, app.Start(t.Context()))
		log.Reset()
		for _, r := range requests {
			app.Execute(r)
		}
		return []string{log.String()}
	}}
}

// warned is sent something when an App has logged a warning.
var warned = make(chan struct{}, 1)

// A told is a log handler that says so.
type told struct{ slog.Handler }

// Handle logs a line.
func (h told) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if r.Level == slog.LevelWarn {
		select {
		case warned <- struct{}{}:
		default:
		}
	}
	return err
}

// WithAttrs is for loggers with attributes.
func (h told) WithAttrs(attrs []slog.Attr) slog.Handler { return told{h.Handler.WithAttrs(attrs)} }

// WithGroup is for loggers with a group.
func (h told) WithGroup(name string) slog.Handler { return told{h.Handler.WithGroup(name)} }

var quiet = restmachine.WithLogger(slog.New(slog.DiscardHandler))

// A recorder is a test that may fail.
type recorder struct {
	testing.TB
	mu   sync.Mutex
	told []string
}

func (*recorder) Helper() {}

func (*recorder) Logf(string, ...any) {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}
