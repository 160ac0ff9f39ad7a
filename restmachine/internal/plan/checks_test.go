// Types that are read and validated: which of them the App is asked about at start, and what is
// said of a Validate that nobody calls.

package plan_test

import (
	"context"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

type (
	checked struct {
		Word string `path:"word" query:"word"`
	}
	parsed struct{ Word string }
	merged struct{ Word string }
	unread struct{ Word string }
)

// readsAll declares a path for each way to read a value.
func readsAll(app *restmachine.App) {
	app.Get("/{word}", func(restmachine.Path[checked], restmachine.Query[checked]) {})
	app.Post("/json", func(restmachine.Body[[]checked]) {}).Put(func(restmachine.Body[[]checked]) {})
	app.Post("/form", func(restmachine.Body[url.Values]) {})
	app.Post("/parsed", func(restmachine.Body[*parsed]) {}).Accepts("text/plain", func([]byte) *parsed { return nil })
	app.Patch("/merged", func(restmachine.Body[restmachine.MergePatch[*merged]]) {})
	app.Put("/raw", func(restmachine.Body[[]byte]) *restmachine.Reply[unread] { return nil })
	app.Put("/text", func(restmachine.Body[string]) {})
}

// TestTypesThatAreRead: an App is asked about each of them once, at start, and not about what is
// taken as it is, or sent.
func TestTypesThatAreRead(t *testing.T) {
	var asked []string
	note := func(typ reflect.Type) error { asked = append(asked, typ.String()); return nil }
	app := restmachine.New(restmachine.WithValidator(nil, note))
	readsAll(app)
	require.NoError(t, app.Validate())
	assert.ElementsMatch(t, []string{"plan_test.checked", "[]plan_test.checked", "url.Values", "*plan_test.parsed", "*plan_test.merged"}, asked)
}

// TestTypesThatCannotBeValidated are faults, which name the type, who takes it, and why.
func TestTypesThatCannotBeValidated(t *testing.T) {
	app := restmachine.New(
		restmachine.WithValidator(func(any) error { return nil }, func(typ reflect.Type) error {
			if strings.Contains(typ.String(), "merged") {
				return errors.New("its tag is odd")
			}
			return nil
		}),
		restmachine.WithValidator(func(any) error { return nil }, func(reflect.Type) error { return errors.New("nothing is good enough") }))
	site := harness.NextLine()
	app.Patch("/merged", func(restmachine.Body[restmachine.MergePatch[merged]]) {})
	app.Dependency(func(restmachine.Query[checked]) *harness.Ship { return nil })
	faults := harness.FaultsOf(t, app)
	require.Len(t, faults, 3)
	all := strings.Join(faults, "\n")
	for _, says := range []string{
		"plan_test.merged cannot be validated: its tag is odd", "plan_test.merged cannot be validated: nothing is good enough",
		"plan_test.checked cannot be validated: nothing is good enough", site, "PATCH /merged",
	} {
		assert.Contains(t, all, says)
	}
}

type (
	withContext struct{ Word string }
	withBool    struct{ Word string }
	withNothing struct{ Word string }
	withTwo     struct{ Word string }
	right       struct{ Word string }
)

func (withContext) Validate(context.Context) error { return nil }
func (*withBool) Validate() bool                   { return true }
func (withNothing) Validate()                      {}
func (withTwo) Validate(int, string) (bool, error) { return true, nil }
func (*right) Validate() error                     { return nil }

// TestValidateThatIsNeverCalled is reported, since whoever wrote it believes that it is.
func TestValidateThatIsNeverCalled(t *testing.T) {
	app := restmachine.New()
	app.Post("/context", func(restmachine.Body[withContext]) {})
	app.Post("/bool", func(restmachine.Body[[]*withBool]) {}).Put(func(restmachine.Body[[]*withBool]) {})
	app.Patch("/nothing", func(restmachine.Body[restmachine.MergePatch[withNothing]]) {})
	app.Post("/two", func(restmachine.Body[map[string]withTwo]) {})
	app.Post("/interface", func(restmachine.Body[interface{ Validate(int) error }]) {}).Accepts("text/plain", func([]byte) interface{ Validate(int) error } { return nil })
	app.Post("/right", func(restmachine.Body[right]) {}).Put(func(restmachine.Body[[]right]) {}).Patch(func(restmachine.Body[*right]) {})
	app.Get("/sent", func() withBool { return withBool{} })
	reports, err := app.Reports()
	require.NoError(t, err)
	var said []string
	for _, r := range reports {
		assert.Equal(t, restmachine.Notice, r.Severity)
		_, text, _ := strings.Cut(r.Text, " takes ")
		said = append(said, text)
	}
	const end = " is never called; write it as Validate() error"
	assert.ElementsMatch(t, []string{
		"plan_test.withContext, whose method Validate(context.Context) error" + end,
		"[]*plan_test.withBool, whose method Validate() bool" + end,
		"plan_test.withNothing, whose method Validate()" + end,
		"map[string]plan_test.withTwo, whose method Validate(int, string) (bool, error)" + end,
		"interface { Validate(int) error }, whose method Validate(int) error" + end,
	}, said)
}
