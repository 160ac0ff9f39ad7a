// Invalid: all that is wrong with a value, in one answer.

package restmachine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// An Order says what an order must have, and so do its Items.
type Order struct {
	Email string `json:"email"`
	Items []Item `json:"items"`
}

// An Item is what is ordered.
type Item struct {
	SKU string `json:"sku"`
}

// Validate finds all that is wrong with an order.
func (o Order) Validate() error {
	var bad restmachine.Invalid
	if !strings.Contains(o.Email, "@") {
		bad.Add("/email", "must be an e-mail address")
	}
	for i, item := range o.Items {
		bad.At(restmachine.Pointer("items", i), item.Validate())
	}
	return bad.Err()
}

// Validate finds what is wrong with an item.
func (i Item) Validate() error {
	var bad restmachine.Invalid
	if i.SKU == "" {
		bad.Add("/sku", "is required")
	}
	return bad.Err()
}

// Two mistakes are one answer. A value of the wrong type has its place, too.
func ExampleInvalid() {
	app := restmachine.New()
	app.Post("/orders", func(restmachine.Body[Order]) {})

	for _, content := range []string{`{"email":"x","items":[{"sku":"a"},{}]}`, `{"email":"a@b.example","items":[{"sku":7}]}`} {
		var said struct{ Errors []restmachine.FieldError }
		resp := app.Execute(restmachine.Request{Method: "POST", Path: "/orders", Body: []byte(content)})
		fmt.Println(resp.StatusCode, json.Unmarshal(resp.Body, &said))
		for _, e := range said.Errors {
			fmt.Println(e)
		}
	}
	// Output:
	// 422 <nil>
	// #/email: must be an e-mail address
	// #/items/1/sku: is required
	// 422 <nil>
	// #/items/0/sku: must be a string, not a number
}

// Nothing was added: it is valid.
func ExampleInvalid_Err() {
	var bad restmachine.Invalid
	fmt.Println(bad.Err())
	// Output: <nil>
}

func ExampleInvalid_Add() {
	var bad restmachine.Invalid
	bad.Add("/items/1/sku", "is required")
	bad.Add("", "is one order too many")
	fmt.Println(bad.Err())
	// Output: /items/1/sku: is required; is one order too many
}

func ExampleInvalid_Error() {
	var bad restmachine.Invalid
	bad.Add("page", "must be at least 1")
	fmt.Println(bad.Error())
	// Output: /page: must be at least 1
}

// What is wrong with a part is added with the place of the part in front.
func ExampleInvalid_At() {
	var bad restmachine.Invalid
	bad.At("/first", Item{SKU: "a"}.Validate())
	bad.At("/second", Item{}.Validate())
	bad.At("/third", errors.New("is not in stock"))
	fmt.Println(bad.Err())
	// Output: /second/sku: is required; /third: is not in stock
}

// An error with a status of its own keeps it.
func ExampleInvalid_Unwrap() {
	var bad restmachine.Invalid
	bad.At("/customer", fmt.Errorf("customer 7: %w", restmachine.ErrGone))
	fmt.Println(errors.Is(bad.Err(), restmachine.ErrGone), bad.Unwrap())
	// Output: true /customer: customer 7: gone
}

func ExamplePointer() {
	fmt.Println(restmachine.Pointer("items", 1, "price/€"))
	// Output: /items/1/price~1€
}

// JSON:API has another form for the same list.
func ExampleFieldError() {
	app := restmachine.New()
	app.RenderError(func(p *restmachine.Problem) any {
		fields, _ := p.Extensions["errors"].([]restmachine.FieldError)
		var all []any
		for _, e := range fields {
			all = append(all, map[string]any{"detail": e.Detail, "source": map[string]string{"pointer": strings.TrimPrefix(e.Pointer, "#")}})
		}
		return map[string]any{"errors": all}
	})
	app.Post("/orders", func(restmachine.Body[Order]) {})

	show(app.Execute(restmachine.Request{Method: "POST", Path: "/orders", Body: []byte(`{"email":"x"}`)}))
	// Output: 422 {"errors":[{"detail":"must be an e-mail address","source":{"pointer":"/email"}}]}
}
