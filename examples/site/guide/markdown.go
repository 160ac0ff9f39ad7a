// This file turns one page into HTML. Its Markdown comes in. HTML goes out, with a title, with
// anchors as GitHub spells them, with links that lead to pages of the site, and
// with the parts that the search finds.

package guide

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"

	"github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/yuin/goldmark"
	highlighting "github.com/yuin/goldmark-highlighting/v2"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A translator knows all pages, and what else the repository has.
type translator struct {
	repo     fs.FS
	pages    map[string]*page // by source
	files    map[string]*page // of the repository, which pages link to: by name
	assets   map[string]bool  // pictures of the repository: to be copied
	markdown goldmark.Markdown
}

func newTranslator(repo fs.FS, pages []*page) *translator {
	tr := &translator{repo: repo, pages: map[string]*page{}, files: map[string]*page{}, assets: map[string]bool{}}
	for _, p := range pages {
		tr.pages[p.source] = p
	}
	tr.markdown = goldmark.New(
		goldmark.WithExtensions(extension.GFM, highlighting.NewHighlighting(
			highlighting.WithFormatOptions(html.WithClasses(true), html.PreventSurroundingPre(false)))),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(silent{}, 1))))
	return tr
}

// translate fills in the title, the HTML and the parts of a page.
func (tr *translator) translate(p *page) error {
	ctx := parser.NewContext(parser.WithIDs(slugs{}))
	root := tr.markdown.Parser().Parse(text.NewReader(p.text), parser.WithContext(ctx))
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			target, err := tr.link(p, string(n.Destination))
			n.Destination = []byte(target)
			return ast.WalkContinue, err
		case *ast.Image:
			target, err := tr.link(p, string(n.Destination))
			n.Destination = []byte(target)
			n.SetAttributeString("loading", "lazy")
			return ast.WalkContinue, err
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return err
	}
	p.parts = parts(root, p.text)
	if len(p.parts) == 0 || p.parts[0].heading == "" {
		return fmt.Errorf("%s: the page does not begin with a heading", p.source)
	}
	p.title = p.parts[0].heading
	var out bytes.Buffer
	if err := tr.markdown.Renderer().Render(&out, p.text, root); err != nil {
		return fmt.Errorf("%s: %w", p.source, err)
	}
	p.html = scrollable(out.String())
	return nil
}

// scrollable puts each table into a box that scrolls, so that a wide table does not widen the page. The
// keyboard reaches what scrolls, and a heading of a table without text is not one.
func scrollable(html string) string {
	return strings.NewReplacer("<table>", `<div class="wide" tabindex="0" role="group" aria-label="Table"><table>`,
		"</table>", "</table></div>", "<th></th>", "<td></td>", "<pre", `<pre tabindex="0"`).Replace(html)
}

// link says where a link of a page leads to on the site.
func (tr *translator) link(from *page, target string) (string, error) {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "#") || strings.HasPrefix(target, "mailto:") {
		return target, nil
	}
	name, anchor, _ := strings.Cut(target, "#")
	if anchor != "" {
		anchor = "#" + anchor
	}
	name = path.Join(path.Dir(from.source), name)
	if to := tr.pageOf(name); to != nil {
		if to.source == "" {
			anchor = "" // the page of a file has none
		}
		return from.relative(to.address) + anchor, nil
	}
	info, err := fs.Stat(tr.repo, name)
	if err != nil {
		return "", fmt.Errorf("%s links to %s: %w", from.source, target, err)
	}
	ext := path.Ext(name)
	if ext == ".svg" || ext == ".png" {
		tr.assets[name] = true
		return from.relative(asset(name)) + anchor, nil
	}
	to, err := tr.shown(name, info.IsDir())
	if err == nil && to == nil {
		err = errors.New("this file is neither text nor a picture")
	}
	if err != nil {
		return "", fmt.Errorf("%s links to %s: %w", from.source, target, err)
	}
	return from.relative(to.address), nil
}

// asset is the address of a picture.
func asset(name string) string { return "pictures/" + path.Base(name) }

// relative is the link from a page to an address of the site.
func (p *page) relative(address string) string {
	if p.address == notFound {
		return "/" + address
	}
	up := strings.Repeat("../", strings.Count(p.address, "/"))
	if up+address == "" {
		return "./"
	}
	return up + address
}

// silent writes HTML as it stands, such as an anchor in a table. It leaves out comments: in them the tests
// find Go that a reader need not see.
type silent struct{}

func (silent) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHTMLBlock, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkSkipChildren, nil
	})
	reg.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		html := n.(*ast.RawHTML).Segments.Value(source)
		if entering && !bytes.HasPrefix(html, []byte("<!--")) {
			w.Write(html)
		}
		return ast.WalkSkipChildren, nil
	})
}

// slugs makes anchors as GitHub does.
type slugs map[string]int

func (s slugs) Generate(value []byte, _ ast.NodeKind) []byte {
	name := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, string(value))
	s[name]++
	if n := s[name]; n > 1 {
		name = fmt.Sprintf("%s-%d", name, n-1)
	}
	return []byte(name)
}

func (s slugs) Put(value []byte) { s[string(value)]++ }

// parts cuts a page at its headings.
func parts(root ast.Node, source []byte) (all []part) {
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if heading, ok := n.(*ast.Heading); ok {
			id, _ := heading.AttributeString("id")
			anchor, _ := id.([]byte)
			all = append(all, part{anchor: string(anchor), heading: plain(n, source)})
			continue
		}
		if len(all) == 0 {
			all = append(all, part{})
		}
		last := &all[len(all)-1]
		last.text = strings.TrimSpace(last.text + " " + plain(n, source))
	}
	return all
}

// plain is the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch {
		case n.Kind() == ast.KindHTMLBlock:
			return ast.WalkSkipChildren, nil
		case !entering && n.Type() == ast.TypeBlock:
			b.WriteByte(' ')
		case !entering:
		case n.Kind() == ast.KindText:
			t := n.(*ast.Text)
			b.Write(t.Segment.Value(source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case n.Kind() == ast.KindFencedCodeBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				b.Write(line.Value(source))
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}
