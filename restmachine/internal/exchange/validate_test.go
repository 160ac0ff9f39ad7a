package exchange_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

var errQuota = errors.New("quota")

// judged says of a word what Validate says.
func judged(word string) error {
	switch word {
	case "bad":
		return errors.New("the word is bad")
	case "quota":
		return errQuota
	case "teapot":
		return &restmachine.Problem{Status: 418, Detail: "short and stout"}
	case "gone":
		return restmachine.ErrGone
	case "panic":
		panic(harness.Secret)
	}
	return nil
}

type (
	byValue struct {
		Word string `path:"word" query:"word" json:"word"`
	}
	byPointer struct {
		Word string `path:"word" query:"word" json:"word"`
	}
	embedding struct{ byValue }
)

func (v byValue) Validate() error    { return judged(v.Word) }
func (v *byPointer) Validate() error { return judged(v.Word) }

// TestValidate: a Validate is honoured wherever a value is read: a path that it refuses is
// 404, a query 400, content 422, unless the error says something else.
func TestValidate(t *testing.T) {
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.MapError(errQuota, &restmachine.Problem{Status: 429})
		app.Get("/path/value/{word}", func(restmachine.Path[byValue]) {})
		app.Get("/path/pointer/{word}", func(restmachine.Path[byPointer]) {})
		app.Get("/path/embedded/{word}", func(restmachine.Path[embedding]) {})
		app.Get("/query/value", func(restmachine.Query[byValue]) {}).Delete(func(restmachine.Query[byValue]) {})
		app.Get("/query/pointer", func(restmachine.Query[byPointer]) {})
		app.Get("/query/embedded", func(restmachine.Query[embedding]) {})
		app.Post("/body/value", func(restmachine.Body[byValue]) {}).Put(func(restmachine.Body[byValue]) {})
		app.Post("/body/pointer", func(restmachine.Body[byPointer]) {})
		loaded := app.Group("/loaded")
		loaded.ResourceExists(func(path restmachine.Path[byPointer]) *harness.Ship { return &harness.Ship{} })
		loaded.Put("/{word}", func(*harness.Ship) {})
		loaded.Get("/{word}", func(s *harness.Ship) {})
		gated := app.Group("/gated")
		gated.Forbidden(func(restmachine.Query[byValue]) bool { return false })
		gated.Get("/", func() {})
	})
	statuses := map[string]int{"fine": 204, "quota": 429, "teapot": 418, "gone": 410, "panic": 500}
	for target, refused := range map[string]int{
		"GET /path/value/": 404, "GET /path/pointer/": 404, "GET /path/embedded/": 404, "PUT /loaded/": 404, "GET /loaded/": 404,
		"GET /query/value?word=": 400, "DELETE /query/value?word=": 400, "GET /query/pointer?word=": 400, "GET /query/embedded?word=": 400, "GET /gated/?word=": 400,
		"POST /body/value": 422, "PUT /body/value": 422, "POST /body/pointer": 422,
	} {
		statuses["bad"] = refused
		method, path, _ := strings.Cut(target, " ")
		for word, want := range statuses {
			at, body := path+word, ""
			if refused == 422 {
				at, body = path, `{"word":"`+word+`"}`
			}
			resp := x.Want(want, method, at, body)
			x.Discreet(resp)
			if word == "bad" {
				assert.Contains(t, string(resp.Body), "the word is bad", target)
			}
			w := httptest.NewRecorder()
			x.App.ServeHTTP(w, wireRequest(harness.RequestOf(method, at, body)))
			assert.Equal(t, want, w.Code, "%s %s on the wire", target, word)
			assert.Equal(t, want == 500, strings.Contains(x.Log.Take(), "ERROR"), "%s %s", target, word)
		}
	}
}
