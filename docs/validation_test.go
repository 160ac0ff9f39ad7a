// The answers on docs/validation.md are those of an App with the types of that page.

package docs_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

type (
	order struct {
		Email string `json:"email"`
		Items []item `json:"items"`
	}
	item struct {
		SKU   string
		Count int
	}
)

func (o order) Validate() error {
	var bad restmachine.Invalid
	if !strings.Contains(o.Email, "@") {
		bad.Add("/email", "must be an e-mail address")
	}
	for i, item := range o.Items {
		bad.At(restmachine.Pointer("items", i), item.Validate())
	}
	return bad.Err()
}

func (i item) Validate() error {
	var bad restmachine.Invalid
	if i.SKU == "" {
		bad.Add("/sku", "is required")
	}
	if i.Count > 9 {
		bad.Add("/count", "must be at most 9")
	}
	return bad.Err()
}

// TestAnswersToForms: three mistakes come back in one answer, and one of type with its pointer
// and what was expected.
func TestAnswersToForms(t *testing.T) {
	app := restmachine.New()
	app.Post("/", func(restmachine.Body[order]) {})
	var shown []string
	for _, b := range readPage(t, "docs/validation.md").blocks {
		if b.lang == "json" {
			shown = append(shown, b.text)
		}
	}
	sent := []string{`{"email":"x","items":[{"sku":"a"},{"count":10}]}`, `{"email":"x","items":[{"count":"ten"}]}`}
	require.Len(t, shown, len(sent))
	for i, content := range sent {
		resp := app.Execute(restmachine.Request{Method: "POST", Path: "/", Body: []byte(content)})
		assert.Equal(t, 422, resp.StatusCode)
		assert.JSONEq(t, shown[i], string(resp.Body))
	}
}
