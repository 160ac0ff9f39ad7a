package restmachinetest_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A tagger is a function of a named type.
type tagger func(*page) restmachine.ETag

func (s *shelf) dated(*page) time.Time { return time.Unix(1e9, 0) }

// newSigned has callbacks of many types: each way of calling, and one type that no file can name.
func newSigned() *restmachine.App {
	type nameless struct{ N int }
	s := &shelf{page: &page{Text: "a", version: 1}}
	app := restmachine.New(quiet)
	app.OnStartup(func() *shelf { return s })
	app.Dependency(func(ctx context.Context, s *shelf) (nameless, func(error) error, error) {
		return nameless{1}, func(err error) error { return err }, nil
	})
	app.ResourceExists(func(path restmachine.PathParams, s *shelf) (*page, error) { return s.load(), nil })
	app.GenerateETag(tagger(func(p *page) restmachine.ETag { return restmachine.ETag(p.Text) }))
	app.LastModified(s.dated)
	app.Provides("text/plain", func(p *page) string { return p.Text })
	app.Accepts("text/plain", func(b []byte) page { return page{Text: string(b)} })
	app.Authorized(func() (string, bool) { return "", true })
	app.Forbidden(func(method restmachine.Method) (bool, error) { return method == "DELETE", nil })
	app.MapErrorAs(func(err *os.PathError) error { return restmachine.ErrNotFound })
	pages := app.Get("/pages/{id}", func(p *page) *page { return p })
	pages.Put(func(p *page, in restmachine.Body[page], s *shelf, _ nameless) *page { return s.store(&in.Value) })
	pages.Delete((*shelf).remove)
	app.Get("/numbers/{n}", func(in restmachine.Path[struct {
		N int `path:"n"`
	}], query restmachine.Query[struct {
		Max int `query:"max"`
	}], field restmachine.Header[tenant], cookie restmachine.Cookie[struct {
		ID string `cookie:"session"`
	}], note restmachine.Optional[*page]) (*restmachine.Reply[int], error) {
		return restmachine.NewReply(200, in.Value.N), nil
	})
	return app
}

// A tenant is read from the header.
type tenant struct {
	Name string `header:"X-Tenant" default:"nobody"`
}

func (s *shelf) remove(_ *page) error {
	if s.store(nil); s.page != nil {
		return errors.New("not removed")
	}
	return nil
}

// TestSignatures: the file beside this one registers what it can, and names the rest.
func TestSignatures(t *testing.T) {
	app := newSigned()
	restmachinetest.Signatures(t, app, "signatures_gen_test.go")
	callbacks, err := app.Callbacks()
	require.NoError(t, err)
	for _, c := range callbacks {
		takesNameless := false
		for in := range c.Type.Ins() {
			takesNameless = takesNameless || in.Name() == "nameless"
		}
		for out := range c.Type.Outs() {
			takesNameless = takesNameless || out.Name() == "nameless"
		}
		assert.Equal(t, takesNameless, c.Reflected, "%s %s", c.Name, c.Type)
	}
	client := restmachinetest.NewClient(app)
	tag := client.Get("/pages/1").Expect(t).Status(200).Body("a").ETag()
	client.Put("/pages/1").IfMatch(tag).Body("text/plain", "b").Expect(t).Status(200)
	client.Get("/pages/1").IfNoneMatch(tag).Expect(t).Status(200).Body("b")
	client.Get("/numbers/7?max=3").Expect(t).Status(200).Body("7")
	client.Delete("/pages/1").Expect(t).Status(403)
}

// TestStaleSignatures: a file that lacks a type, or has one too many, is reported.
func TestStaleSignatures(t *testing.T) {
	t.Setenv("UPDATE_SIGNATURES", "")
	app := newSigned()
	t.Run("no file", func(t *testing.T) {
		faults := reports(t, func(t testing.TB) { restmachinetest.Signatures(t, app, "no_such_file_test.go") })
		assert.Equal(t, []string{"no_such_file_test.go is stale: it does not exist, or is empty; run\n" +
			"\tUPDATE_SIGNATURES=1 go test -run '^TestStaleSignatures$' ."}, faults)
	})
	t.Run("another App", func(t *testing.T) {
		other := restmachine.New(quiet)
		other.Get("/", func() (int8, error) { return 1, nil })
		faults := reports(t, func(t testing.TB) { restmachinetest.Signatures(t, other, "signatures_gen_test.go") })
		require.Len(t, faults, 1)
		assert.Contains(t, faults[0], "it lacks fast.Call0x2[int8, error]()")
		assert.Contains(t, faults[0], "no callback needs fast.Call1x1[*page, *page]()")
	})
	t.Run("an App with faults", func(t *testing.T) {
		faulty := restmachine.New(quiet)
		faulty.Get("/", func(*page) int { return 1 })
		faults := reports(t, func(t testing.TB) { restmachinetest.Signatures(t, faulty, "signatures_gen_test.go") })
		require.Len(t, faults, 1)
		assert.Contains(t, faults[0], "wiring fault")
	})
	t.Run("a file that the test does not build", func(t *testing.T) {
		t.Setenv("UPDATE_SIGNATURES", "1")
		other := restmachine.New(quiet)
		other.Get("/", func() (int16, error) { return 1, nil })
		const file = "signatures_gen_unbuilt_test.go"
		t.Cleanup(func() { os.Remove(file) })
		assert.Empty(t, reports(t, func(t testing.TB) { restmachinetest.Signatures(t, other, file) }), "it is written")
		faults := reports(t, func(t testing.TB) { restmachinetest.Signatures(t, other, file) })
		require.Len(t, faults, 1)
		assert.Contains(t, faults[0], "registers func() (int16, error), and restmachinetest_test.TestStaleSignatures")
	})
}
