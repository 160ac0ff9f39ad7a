// Validators of values whose type only an interface, or the value itself, tells.

package represent_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestValidatorsOfAnInterface hold where only the value tells its type.
func TestValidatorsOfAnInterface(t *testing.T) {
	for name, get := range map[string]restmachine.Func{
		"as it is": func(m harness.Manager) harness.Manager { return m },
		"in any":   func(m harness.Manager) any { return m },
		"replied":  func(m harness.Manager) *restmachine.Reply[any] { return restmachine.NewReply[any](200, m) },
	} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.ResourceExists(func() harness.Manager { return &harness.Boss{} })
			app.GenerateETag(func(harness.Manager) string { return "1" })
			app.Get("/x", get).Put(func(harness.Manager) {})
		})
		require.Equal(t, `"1"`, p.Want(200, "GET", "/x", "").Header.Get("ETag"), name)
		p.Want(204, "PUT", "/x", "", "If-Match", `"1"`)
		p.Want(412, "PUT", "/x", "", "If-Match", `"2"`)
	}
}

// TestValidatorsBehindAnInterface: the facts for the type itself go before those for
// the interface, each for itself; a view that is declared as such has none of either.
func TestValidatorsBehindAnInterface(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func() harness.Manager { return &harness.Boss{} })
		app.LastModified(func(harness.Manager) time.Time { return harness.LeafModified })
		app.GenerateETag(func(*harness.Boss) string { return "boss" })
		app.Get("/any", func(m harness.Manager) any { return m })
		app.Get("/boss", func() *harness.Boss { return &harness.Boss{} })
		app.Get("/view", func(harness.Manager) *viewed { return &viewed{} }).Patch(func() *restmachine.Reply[any] { return nil })
	})
	found := p.Want(200, "GET", "/any", "").Header
	assert.Equal(t, `"boss"`, found.Get("ETag"))
	assert.NotEmpty(t, found.Get("Last-Modified"))
	assert.Empty(t, p.Want(200, "GET", "/view", "").Header.Get("Last-Modified"), "it would be a stale 304")
}

// viewed is a manager, too.
type viewed struct{}

func (*viewed) Manage() {}

// A versioned manager knows its version.
type versioned struct{ n int }

func (*versioned) Manage() {}

// A fact of the Resource that takes an interface describes what the GET returned, and not what
// was loaded before: another process may have written between the two.
func TestValidatorsOfAnInterfaceDescribeWhatIsShown(t *testing.T) {
	for name, in := range map[string]func(m harness.Manager) any{
		"any":            func(m harness.Manager) any { return m },
		"a Reply of any": func(m harness.Manager) any { return restmachine.NewReply[any](0, m) },
	} {
		version := 0
		p := harness.NewProbe(t, func(app *restmachine.App) {
			read := func() harness.Manager { version++; return &versioned{version} }
			app.ResourceExists(read)
			r := app.Get("/x", func() any { return in(read()) }).Put(func(harness.Manager) {})
			r.GenerateETag(func(m harness.Manager) string { return fmt.Sprint(m.(*versioned).n) })
			r.LastModified(func(m harness.Manager) time.Time { return time.Unix(int64(m.(*versioned).n), 0).UTC() })
			app.Provides("text/plain", func(v *versioned) string { return fmt.Sprint(v.n) })
		})
		resp := p.Want(200, "GET", "/x", "")
		assert.Equal(t, `"`+string(resp.Body)+`"`, resp.Header.Get("ETag"), name)
		assert.Equal(t, time.Unix(int64(version), 0).UTC().Format(http.TimeFormat), resp.Header.Get("Last-Modified"), name)
	}
}
