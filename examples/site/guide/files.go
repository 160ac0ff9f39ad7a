// This file makes pages of other files of the repository: of each file and folder that a page links to, and
// of all below such a folder. A name comes in. A page goes out that shows the text of the file, or
// lists the folder. So a reader of the site needs nothing else.

package guide

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// below is where these pages stand on the site.
const below = "files/"

// shown returns the page of a file or a folder. Its content is made later, by show. It is nil for what is
// not text.
func (tr *translator) shown(name string, isFolder bool) (*page, error) {
	if p := tr.files[name]; p != nil {
		return p, nil
	}
	p := &page{title: name, address: below + name + "/"}
	if !isFolder {
		if path.Base(name) == "index.html" {
			p.address = below + name + ".text/" // the page of its folder is a file index.html
		}
		text, err := fs.ReadFile(tr.repo, name)
		if err != nil || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			return nil, err
		}
		p.text, tr.files[name] = text, p
		return p, nil
	}
	tr.files[name] = p
	entries, err := tr.entries(name)
	for _, e := range entries {
		if err == nil && tr.pageOf(path.Join(name, e.Name())) == nil {
			_, err = tr.shown(path.Join(name, e.Name()), e.IsDir())
		}
	}
	return p, err
}

// entries are what a folder lists: not what is hidden, not what tests and tools write, and not the
// tests of the library, which are longer than the library. The tests of the examples are there.
func (tr *translator) entries(folder string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(tr.repo, folder)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool {
		return strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "_test.go") && !strings.HasPrefix(folder, "examples/") || e.IsDir() && (e.Name() == "testdata" || e.Name() == "node_modules")
	}), err
}

// pageOf returns the page that shows what has this name: a page of the guide, a file, or a folder. A folder
// of the guide is shown by its README. It is nil if there is none.
func (tr *translator) pageOf(name string) *page {
	if p := tr.pages[name]; p != nil {
		return p
	}
	if p := tr.files[name]; p != nil {
		return p
	}
	if name == "." {
		return nil
	}
	return tr.pages[path.Join(name, "README.md")]
}

// show makes the HTML of all these pages. It returns them in the order of their names.
func (tr *translator) show() (all []*page, err error) {
	for name, p := range tr.files {
		var out strings.Builder
		fmt.Fprintf(&out, "<h1>%s</h1>\n", template.HTMLEscapeString(name))
		if folder := tr.pageOf(path.Dir(name)); folder != nil {
			fmt.Fprintf(&out, "<p>In the folder %s.</p>\n", anchor(p, folder, path.Dir(name)))
		}
		if p.text != nil {
			fmt.Fprintf(&out, "<pre tabindex=\"0\"><code>%s</code></pre>\n", template.HTMLEscapeString(string(p.text)))
		} else if err := tr.list(&out, p, name); err != nil {
			return nil, err
		}
		p.html = out.String()
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *page) int { return strings.Compare(a.address, b.address) })
	return all, nil
}

// list writes what is in a folder.
func (tr *translator) list(out *strings.Builder, p *page, folder string) error {
	entries, err := tr.entries(folder)
	out.WriteString("<ul>\n")
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		if to := tr.pageOf(path.Join(folder, e.Name())); to != nil {
			fmt.Fprintf(out, "<li>%s</li>\n", anchor(p, to, name))
			continue
		}
		fmt.Fprintf(out, "<li>%s</li>\n", template.HTMLEscapeString(name)) // a picture, or what is not text
	}
	out.WriteString("</ul>\n")
	return err
}

// anchor is a link from one page to another one.
func anchor(from, to *page, text string) string {
	return fmt.Sprintf(`<a href="%s">%s</a>`, template.HTMLEscapeString(from.relative(to.address)), template.HTMLEscapeString(text))
}
