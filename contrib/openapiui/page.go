package openapiui

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"path"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file makes the files of the page. In come its settings. Out come the files by name:
// those of Swagger UI, which are the same for all pages, and those that are written here.

//go:embed assets
var assets embed.FS

// A page is what the options say.
type page struct {
	document, title string
	settings        map[string]any // of Swagger UI
}

// html is the page. It has neither a script nor a style in itself, and each link is relative.
var html = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<link rel="icon" type="image/png" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
<link rel="stylesheet" href="page.css">
<script src="swagger-ui-bundle.js" defer></script>
<script src="page.js" defer></script>
</head>
<body>
<noscript><p>This page needs scripts. The document itself is <a href="{{.Document}}">here</a>.</p></noscript>
<div id="swagger-ui"></div>
</body>
</html>
`))

// script starts Swagger UI.
const script = "window.ui = SwaggerUIBundle(%s)\n"

// style is what Swagger UI leaves to the page. On a phone wide tables scroll, and not the page.
const style = `body { margin: 0; background: #fafafa }
.swagger-ui .responses-wrapper, .swagger-ui .table-container, .swagger-ui .models { overflow-x: auto }
@media (max-width: 640px) { .swagger-ui .wrapper { padding: 0 8px } }
`

// A file is one that is served. It has content as it is, or is a gzip, or both.
type file struct {
	media         string
	plain, zipped *coded // zipped is nil where a gzip does not pay
}

// coded is the content of a file in one coding, which is made once it is asked for.
type coded struct {
	content func() ([]byte, error)
	tag     func() (string, error)
}

func newCoded(content func() ([]byte, error)) *coded {
	content = sync.OnceValues(content)
	return &coded{content, sync.OnceValues(func() (string, error) {
		bytes, err := content()
		return restmachine.HashETag(string(bytes)), err
	})}
}

// files are those of a page, by name. That of the page itself is "".
type files map[string]file

// files makes those of the page.
func (p *page) files() (files, error) {
	var text bytes.Buffer
	if err := html.Execute(&text, map[string]string{"Title": p.title, "Document": p.document}); err != nil {
		return nil, err
	}
	settings := maps.Clone(p.settings)
	settings["url"], settings["dom_id"] = p.document, "#swagger-ui"
	config, err := json.MarshalIndent(settings, "", "  ")
	if err != nil {
		return nil, err
	}
	all := files{
		"":         written("text/html; charset=utf-8", text.String()),
		"page.js":  written("text/javascript; charset=utf-8", fmt.Sprintf(script, config)),
		"page.css": written("text/css; charset=utf-8", style),
	}
	maps.Copy(all, swagger())
	return all, nil
}

func written(media, text string) file {
	return file{media, newCoded(func() ([]byte, error) { return []byte(text), nil }), nil}
}

// medias are the media types of Swagger UI's files, by extension.
var medias = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".png": "image/png",
	".txt": "text/plain; charset=utf-8", "": "text/plain; charset=utf-8",
}

// swagger are the files of Swagger UI. The large ones are embedded as a gzip, which is what
// nearly all clients take. For others they are unpacked once.
var swagger = sync.OnceValue(func() files {
	all := files{}
	entries, _ := assets.ReadDir("assets") // it is embedded
	for _, entry := range entries {
		embedded := newCoded(func() ([]byte, error) { return assets.ReadFile("assets/" + entry.Name()) })
		name, isZipped := strings.CutSuffix(entry.Name(), ".gz")
		f := file{media: medias[path.Ext(name)], plain: embedded}
		if isZipped {
			f.plain, f.zipped = newCoded(func() ([]byte, error) { return unpacked(embedded) }), embedded
		}
		all[name] = f
	}
	return all
})

func unpacked(c *coded) ([]byte, error) {
	content, err := c.content()
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
