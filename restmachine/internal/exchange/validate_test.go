package exchange_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

// A calendarDay reads what its UnmarshalText takes, and says in its own words what it does not.
type calendarDay string

func (d *calendarDay) UnmarshalText(text []byte) error {
	var bad restmachine.Invalid
	if _, err := time.Parse(time.DateOnly, string(text)); err != nil {
		bad.Add("", "must be a day such as 2026-12-24")
	}
	*d = calendarDay(text)
	return bad.Err()
}

// A plainDay returns the error as it got it.
type plainDay struct{ day time.Time }

func (d *plainDay) UnmarshalText(text []byte) (err error) {
	d.day, err = time.Parse(time.DateOnly, string(text))
	return err
}

type secretive string

func (*secretive) UnmarshalText([]byte) error { return errors.New(harness.Secret) }

// TestWhatAnUnmarshalTextSays: an Invalid is for the client. Every other error stays inside.
func TestWhatAnUnmarshalTextSays(t *testing.T) {
	type dates struct {
		Due   calendarDay `json:"due,omitzero" query:"due"`
		Plain *plainDay   `json:"plain" query:"plain"`
		Other secretive   `json:"other,omitzero" query:"other"`
	}
	p := harness.NewPort(t)
	p.Post("/", func(restmachine.Body[dates]) {})
	p.Get("/", func(restmachine.Query[dates]) {})
	p.Post("/list", func(restmachine.Body[[]calendarDay]) {})
	p.Valid()
	for _, row := range []struct {
		path, body string // no body: a GET
		status     int
		want       string
	}{
		{"/", `{"due":"tomorrow"}`, 422, `"errors":[{"pointer":"#/due","detail":"must be a day such as 2026-12-24"}]`},
		{"/list", `["2026-12-24","tomorrow"]`, 422, `{"pointer":"#/1","detail":"must be a day such as 2026-12-24"}`},
		{"/?due=tomorrow", "", 400, `"errors":[{"parameter":"due","detail":"must be a day such as 2026-12-24"}]`},
		{"/?due=tomorrow&plain=x", "", 400, `{"parameter":"plain","detail":"has the illegal value \"x\""}`},
		{"/", `{"plain":"tomorrow"}`, 422, `is not a date and time like 2006-01-02"`},
		{"/", `{"other":"x"}`, 422, `is not acceptable`},
		{"/?other=x", "", 400, `has the illegal value \"x\"`},
		{"/", `{"due":"2026-12-24"}`, 204, ""},
	} {
		method := "POST"
		if row.body == "" {
			method = "GET"
		}
		resp := p.Do(method, row.path, row.body, "Content-Type", "application/json")
		assert.Equal(t, row.status, resp.StatusCode, "%s %s", row.path, row.body)
		assert.Contains(t, string(resp.Body), row.want, "%s %s", row.path, row.body)
		assert.NotContains(t, string(resp.Body), harness.Secret)
	}
}
