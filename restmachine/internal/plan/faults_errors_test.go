// Mappings of errors that could never match, and results that nothing can render.

package plan_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

type (
	codedError  struct{ Code int }
	matching    struct{ Code int }
	hidden      struct{ code int }
	byValue     struct{ Code int }
	embedsError struct{ codedError }
	textChannel chan int
)

func (*codedError) Error() string                { return "coded" }
func (*matching) Error() string                  { return "matching" }
func (*matching) Is(error) bool                  { return true }
func (*hidden) Error() string                    { return "hidden" }
func (byValue) Error() string                    { return "by value" }
func (*embedsError) Error() string               { return "embeds" }
func (textChannel) MarshalText() ([]byte, error) { return []byte("x"), nil }

func TestFaultsOfMappedErrors(t *testing.T) {
	to := restmachine.ErrNotFound
	rows := []struct {
		name string
		say  func(app *restmachine.App)
		says string
	}{
		{"a pointer with fields", func(app *restmachine.App) { app.MapError(&codedError{1}, to) }, "use MapErrorAs with a func(*plan_test.codedError) error"},
		{"such a pointer of another module", func(app *restmachine.App) { app.MapError(&fs.PathError{}, to) }, "use MapErrorAs with a func(*fs.PathError) error"},
		{"fields that are embedded", func(app *restmachine.App) { app.MapError(&embedsError{}, to) }, "use MapErrorAs"},
		{"a nil of it", func(app *restmachine.App) { app.MapError((*codedError)(nil), to) }, "use MapErrorAs"},
		{"on a Resource", func(app *restmachine.App) { app.Get("/y", func() {}).MapError(&codedError{1}, to) }, "use MapErrorAs"},
		{"with an Is method", func(app *restmachine.App) { app.MapError(&matching{1}, to) }, ""},
		{"a pointer without exported fields", func(app *restmachine.App) { app.MapError(&hidden{1}, to) }, ""},
		{"a sentinel", func(app *restmachine.App) { app.MapError(errors.New("x"), to) }, ""},
		{"a wrapped sentinel", func(app *restmachine.App) { app.MapError(fmt.Errorf("x: %w", io.EOF), to) }, ""},
		{"a value, which is compared", func(app *restmachine.App) { app.MapError(byValue{1}, to) }, ""},

		{"as: a pointer", func(app *restmachine.App) { app.MapErrorAs(func(*codedError) error { return to }) }, ""},
		{"as: a value", func(app *restmachine.App) { app.MapErrorAs(func(byValue) error { return to }) }, ""},
		{"as: an interface", func(app *restmachine.App) { app.MapErrorAs(func(interface{ Timeout() bool }) error { return to }) }, ""},
		{"as: any error", func(app *restmachine.App) { app.MapErrorAs(func(error) error { return to }) }, ""},
		{"as: the pointer is the error", func(app *restmachine.App) { app.MapErrorAs(func(codedError) error { return to }) }, "take a *plan_test.codedError, which is one"},
		{"as: no error", func(app *restmachine.App) { app.MapErrorAs(func(string) error { return to }) }, "takes a string, which is not an error"},
		{"as: no parameter", func(app *restmachine.App) { app.MapErrorAs(func() error { return to }) }, "pass a func(E) error"},
		{"as: two parameters", func(app *restmachine.App) { app.MapErrorAs(func(*codedError, io.Reader) error { return to }) }, "pass a func(E) error"},
		{"as: no result", func(app *restmachine.App) { app.MapErrorAs(func(*codedError) {}) }, "pass a func(E) error"},
		{"as: a Problem", func(app *restmachine.App) { app.MapErrorAs(func(*codedError) *restmachine.Problem { return nil }) }, "pass a func(E) error"},
		{"as: not a function", func(app *restmachine.App) { app.MapErrorAs(to) }, "is not a function"},
		{"as: nil", func(app *restmachine.App) { app.MapErrorAs(nil) }, "MapErrorAs"},
	}
	for _, row := range rows {
		app := restmachine.New()
		app.Get("/x", func() string { return "x" })
		row.say(app)
		err := app.Validate()
		if row.says == "" {
			assert.NoError(t, err, row.name)
		} else if assert.Error(t, err, row.name) {
			assert.Contains(t, err.Error(), row.says, row.name)
			assert.Contains(t, err.Error(), "faults_errors_test.go:", row.name)
		}
	}
}

func TestFaultsOfResults(t *testing.T) {
	rows := []struct {
		name    string
		handler restmachine.Func
		says    string
	}{
		{"a channel", func() chan int { return nil }, "GET /x returns chan int, and nothing renders a chan int"},
		{"a channel to read", func() <-chan string { return nil }, "nothing renders a <-chan string"},
		{"a function", func() func() { return nil }, "nothing renders a func()"},
		{"a complex number", func() (complex128, error) { return 0, nil }, "nothing renders a complex128"},
		{"half of one", func() complex64 { return 0 }, "nothing renders a complex64"},
		{"an unsafe pointer", func() unsafe.Pointer { return nil }, "unsafe.Pointer"},
		{"several", func() []chan int { return nil }, "returns []chan int, and nothing renders a chan int"},
		{"by name", func() map[string]*complex64 { return nil }, "nothing renders a complex64"},
		{"in a Reply", func() *restmachine.Reply[chan int] { return nil }, "GET /x returns chan int"},
		{"in a Reply, several", func() *restmachine.Reply[[2]func()] { return nil }, "nothing renders a func()"},
		{"a channel that writes itself", func() textChannel { return nil }, ""},
		{"an any", func() any { return nil }, ""},
		{"a Reply[any]", func() *restmachine.Reply[any] { return nil }, ""},
		{"a stream", func() io.Reader { return nil }, ""},
		{"numbers", func() []float64 { return nil }, ""},
		{"a channel that is rendered", func() chan bool { return nil }, ""},
	}
	for _, row := range rows {
		app := restmachine.New()
		app.Provides("text/plain", func(chan bool) string { return "x" })
		app.Get("/x", row.handler)
		err := app.Validate()
		if row.says == "" {
			assert.NoError(t, err, row.name)
		} else if assert.Error(t, err, row.name) {
			assert.Contains(t, err.Error(), row.says, row.name)
			assert.Contains(t, err.Error(), "Provides", row.name)
		}
	}
	p := harness.NewPort(t)
	p.Resource("/x").Handle("LOCK", func() chan int { return nil })
	assert.ErrorContains(t, p.Validate(), "LOCK /x returns chan int")
}
