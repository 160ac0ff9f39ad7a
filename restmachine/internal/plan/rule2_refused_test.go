// Forms that mean nothing are refused while they are registered. Nothing panics, and
// Validate tells them all.

package plan_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A refusal is a registration that means nothing.
type refusal struct {
	name string
	say  func(app *restmachine.App, r *restmachine.Resource)
	says []string
}

func noResult()                                       {}
func twoNumbers() (int, int)                          { return 0, 0 }
func threeResults() (int, int, int)                   { return 0, 0, 0 }
func variadic(...int) bool                            { return true }
func aNumber() int                                    { return 0 }
func aList() []harness.Ship                           { return nil }
func aPair() (*harness.Ship, error, bool)             { return nil, nil, false }
func aShip() harness.Ship                             { return harness.Ship{} }
func aTruth() bool                                    { return true }
func someTruths() (bool, bool)                        { return true, true }
func aText() string                                   { return "" }
func textAndTruth() (string, bool)                    { return "", true }
func badCleanup() (*harness.Ship, func())             { return nil, nil }
func goodCleanup() (*harness.Ship, func(error) error) { return nil, nil }

var refusals = []refusal{
	{"no function", func(_ *restmachine.App, r *restmachine.Resource) { r.Get(7) },
		[]string{"the handler of GET /ship", "7 of type int is not a function"}},
	{"nil", func(_ *restmachine.App, r *restmachine.Resource) { r.Get(nil) }, []string{"nil is not a function"}},
	{"a nil function", func(_ *restmachine.App, r *restmachine.Resource) { r.Get((func())(nil)) }, []string{"the func() is nil"}},
	{"variadic", func(_ *restmachine.App, r *restmachine.Resource) { r.Forbidden(variadic) }, []string{"Forbidden", "variadic"}},
	{"three results", func(_ *restmachine.App, r *restmachine.Resource) { r.Get(threeResults) }, []string{"3 results"}},
	{"an error that is not last", func(_ *restmachine.App, r *restmachine.Resource) { r.Get(aPair) }, []string{"3 results"}},

	{"a handler with two results", func(_ *restmachine.App, r *restmachine.Resource) { r.Get(twoNumbers) },
		[]string{"plan_test.twoNumbers", "GET /ship", "nothing, an entity or a *restmachine.Reply[T]", "NewReply"}},
	{"ResourceExists T", func(_ *restmachine.App, r *restmachine.Resource) { r.ResourceExists(aShip) },
		[]string{"ResourceExists plan_test.aShip is a ", "; return *T, an interface, (T, bool) or bool, with", "func() harness.Ship"}},
	{"ResourceExists []T", func(_ *restmachine.App, r *restmachine.Resource) { r.ResourceExists(aList) }, []string{"func() []harness.Ship"}},
	{"ResourceExists nothing", func(_ *restmachine.App, r *restmachine.Resource) { r.ResourceExists(noResult) }, []string{"plan_test.noResult"}},
	{"ResourceExists (bool, bool)", func(_ *restmachine.App, r *restmachine.Resource) { r.ResourceExists(someTruths) }, []string{"(T, bool)"}},
	{"GenerateETag int", func(_ *restmachine.App, r *restmachine.Resource) { r.GenerateETag(aNumber) },
		[]string{"GenerateETag plan_test.aNumber is a ", "; return string or ETag, with", "func() int"}},
	{"LastModified string", func(_ *restmachine.App, r *restmachine.Resource) { r.LastModified(aText) }, []string{"; return time.Time, with"}},
	{"Expires *time.Time", func(_ *restmachine.App, r *restmachine.Resource) { r.Expires(func() *time.Time { return nil }) }, []string{"; return time.Time, with"}},
	{"CacheControl []string", func(_ *restmachine.App, r *restmachine.Resource) { r.CacheControl(func() []string { return nil }) }, []string{"CacheControl", "; return string, with"}},
	{"Location (string, bool)", func(_ *restmachine.App, r *restmachine.Resource) { r.Location(textAndTruth) }, []string{"Location", "; return string, with"}},
	{"LockKey int", func(_ *restmachine.App, r *restmachine.Resource) { r.LockKey(aNumber) }, []string{"LockKey", "; return string, with"}},
	{"Variances string", func(_ *restmachine.App, r *restmachine.Resource) { r.Variances(aText) }, []string{"; return []string, with"}},
	{"FinishRequest bool", func(_ *restmachine.App, r *restmachine.Resource) { r.FinishRequest(aTruth) }, []string{"FinishRequest", "; return nothing, with"}},
	{"RenderError nothing", func(_ *restmachine.App, r *restmachine.Resource) { r.RenderError(noResult) }, []string{"RenderError", saysOneValue}},
	{"Provides nothing", func(_ *restmachine.App, r *restmachine.Resource) { r.Provides("text/plain", func(*harness.Ship) {}) }, []string{"Provides", saysOneValue}},
	{"Provides that takes nothing", func(_ *restmachine.App, r *restmachine.Resource) { r.Provides("text/plain", aText) },
		[]string{`Provides("text/plain")`, "take the type that it renders"}},
	{"Provides of a range", func(_ *restmachine.App, r *restmachine.Resource) { r.Provides("text/*", harness.TagOfShip) }, []string{`Provides("text/*")`, "needs a media type"}},
	{"Provides of no media type", func(_ *restmachine.App, r *restmachine.Resource) { r.Provides("text", harness.TagOfShip) }, []string{`"type/subtype"`}},
	{"Accepts nothing", func(_ *restmachine.App, r *restmachine.Resource) { r.Accepts("text/plain", noResult) }, []string{"Accepts", saysOneValue}},
	{"RenderError *Reply", func(_ *restmachine.App, r *restmachine.Resource) {
		r.RenderError(func(*restmachine.Problem) *restmachine.Reply[any] { return nil })
	}, []string{"RenderError", saysOneValue + " that is not a *Reply"}},
	{"Provides *Reply", func(_ *restmachine.App, r *restmachine.Resource) {
		r.Provides("text/plain", func(*harness.Ship) (*restmachine.Reply[any], error) { return nil, nil })
	}, []string{"Provides", saysOneValue + " that is not a *Reply"}},
	{"Accepts *Reply", func(_ *restmachine.App, r *restmachine.Resource) {
		r.Accepts("text/plain", func([]byte) *restmachine.Reply[any] { return nil })
	}, []string{"Accepts", saysOneValue + " that is not a *Reply"}},
	{"Accepts of no media type", func(_ *restmachine.App, r *restmachine.Resource) { r.Accepts("", aText) }, []string{`Accepts("")`, "needs a media type"}},
	{"a yes/no fact string", func(_ *restmachine.App, r *restmachine.Resource) { r.Forbidden(aText) }, []string{"Forbidden plan_test.aText is a ", "; return bool, with"}},
	{"Authorized string", func(_ *restmachine.App, r *restmachine.Resource) { r.Authorized(aText) },
		[]string{"Authorized", "bool or (challenge string, ok bool)"}},
	{"MovedPermanently bool", func(_ *restmachine.App, r *restmachine.Resource) { r.MovedPermanently(aTruth) }, []string{"MovedPermanently", "; return string, with"}},
	{"MovedTemporarily nothing", func(_ *restmachine.App, r *restmachine.Resource) { r.MovedTemporarily(noResult) }, []string{"MovedTemporarily", "; return string, with"}},

	{"OnStartup with a cleanup", func(app *restmachine.App, _ *restmachine.Resource) { app.OnStartup(goodCleanup) },
		[]string{"OnStartup plan_test.goodCleanup", "clean up in an OnShutdown"}},
	{"OnShutdown with a result", func(app *restmachine.App, _ *restmachine.Resource) { app.OnShutdown(aNumber) }, []string{"OnShutdown", "nothing or an error"}},
	{"Dependency of nothing", func(app *restmachine.App, _ *restmachine.Resource) { app.Dependency(noResult) }, []string{"Dependency", "T or (T, func(error) error)"}},
	{"Dependency with another cleanup", func(app *restmachine.App, _ *restmachine.Resource) { app.Dependency(badCleanup) }, []string{"T or (T, func(error) error)"}},
	{"Encoder of another form", func(_ *restmachine.App, r *restmachine.Resource) { r.Encoder("br", aText) }, []string{`Encoder("br")`, "func(io.Writer) io.WriteCloser"}},
	{"MaxBody of nothing", func(_ *restmachine.App, r *restmachine.Resource) { r.MaxBody(0) }, []string{"MaxBody(0)", "at least 1 byte"}},
	{"MapError of nil", func(_ *restmachine.App, r *restmachine.Resource) { r.MapError(nil, harness.ErrSecret) }, []string{"MapError", "pass two errors"}},
}

func TestRefusedForms(t *testing.T) {
	for _, row := range refusals {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			r := p.Resource("/ship").Put(noResult)
			row.say(p.App, r)
			faults := harness.FaultsOf(t, p.App)
			require.Len(t, faults, 1, "%q", faults)
			assert.Contains(t, faults[0], harness.InThisFile())
			for _, words := range row.says {
				assert.Contains(t, faults[0], words)
			}
		})
	}
}

// The yes/no facts are of one form.
func TestEveryBooleanFactRefusesText(t *testing.T) {
	for name, say := range map[string]func(*restmachine.Facts, restmachine.Func){
		"ServiceAvailable": (*restmachine.Facts).ServiceAvailable, "Forbidden": (*restmachine.Facts).Forbidden,
		"PreviouslyExisted": (*restmachine.Facts).PreviouslyExisted, "AllowMissingPost": (*restmachine.Facts).AllowMissingPost,
		"IsConflict": (*restmachine.Facts).IsConflict, "MultipleChoices": (*restmachine.Facts).MultipleChoices,
		"DeleteCompleted": (*restmachine.Facts).DeleteCompleted, "KnownMethod": (*restmachine.Facts).KnownMethod,
		"URITooLong": (*restmachine.Facts).URITooLong, "MethodAllowed": (*restmachine.Facts).MethodAllowed,
		"MalformedRequest": (*restmachine.Facts).MalformedRequest, "ValidContentHeaders": (*restmachine.Facts).ValidContentHeaders,
		"KnownContentType": (*restmachine.Facts).KnownContentType, "ValidEntityLength": (*restmachine.Facts).ValidEntityLength,
	} {
		p := harness.NewPort(t)
		p.Get("/", noResult)
		say(&p.Facts, aText)
		faults := harness.FaultsOf(t, p.App)
		require.Len(t, faults, 1, name)
		assert.Contains(t, faults[0], name+" plan_test.aText is a func() string; return bool, with or without an error")

		p = harness.NewPort(t)
		p.Get("/", noResult)
		say(&p.Facts, func(http.Header) (bool, error) { return true, nil })
		p.Valid()
	}
}
