package contest

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestContestantsAnswerAlike(t *testing.T) {
	require.NoError(t, Check(All(), Cases()))
}

// Turns reuse requests and writers; the thousandth must find what the first found.
func TestTurnsDoNotWearOut(t *testing.T) {
	for _, one := range All() {
		for _, c := range Cases() {
			turn := one.Turn(c)
			for range 1000 {
				turn()
			}
		}
	}
	require.NoError(t, Check(All(), Cases()))
}

// The limit says what restmachine says, or it would be the limit of something else.
func TestTheIdealAnswersAsRestmachineDoes(t *testing.T) {
	ideal, machine := handler(Ideal, "", onIdeal(NewStore())), handler(Ours, "", ours(NewStore()))
	for _, c := range Cases() {
		assert.Equal(t, machine.Answer(c), ideal.Answer(c), c.Name)
	}
}

func TestTurnAnswersTheCase(t *testing.T) {
	for _, c := range Cases() {
		var status int
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			byHand(NewStore()).ServeHTTP(w, r)
			status = w.(*discard).status
		})
		turn := Turn(h, c.Request(), c.Body)
		for range 3 {
			turn()
			if c.Status != 200 { // the floor leaves 200 to net/http
				assert.Equal(t, c.Status, status, c.Name)
			}
		}
	}
}

func TestDocumentIsOfTheSizeThatReportsName(t *testing.T) {
	b, err := json.Marshal(NewStore().Document("doc1"))
	require.NoError(t, err)
	assert.InDelta(t, 300, len(b), 20)
}

func TestCheckFindsDifferences(t *testing.T) {
	c := Cases()[0]
	good := func() Answer { return handler(Floor, "", byHand(NewStore())).Answer(c) }
	for _, row := range []struct {
		name   string
		change func(*Answer)
		own    bool
		ok     bool
	}{
		{"nothing changed", func(*Answer) {}, false, true},
		{"another status", func(a *Answer) { a.Status = 304 }, false, false},
		{"another tag", func(a *Answer) { a.Header.Set("ETag", `"1"`) }, false, false},
		{"another tag, allowed", func(a *Answer) { a.Header.Set("ETag", `"1"`) }, true, true},
		{"no tag, where another is allowed", func(a *Answer) { a.Header.Del("ETag") }, true, false},
		{"another date", func(a *Answer) { a.Header.Set("Last-Modified", "") }, false, false},
		{"another document", func(a *Answer) { a.Body = []byte(`{"id":"doc2"}`) }, false, false},
		{"no JSON", func(a *Answer) { a.Body = nil }, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := good()
			row.change(&a)
			err := same(c, a, good(), row.own)
			assert.Equal(t, row.ok, err == nil, "%v", err)
		})
	}
}
