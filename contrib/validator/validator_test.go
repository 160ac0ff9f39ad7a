package validator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	playground "github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/validator"
	"github.com/restmachine/restmachine-go/restmachine"
)

type (
	base struct {
		Key string `json:"key" validate:"required"`
	}
	item struct {
		SKU string `json:"sku" validate:"required"`
		N   int    `json:"n" validate:"min=1,max=9"`
	}
	order struct {
		base
		Email   string            `json:"email" validate:"required,email"`
		Items   []item            `json:"items" validate:"min=1,dive"`
		ByName  map[string]*item  `json:"by/name" validate:"dive"`
		Labels  map[string]string `json:"labels" validate:"dive,keys,max=4,endkeys,required"`
		Gift    *item             `json:"gift"`
		Dotted  string            `json:"a.b" validate:"omitempty,uuid"`
		Unnamed int               `validate:"oneof=0 1 2"`
		Next    *order            `json:"next"`
	}
)

const fine = `"key":"k","email":"a@b.example","items":[{"sku":"a","n":1}]`

// post sends JSON to an App that validates by tags.
func post[T any](t *testing.T, content string, options ...restmachine.Option) restmachine.Response {
	t.Helper()
	app := restmachine.New(append([]restmachine.Option{validator.New()}, options...)...)
	app.Post("/", func(restmachine.Body[T]) {})
	require.NoError(t, app.Validate())
	return app.Execute(restmachine.Request{Method: "POST", Path: "/", Body: []byte(content)})
}

// listed are the errors of a problem, one "pointer: detail" each.
func listed(t *testing.T, resp restmachine.Response) (lines []string) {
	t.Helper()
	var said struct{ Errors []restmachine.FieldError }
	require.NoError(t, json.Unmarshal(resp.Body, &said), "%s", resp.Body)
	for _, e := range said.Errors {
		lines = append(lines, e.String())
	}
	return lines
}

func TestPointersOfTags(t *testing.T) {
	for _, row := range []struct {
		content string
		want    []string
		why     string
	}{
		{`{` + fine + `}`, nil, "nothing is wrong"},
		{`{"key":"k","email":"x","items":[{"sku":"a","n":1},{"n":12}]}`,
			[]string{"#/email: must be an e-mail address", "#/items/1/sku: is required", "#/items/1/n: must be at most 9"}, "three mistakes, one answer"},
		{`{"email":"a@b.example","items":[]}`, []string{"#/key: is required", "#/items: must have at least 1 element"},
			"what is embedded has no name of its own in JSON"},
		{`{` + fine + `,"by/name":{"x].y":{"sku":"a"},"a/b":{"sku":"a","n":1}}}`, []string{"#/by~1name/x%5D.y/n: must be at least 1"}, "any key, escaped"},
		{`{` + fine + `,"labels":{"a":"","long~":"x"}}`,
			[]string{"#/labels/a: is required", "#/labels/long~0: must have at most 4 characters"}, "keys and elements of a map"},
		{`{` + fine + `,"gift":{"n":1}}`, []string{"#/gift/sku: is required"}, "through a pointer"},
		{`{` + fine + `,"a.b":"x"}`, []string{"#/a.b: must be a UUID"}, "a name with a dot"},
		{`{` + fine + `,"Unnamed":3}`, []string{"#/Unnamed: must be one of 0, 1, 2"}, "no tag: the field's name"},
		{`{` + fine + `,"next":{` + fine + `,"next":{"key":"k","email":"x@y.example","items":[{}]}}}`,
			[]string{"#/next/next/items/0/sku: is required", "#/next/next/items/0/n: must be at least 1"}, "recursive"},
	} {
		resp := post[order](t, row.content)
		if row.want == nil {
			assert.Equal(t, 204, resp.StatusCode, "%s: %s", row.why, resp.Body)
			continue
		}
		assert.Equal(t, 422, resp.StatusCode, row.why)
		assert.ElementsMatch(t, row.want, listed(t, resp), row.why)
	}
}

func TestValuesThatAreNoStructs(t *testing.T) {
	assert.Equal(t, []string{"#/1/sku: is required"}, listed(t, post[[]item](t, `[{"sku":"a","n":1},{"n":1}]`)), "elements")
	assert.Equal(t, []string{"#/a/0/n: must be at least 1"}, listed(t, post[map[string][]*item](t, `{"a":[{"sku":"a"}]}`)), "elements of elements")
	assert.Equal(t, []string{"#/sku: is required"}, listed(t, post[*item](t, `{"n":1}`)), "a pointer")
	for _, content := range []string{`"text"`, `7`, `[1]`, `{"a":1}`, `null`} {
		assert.Equal(t, 204, post[any](t, content).StatusCode, content)
	}
	assert.Equal(t, 204, post[time.Time](t, `"2024-01-01T00:00:00Z"`).StatusCode)
	assert.Equal(t, 204, post[[]int](t, `[0]`).StatusCode)
}

func TestManyMistakes(t *testing.T) {
	resp := post[[]item](t, "["+strings.TrimSuffix(strings.Repeat(`{"n":1},`, 5000), ",")+"]")
	assert.Len(t, listed(t, resp), 100)
	assert.Contains(t, string(resp.Body), "the content has 5000 errors; the first 100 are listed")
}

// TestEverythingThatIsRead: queries, paths, fields and cookies are named by their tags, and the
// result of a patch is validated as content is.
func TestEverythingThatIsRead(t *testing.T) {
	type page struct {
		Size int    `query:"size" validate:"max=100"`
		Sort string `query:"sort" validate:"omitempty,oneof=name date"`
	}
	type place struct {
		ID int `path:"id" validate:"min=1"`
	}
	app := restmachine.New(validator.New())
	app.Get("/", func(restmachine.Query[page]) {})
	app.Get("/{id}", func(restmachine.Path[place]) {})
	app.Get("/fields", func(restmachine.Header[struct {
		Tenant string `header:"X-Tenant" default:"public" validate:"min=2"`
	}], restmachine.Cookie[struct {
		Visits int `cookie:"visits" validate:"min=1"`
	}]) {
	})
	app.Patch("/", func(in restmachine.Body[restmachine.MergePatch[item]]) (item, error) {
		return in.Value.Apply(item{"a", 1})
	})
	get := func(method, path, content string) restmachine.Response {
		return app.Execute(restmachine.Request{Method: method, Path: path, Body: []byte(content)})
	}
	resp := get("GET", "/?size=101&sort=x", "")
	assert.Equal(t, 400, resp.StatusCode)
	assert.Equal(t, []string{"size: must be at most 100", "sort: must be one of name, date"}, listed(t, resp))
	fields := app.Execute(restmachine.Request{Path: "/fields", Header: http.Header{"X-Tenant": {"x"}, "Cookie": {"visits=0"}}})
	assert.Equal(t, 400, fields.StatusCode)
	assert.Equal(t, []string{"X-Tenant: must have at least 2 characters"}, listed(t, fields))
	fields = app.Execute(restmachine.Request{Path: "/fields", Header: http.Header{"Cookie": {"visits=0"}}})
	assert.Equal(t, []string{"visits: must be at least 1"}, listed(t, fields))
	resp = get("GET", "/0", "")
	assert.Equal(t, 404, resp.StatusCode)
	assert.Equal(t, []string{"id: must be at least 1"}, listed(t, resp))
	resp = get("PATCH", "/", `{"sku":null,"n":10}`)
	assert.Equal(t, 422, resp.StatusCode)
	assert.Equal(t, []string{"#/sku: is required", "#/n: must be at most 9"}, listed(t, resp))
	assert.Equal(t, 200, get("PATCH", "/", `{"n":9}`).StatusCode)
}

type both struct {
	Name string `json:"name" validate:"required"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

func (b both) Validate() error {
	var bad restmachine.Invalid
	if b.To < b.From {
		bad.Add("/to", "must not be before from")
	}
	return bad.Err()
}

func TestBesideAValidateMethod(t *testing.T) {
	assert.Equal(t, []string{"#/to: must not be before from", "#/name: is required"}, listed(t, post[both](t, `{"from":2,"to":1}`)))
}

// TestTagsThatCannotBeMeant: they are found before any request, each with its field.
func TestTagsThatCannotBeMeant(t *testing.T) {
	app := restmachine.New(validator.New())
	app.Post("/1", func(restmachine.Body[struct {
		A string `validate:"requird"`
	}]) {
	})
	app.Post("/2", func(restmachine.Body[struct {
		A []struct {
			B int `validate:"omitempty,oneof=2,min=two"`
		}
	}]) {
	})
	app.Post("/3", func(restmachine.Body[map[string]*struct {
		A bool `validate:"required,min=1"`
	}]) {
	})
	app.Post("/4", func(restmachine.Body[struct {
		A string `validate:"dive,email"`
	}]) {
	})
	app.Post("/5", func(restmachine.Body[struct {
		A map[string]int `validate:"keys,email,endkeys,dive"`
	}]) {
	})
	app.Post("/6", func(restmachine.Body[struct {
		A string `validate:"eqfield=B"`
	}]) {
	})
	app.Get("/7", func(restmachine.Query[struct {
		A int `query:"a" validate:"required_if=B"`
	}]) {
	})
	app.Patch("/8", func(restmachine.Body[restmachine.MergePatch[struct {
		A map[string]string `validate:"dive,keys,nope,endkeys"`
	}]]) {
	})
	err := app.Validate()
	require.Error(t, err)
	for _, says := range []string{
		"`validate:\"requird\"` of struct { A string", "Undefined validation function 'requird'",
		`strconv.ParseInt: parsing "two"`,
		"Bad field type bool",
		"dive is for slices, arrays and maps, and not for a string",
		"'keys' tag must be immediately preceded by the 'dive' tag",
		"does not have a field B",
		"Bad param number for required_if",
		"Undefined validation function 'nope'",
	} {
		assert.ErrorContains(t, err, says)
	}
	assert.Equal(t, 8, strings.Count(err.Error(), "cannot be validated"))
}

// TestTagsThatCanBeMeant: none of them is taken for a mistake.
func TestTagsThatCanBeMeant(t *testing.T) {
	type tree struct {
		Name  string            `validate:"required,min=1,max=20"`
		Child []*tree           `validate:"omitempty,dive,required"`
		Names map[string]string `validate:"dive,keys,required,alpha,endkeys,max=3"`
		When  time.Time         `validate:"required,gt"`
		Wait  time.Duration     `validate:"min=1s,max=1h"`
		Same  string            `validate:"eqfield=Name"`
		Color string            `validate:"iscolor|eq=none"`
		Any   any               `validate:"omitempty,min=1"`
		Off   int               `validate:"-"`
		Deep  [][]int           `validate:"dive,dive,min=1"`
		Ptr   *int              `validate:"omitempty,gte=3"`
		Date  string            `validate:"datetime=2006-01-02"`
		Other string            `validate:"required_with=Name Off"`
	}
	app := restmachine.New(validator.New())
	app.Post("/", func(restmachine.Body[tree]) {})
	assert.NoError(t, app.Validate())
}

// TestTagsOfYourOwn may panic for values that they do not know.
func TestTagsOfYourOwn(t *testing.T) {
	type thing struct {
		Code string `json:"code" validate:"even"`
	}
	v := playground.New()
	require.NoError(t, v.RegisterValidation("even", func(f playground.FieldLevel) bool {
		return f.Parent().Interface().(thing).Code != "" && len(f.Field().String())%2 == 0
	}))
	app := restmachine.New(validator.With(v))
	app.Post("/", func(restmachine.Body[thing]) {})
	require.NoError(t, app.Validate())
	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/", Header: http.Header{"Accept": {"text/plain"}}, Body: []byte(`{"code":"abc"}`)})
	assert.Equal(t, "422 Unprocessable Content\n/code: is not valid: even\n", string(resp.Body))
}

func TestWords(t *testing.T) {
	type sizes struct {
		Text  string    `json:"text" validate:"len=2"`
		One   string    `json:"one" validate:"min=1"`
		Over  int       `json:"over" validate:"gt=3"`
		Under float64   `json:"under" validate:"lt=-3"`
		Past  time.Time `json:"past" validate:"lt"`
		List  []int     `json:"list" validate:"unique,max=2"`
		Next  string    `json:"next" validate:"eqfield=Text"`
	}
	assert.Equal(t, []string{
		"#/text: must have exactly 2 characters", "#/one: must have at least 1 character", "#/over: must be greater than 3",
		"#/under: must be less than -3", "#/past: must be in the past", "#/list: must not have the same element twice",
		"#/next: must be the same as Text",
	}, listed(t, post[sizes](t, `{"text":"abc","past":"2999-01-01T00:00:00Z","list":[1,1]}`)))
}

// The client gets all mistakes at once.
func ExampleNew() {
	type Order struct {
		Email string `json:"email" validate:"required,email"`
		Count int    `json:"count" validate:"min=1"`
	}
	app := restmachine.New(validator.New())
	app.Post("/orders", func(restmachine.Body[Order]) {})

	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/orders", Body: []byte(`{"email":"x"}`)})
	fmt.Println(resp.StatusCode, string(resp.Body))
	// Output:
	// 422 {"title":"Unprocessable Content","status":422,"detail":"the content has 2 errors","errors":[{"pointer":"#/email","detail":"must be an e-mail address"},{"pointer":"#/count","detail":"must be at least 1"}]}
}

// A validator that knows a tag of its user's.
func ExampleWith() {
	v := playground.New()
	v.RegisterAlias("sku", "alphanum,len=4")

	app := restmachine.New(validator.With(v))
	app.Get("/stock", func(restmachine.Query[struct {
		SKU string `query:"sku" validate:"sku"`
	}]) {
	})

	resp := app.Execute(restmachine.Request{Method: "GET", Path: "/stock?sku=x"})
	fmt.Println(resp.StatusCode, string(resp.Body))
	// Output:
	// 400 {"title":"Bad Request","status":400,"detail":"sku: must have exactly 4 characters","errors":[{"parameter":"sku","detail":"must have exactly 4 characters"}]}
}
