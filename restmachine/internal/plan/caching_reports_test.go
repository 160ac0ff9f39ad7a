// These tests check what is reported at start of the policies for caches.

package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// TestReportsOfCaching: an answer that a cache may show to others is a risk, and a date that lets
// browsers guess is a notice, once for the App.
func TestReportsOfCaching(t *testing.T) {
	says := func(policy string) func() string { return func() string { return policy } }
	dated := func(r *restmachine.Resource) { r.LastModified(func() time.Time { return time.Unix(1e9, 0) }) }
	guarded := func(r *restmachine.Resource) { r.Authorized(func() bool { return true }) }
	for name, row := range map[string]struct {
		declare func(r *restmachine.Resource)
		risk    string
		notice  string
	}{
		"shared for a minute": {func(r *restmachine.Resource) { guarded(r); r.CacheControl(says("max-age=60")) }, `says "max-age=60"`, ""},
		"shared by capitals":  {func(r *restmachine.Resource) { guarded(r); r.CacheControl(says("Max-Age=60")) }, `says "Max-Age=60"`, ""},
		"shared on purpose":   {func(r *restmachine.Resource) { guarded(r); r.CacheControl(says("public, max-age=60")) }, "", ""},
		"private":             {func(r *restmachine.Resource) { guarded(r); r.CacheControl(says("Private, max-age=60")) }, "", ""},
		"asked each time":     {func(r *restmachine.Resource) { guarded(r); r.CacheControl(says("no-cache")) }, "", ""},
		"never kept":          {func(r *restmachine.Resource) { guarded(r); r.CacheControl(says("no-store")) }, "", ""},
		"said by the request": {func(r *restmachine.Resource) {
			guarded(r)
			r.CacheControl(func(restmachine.Method) string { return "max-age=60" })
		}, "", ""},
		"a fact that panics": {func(r *restmachine.Resource) { guarded(r); r.CacheControl(func() string { panic("not yet") }) }, "", ""},
		"a fact that fails": {func(r *restmachine.Resource) {
			guarded(r)
			r.CacheControl(func() (string, error) { return "max-age=60", restmachine.ErrGone })
		}, "", ""},
		"for everybody":           {func(r *restmachine.Resource) { r.CacheControl(says("max-age=60")) }, "", ""},
		"a date alone":            {dated, "", "GET /things: there is a Last-Modified, and neither CacheControl nor Expires"},
		"a date and a policy":     {func(r *restmachine.Resource) { dated(r); r.CacheControl(says("no-cache")) }, "", ""},
		"a date and its end":      {func(r *restmachine.Resource) { dated(r); r.Expires(func() time.Time { return time.Unix(2e9, 0) }) }, "", ""},
		"a tag lets nobody guess": {func(r *restmachine.Resource) { r.GenerateETag(says("1")) }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			app := restmachine.New()
			row.declare(app.Get("/things", func() string { return "things" }))
			risks, notices := reportsOf(t, app)
			if row.risk == "" {
				assert.Empty(t, risks)
			} else {
				assert.Contains(t, risks, row.risk)
			}
			if row.notice == "" {
				assert.Empty(t, notices)
			} else {
				assert.Contains(t, notices, row.notice)
			}
		})
	}
}

// TestOneReportOfDates: a large App is not told the same of each path.
func TestOneReportOfDates(t *testing.T) {
	app := restmachine.New()
	for _, path := range []string{"/a", "/b", "/c", "/d", "/e"} {
		app.Get(path, func() string { return "" }).LastModified(func() time.Time { return time.Unix(1e9, 0) })
	}
	_, notices := reportsOf(t, app)
	assert.Contains(t, notices, "GET /a, GET /b, GET /c and 2 others: there is a Last-Modified")
	assert.Equal(t, 1, strings.Count(notices, "Last-Modified"))
}

// reportsOf are the texts of all reports, risks and notices.
func reportsOf(t *testing.T, app *restmachine.App) (risks, notices string) {
	t.Helper()
	all, err := app.Reports()
	require.NoError(t, err)
	for _, r := range all {
		if r.Severity == restmachine.Risk {
			risks += r.Text + "\n"
		} else {
			notices += r.Text + "\n"
		}
	}
	return risks, notices
}
