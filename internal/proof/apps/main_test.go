// These tests play random Apps from a fixed seed, and show that the laws can be broken.

package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestRandomApps(t *testing.T) {
	r := run{apps: 200, requests: 6_000, seed: 1, only: -1}
	figures, err := r.play()
	require.NoError(t, err)
	t.Logf("figure: %v", figures)
	assert.Less(t, figures.refused, figures.apps/2, "a third of all that are made, at most")
	assert.Greater(t, figures.changes, figures.requests/10)
	for _, status := range []int{200, 201, 204, 206, 304, 404, 412, 428} {
		assert.NotZero(t, figures.statuses[status], "nothing is %d", status)
	}
}

// The same seed makes the same Apps and the same answers.
func TestPlayedAgain(t *testing.T) {
	r := run{apps: 5, requests: 300, seed: 2, only: -1}
	first, err := r.play()
	require.NoError(t, err)
	again, err := r.play()
	require.NoError(t, err)
	assert.Equal(t, first, again)
}

// Apps that lie break the laws.
func TestTheLawsCanBeBroken(t *testing.T) {
	for name, row := range map[string]struct {
		law string
		lie func(m *maker, r *resource)
	}{
		"a tag that never changes": {"", func(m *maker, r *resource) {
			r.at.facts.GenerateETag(func(*record[shelf]) string { return "same" })
		}},
		"a tag that is read too late": {"", func(m *maker, r *resource) {
			r.at.facts.GenerateETag(func(_ *record[shelf], s *store) string { m.w.interrupt(); return fmt.Sprint(s.latest) })
		}},
		"a write that does not look": {"a write is guarded", func(m *maker, r *resource) {
			r.at.facts.GenerateETag(func(l *record[shelf]) string { return plainTag(l.Mark) })
			r.at.resource.Put(func(l *record[shelf]) {
				m.w.interrupt()
				m.w.store.own++
				m.w.store.put(l.kept.key, "")
			})
			r.methods = append(r.methods, "PUT")
		}},
		"a field that Vary does not name": {"Vary names what selects", func(m *maker, r *resource) {
			c := m.fn("", types{r.kind.record, headerType}, types{stringType}, func(a args) []any {
				return []any{r.kind.unwrap(a.of(r.kind.record)).mark() + fmt.Sprint(a.of(headerType))}
			})
			r.at.facts.Provides("text/plain", c.fn)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			err := lying(t, row.lie)
			require.Error(t, err)
			if row.law != "" {
				assert.Equal(t, row.law, err.(*breach).law)
			}
		})
	}
}

// lying plays requests to an App with one path, until an answer breaks a law.
func lying(t *testing.T, lie func(m *maker, r *resource)) error {
	m := &maker{rng: rand.New(rand.NewPCG(1, 1)), w: newWorld()}
	m.w.app = restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	m.app = &place{facts: &m.w.app.Facts, scope: &m.w.app.Scope, name: "app"}
	m.provide()
	k := &kind{family: familyIn[shelf](pointer), name: "shelf", item: "/shelf/{shelf}", scope: m.app, below: m.app}
	m.kinds = []*kind{k}
	m.load(k)
	r := m.newResource(m.app, k, k.item)
	r.key = k.key
	r.shows = (&show{of: r, loaded: true}).marks
	m.handle(r, "GET", m.fn("", types{k.record}, types{k.record}, func(a args) []any { return []any{a.of(k.record)} }))
	lie(m, r)
	m.fill()
	require.NoError(t, m.w.app.Validate())
	keeper := newKeeper(m.w)
	d := &walker{m.rng, keeper}
	for i := range 2000 {
		if err := keeper.play(d.step(i)); err != nil {
			return err
		}
	}
	t.Log(keeper.figures)
	return nil
}
