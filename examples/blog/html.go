// This file offers HTML pages for the posts, beside the JSON. A second representation
// needs only a renderer. Tags, dates and preconditions work for both.

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

var pages = template.Must(template.ParseFS(files, "html/*.html"))

// showPages offers HTML to clients that ask for it. JSON comes first: clients that
// do not ask get it, and its tags are plain.
func showPages(app *restmachine.App) {
	app.Provides("application/json", func(p *Post) any { return p })
	app.Provides(htmlType, func(p *Post) (string, error) { return render("post.html", p) })
	app.Provides("application/json", func(list *PostPage) any { return list })
	app.Provides(htmlType, func(list *PostPage) (string, error) { return render("list.html", list) })
	app.FinishRequest(protectPages)

	static, _ := fs.Sub(files, "html/static") // fails only for a name that is not a path
	app.Get("/static/{path...}", restmachine.Files(static))
}

func render(name string, data any) (string, error) {
	var page strings.Builder
	err := pages.ExecuteTemplate(&page, name, data)
	return page.String(), err
}

// protectPages lets a page use only what this program serves. A script in the text of a
// post cannot run.
func protectPages(resp *restmachine.Response) {
	if resp.Header.Get("Content-Type") == htmlType {
		resp.Header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
			"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
	}
}
