// This file finds the pages of the site. The file system of the repository comes in. The pages go
// out, each with the address that it has on the site.

package guide

import (
	"io/fs"
	"path"
	"strings"
)

// notFound is the file that a server shows instead of a page that does not exist.
const notFound = "404.html"

// others are the pages that do not stand in docs.
var others = []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "examples/README.md"}

// A page is one Markdown file, or it shows another file or a folder of the repository.
type page struct {
	source  string // of Markdown, below the repository: docs/start.md
	address string // below the site: "" or start/
	text    []byte
	title   string
	html    string
	parts   []part
}

// A part of a page is a heading with the text below it: what the search finds.
type part struct{ anchor, heading, text string }

// collect reads all pages. Their addresses are by name of the source.
func collect(repo fs.FS) (pages []*page, err error) {
	names := others
	err = fs.WalkDir(repo, "docs", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) == ".md" {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(repo, name)
		if err != nil {
			return nil, err
		}
		pages = append(pages, &page{source: name, address: address(name), text: text})
	}
	return pages, nil
}

// address is where a page stands on the site: README.md at the top, docs/README.md at guide/,
// docs/start.md at start/, docs/cookbook/README.md at cookbook/.
func address(source string) string {
	switch source {
	case "README.md":
		return ""
	case "docs/README.md":
		return "guide/"
	}
	name := strings.TrimSuffix(strings.TrimPrefix(source, "docs/"), ".md")
	return strings.ToLower(strings.TrimSuffix(name, "/README")) + "/"
}
