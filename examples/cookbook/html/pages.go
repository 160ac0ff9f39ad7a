// How a note, a list and an error become pages.

package main

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

const htmlType = "text/html; charset=utf-8"

//go:embed pages.html
var source string

// A Design is the templates, and a version that changes when they do.
type Design struct {
	pages   *template.Template
	version string
}

// NewDesign parses templates.
func NewDesign(source string) (Design, error) {
	pages, err := template.New("").Parse(source)
	sum := sha256.Sum256([]byte(source))
	return Design{pages, fmt.Sprintf("%x", sum[:4])}, err
}

// page makes a page. A template that fails halfway makes a 500, and not half a page.
func (d Design) page(name string, data any) (string, error) {
	var text strings.Builder
	err := d.pages.ExecuteTemplate(&text, name, data)
	return text.String(), err
}

// problem makes the page of an error. A form that was refused is on it, with what was typed.
func problem(p *restmachine.Problem, content restmachine.Body[[]byte], d Design) (string, error) {
	data := map[string]any{"Problem": p}
	if form, err := url.ParseQuery(string(content.Value)); err == nil && form.Has("title") {
		data["Sent"] = readForm(form)
	}
	return d.page("problem", data)
}

func readForm(form url.Values) Note {
	return Note{Title: form.Get("title"), Text: form.Get("text"), Seen: form.Get("seen")}
}

// protect lets a page send its forms to this service, and load and run nothing.
func protect(r *restmachine.Response) {
	if r.Header.Get("Content-Type") == htmlType {
		r.Header.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	}
}
