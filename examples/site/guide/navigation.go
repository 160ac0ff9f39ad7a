// This file reads the order of the pages. docs/README.md comes in: its headings, and the links in
// the first column of its tables. The chapters of the site go out.

package guide

import (
	"fmt"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// A chapter is a heading of docs/README.md with the pages that its table lists.
type chapter struct {
	Heading string
	Entries []entry
}

// An entry is a page as docs/README.md names it.
type entry struct {
	Name string
	page *page
}

// navigation reads the chapters.
func (tr *translator) navigation() (chapters []chapter, err error) {
	guide := tr.pages["docs/README.md"]
	root := tr.markdown.Parser().Parse(text.NewReader(guide.text))
	err = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering {
				chapters = append(chapters, chapter{Heading: plain(n, guide.text)})
			}
		case *extast.TableCell:
			if !entering || n.PreviousSibling() != nil || n.Parent().Kind() == extast.KindTableHeader {
				break
			}
			link, ok := n.FirstChild().(*ast.Link)
			if !ok {
				return ast.WalkStop, fmt.Errorf("docs/README.md: %q in the first column of a table is not a link", plain(n, guide.text))
			}
			target, _, _ := strings.Cut(string(link.Destination), "#")
			to := tr.pages[path.Join("docs", target)]
			if to == nil {
				return ast.WalkStop, fmt.Errorf("docs/README.md lists %s, which is not a page of the site", link.Destination)
			}
			last := &chapters[len(chapters)-1]
			last.Entries = append(last.Entries, entry{plain(link, guide.text), to})
		}
		return ast.WalkContinue, nil
	})
	return chapters, err
}

// around are the pages before and after a page.
func around(chapters []chapter, p *page) (before, after *entry) {
	var all []entry
	for _, c := range chapters {
		all = append(all, c.Entries...)
	}
	for i := range all {
		if all[i].page != p {
			continue
		}
		if i > 0 {
			before = &all[i-1]
		}
		if i+1 < len(all) {
			after = &all[i+1]
		}
		break
	}
	return before, after
}
