// The oracle, against Apps whose handlers return a Reply of a type, and against methods beside
// those of RFC 9110: guarded as a PATCH is, or safe.

package walk_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// newTypedReplies is newShelf where each handler returns a *Reply[*book]: the facts for *book
// hold as if it returned a *book. A PURGE does what a PATCH does.
func newTypedReplies(t testing.TB, row situation) *bookshelf {
	t.Helper()
	s := newApp(row)
	s.views = true
	show := func(b *book) *restmachine.Reply[*book] { return restmachine.NewReply(http.StatusOK, b) }
	get := func(b *book) *restmachine.Reply[*book] { s.read(); return show(b) }
	replace := func(b *book) *restmachine.Reply[*book] { return show(s.replace(b)) }
	upsert := func(b restmachine.Optional[*book]) *restmachine.Reply[*book] {
		if b.OK {
			return replace(b.Value)
		}
		return restmachine.Created("", s.replace(nil))
	}
	s.app.ResourceExists(s.load)
	s.app.Location(func(*book) string { return "/creatable" })
	validate(s.app, row, (*book).edition)
	s.app.LockKey(restmachine.ByPath)
	s.app.Get("/plain", get).Put(replace).Patch(replace).Delete(s.remove).Post(replace).
		Handle("PURGE", replace).HandleSafe("QUERY", get)
	creatable := s.app.Get("/creatable", get).Put(upsert).Patch(replace).Delete(s.remove).Post(upsert)
	creatable.AllowMissingPost(func() bool { return true })
	require.NoError(t, s.app.Start(t.Context()))
	return s
}

func TestConditionalRequestsOfTypedReplies(t *testing.T) {
	forEachApp(t, newTypedReplies, func(t *testing.T, replies *bookshelf, app situation) {
		for s := range every(13, app) {
			if replies.check(t, s); t.Failed() {
				t.FailNow()
			}
		}
	})
}

// An unsafe method of Handle is what the oracle says of PATCH, but for its answer, which does
// not describe the resource. A safe one of HandleSafe knows no preconditions at all.
func TestConditionalRequestsOfOtherMethods(t *testing.T) {
	played := harness.Figure(t, "situations of other methods")
	forEachApp(t, newTypedReplies, func(t *testing.T, shelf *bookshelf, app situation) {
		for s := range situations(app) {
			if s.method != "PATCH" || s.place.creatable() {
				continue
			}
			played.Add(2)
			for _, method := range []string{"PURGE", "QUERY"} {
				shelf.reset(s.place)
				req := s.request()
				req.Method = method
				want := s.status()
				if method == "QUERY" {
					want = map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[s.place.exists()]
				}
				resp := shelf.send(t, req)
				if resp.StatusCode != want {
					t.Errorf("%v, by %s: status %d, want %d", s, method, resp.StatusCode, want)
				}
				if resp.Header.Get("ETag") != "" || resp.Header.Get("Last-Modified") != "" {
					t.Errorf("%v, by %s: %v", s, method, resp.Header)
				}
				if _, did := shelf.did(); (did.writes == 1) != (method == "PURGE" && want == http.StatusOK) {
					t.Errorf("%v, by %s: %+v", s, method, did)
				}
				if t.Failed() {
					t.FailNow()
				}
			}
		}
	})
}
