// This file writes the site. The file system of the repository and a folder come in. Pages, pictures,
// the theme and the index of the search are in the folder afterwards.

package guide

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/styles"

	"github.com/restmachine/restmachine-go/examples/site/theme"
)

// Options say what else the site has.
type Options struct {
	// Playground is the address of the playground below the site, such as "play/". Each page links to it.
	// Build does not write it. Default: none.
	Playground string
}

// Build writes the site of a repository into the folder dir, which is made if it is missing. Files that
// are there and that are not of the site stay.
func Build(repo fs.FS, dir string, o Options) error {
	pages, err := collect(repo)
	if err != nil {
		return err
	}
	tr := newTranslator(repo, pages)
	for _, p := range pages {
		if err := tr.translate(p); err != nil {
			return err
		}
	}
	chapters, err := tr.navigation()
	if err != nil {
		return err
	}
	files, err := tr.show()
	if err != nil {
		return err
	}
	w := writer{dir: dir, options: o}
	for _, p := range slices.Concat(pages, files) {
		w.page(p, chapters)
	}
	w.page(lost(), chapters)
	for name := range tr.assets {
		content, err := fs.ReadFile(repo, name)
		w.keep(err)
		w.file(asset(name), content)
	}
	w.file("search.json", index(pages))
	w.theme()
	return w.err
}

// A writer writes files into a folder until one cannot be written.
type writer struct {
	dir     string
	options Options
	err     error // the first
}

func (w *writer) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) file(name string, content []byte) {
	if w.err != nil {
		return
	}
	name = filepath.Join(w.dir, filepath.FromSlash(name))
	w.keep(os.MkdirAll(filepath.Dir(name), 0o755))
	w.keep(os.WriteFile(name, content, 0o644))
}

var layout = template.Must(template.ParseFS(theme.Files, "layout.html"))

// A view is what the layout shows.
type view struct {
	Title, Home, Source, Playground string
	Content                         template.HTML
	Chapters                        []chapter
	Before, After                   *entry
	page                            *page
}

// To is the link to an entry.
func (v view) To(e entry) string { return v.page.relative(e.page.address) }

// Current reports whether an entry is the page that is shown.
func (v view) Current(e entry) bool { return v.page == e.page }

func (w *writer) page(p *page, chapters []chapter) {
	v := view{Title: p.title, Home: p.relative(""), Source: p.source, Content: template.HTML(p.html), Chapters: chapters, page: p}
	if o := w.options; o.Playground != "" {
		v.Playground = p.relative(o.Playground)
	}
	v.Before, v.After = around(chapters, p)
	var out bytes.Buffer
	if err := layout.Execute(&out, v); err != nil {
		w.keep(fmt.Errorf("%s: %w", p.source, err))
	}
	name := path.Join(p.address, "index.html")
	if p.address == notFound {
		name = notFound
	}
	w.file(name, out.Bytes())
}

// lost is the page for addresses that do not exist. A server shows it at any depth, so its links begin
// at the top of the server.
func lost() *page {
	return &page{address: notFound, title: "Not found",
		html: "<h1>Not found</h1>\n<p>There is no page at this address. The list of pages and the search may help.</p>\n"}
}

// index is what the search looks through: each part of each page of the guide. Files of the repository are
// not in it.
func index(pages []*page) []byte {
	type found struct {
		Address string `json:"a"`
		Page    string `json:"p"`
		Heading string `json:"h"`
		Text    string `json:"t"`
	}
	var all []found
	for _, p := range pages {
		for i, part := range p.parts {
			address := path.Join(".", p.address) + "/"
			if i > 0 {
				address += "#" + part.anchor
			}
			all = append(all, found{address, p.title, part.heading, part.text})
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // strings only
	}
	return text
}

// theme writes the style, the scripts, and the colours of code for light and dark screens.
func (w *writer) theme() {
	for _, name := range []string{"site.css", "site.js", "icon.svg"} {
		content, err := theme.Files.ReadFile(name)
		w.keep(err)
		w.file("theme/"+name, content)
	}
	var css bytes.Buffer
	formatter := html.New(html.WithClasses(true))
	w.keep(formatter.WriteCSS(&css, styles.Get("github")))
	css.WriteString("@media (prefers-color-scheme: dark) {\n")
	w.keep(formatter.WriteCSS(&css, styles.Get("github-dark")))
	css.WriteString("}\n")
	w.file("theme/code.css", css.Bytes())
}
