// Pages for people. What the JSON shows comes in. HTML goes out, of the same resources, under
// the same URIs. Tags, dates and preconditions work for both.

package main

import (
	"embed"
	"html/template"
	"io/fs"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

const htmlType = "text/html; charset=utf-8"

//go:embed html
var files embed.FS

var pages = template.Must(template.ParseFS(files, "html/pages.tmpl"))

// A page is what has a template in pages.tmpl.
type page interface{ template() string }

func (*TeamList) template() string    { return "teams" }
func (*ProjectList) template() string { return "projects" }
func (*IssuePage) template() string   { return "issues" }
func (*Issue) template() string       { return "issue" }

// showPages offers HTML to clients that ask for it. JSON comes first: clients that do not ask get
// it, and its tags are plain. A renderer of an interface serves each type that implements it.
func showPages(app *restmachine.App) {
	app.Provides("application/json", func(v page) any { return v })
	app.Provides(htmlType, func(v page) (string, error) {
		var text strings.Builder
		err := pages.ExecuteTemplate(&text, v.template(), v)
		return text.String(), err
	})
	app.FinishRequest(protectPages)

	static, _ := fs.Sub(files, "html/static") // fails only for a name that is not a path
	app.Get("/{path...}", restmachine.Files(static))
	app.Post("/session", logIn).Problems(errInvalid)
}

// protectPages lets a page use only what this program serves. A script in the text of an issue
// cannot run. The page of the document has a policy of its own.
func protectPages(resp *restmachine.Response) {
	const policy = "Content-Security-Policy"
	if resp.Header.Get(policy) == "" && strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		resp.Header.Set(policy, "default-src 'none'; script-src 'self'; style-src 'self'; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	}
}
