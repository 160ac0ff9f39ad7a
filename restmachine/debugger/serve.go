// This file answers requests to the Debugger. A request comes in. A page goes out as
// HTML, JSON or text, with header fields that limit what a browser may do with it.

package debugger

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
)

//go:embed assets
var assets embed.FS

// routes returns the pages. Their paths are relative to the path where the Debugger is
// mounted.
func (d *Debugger) routes() *http.ServeMux {
	const css, script = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
	mux := http.NewServeMux()
	for pattern, page := range map[string]func(*http.Request) page{
		"GET /{$}":            d.list,
		"GET /exchanges/{id}": d.exchange,
		"GET /routes":         d.routeTable,
		"GET /graph":          d.graph,
		"GET /find":           d.find,
		"GET /coverage":       d.coverage,
		"GET /diff":           d.diff,
		"GET /locks":          d.lockTable,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { d.show(w, r, page(r)) })
	}
	mux.HandleFunc("GET /events", d.events)
	for name, media := range map[string]string{
		"debugger.css": css, "graph.css": css, "debugger.js": script, "keys.js": script, "graph.js": script, "icon.svg": "image/svg+xml",
	} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			text, _ := assets.ReadFile("assets/" + name)
			_, _ = w.Write(text)
		})
	}
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		d.show(w, r, missing("There is no such page."))
	})
	return mux
}

// policy lets a page load its own style, its own script and its own events, and nothing
// else. The only style element is that of drawings.
var policy = func() string {
	sum := sha256.Sum256([]byte(decision.Style()))
	return "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; style-src 'self' 'sha256-" +
		base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// ServeHTTP shows the page that the request asks for. The path of the request may begin
// with the path where the Debugger is mounted, or that prefix may have been stripped.
func (d *Debugger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	inner := r.Clone(r.Context())
	below := strings.TrimPrefix(r.URL.Path, strings.TrimSuffix(d.root, "/"))
	inner.URL.Path, inner.URL.RawPath = path.Clean("/"+below), "" // an unclean path would make the mux redirect to a wrong path
	d.mux.ServeHTTP(w, inner)
}

// A page is the data of a page, for each of its forms.
type page struct {
	status   int    // 0 means 200
	template string // its name
	title    string
	data     any    // for the template, and for JSON if value is nil
	value    any    // for JSON
	text     string // for text
}

// forms are the media types of a page. A browser asks for HTML by name. A client that
// accepts anything is probably curl, so text comes first.
var forms = []string{"text/plain", "text/html", "application/json"}

// show sends the page in the form that the client prefers.
func (d *Debugger) show(w http.ResponseWriter, r *http.Request, p page) {
	h := w.Header()
	h.Set("Vary", "Accept")
	form := 0
	if accept := r.Header.Values("Accept"); len(accept) > 0 {
		i, ok := negotiate.MediaType(accept, forms)
		if !ok {
			d.refuse(w, http.StatusNotAcceptable, "this page is available as "+strings.Join(forms, ", "))
			return
		}
		form = i
	}
	var body []byte
	var err error
	switch forms[form] {
	case "text/plain":
		body = []byte(printable(p.text))
	case "text/html":
		body, err = d.html(r, p)
	default:
		if p.value == nil {
			p.value = p.data
		}
		body, err = json.MarshalIndent(p.value, "", "  ")
	}
	if err != nil {
		d.refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	h.Set("Content-Type", forms[form]+"; charset=utf-8")
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	_, _ = w.Write(body)
}

// refuse answers in plain text.
func (d *Debugger) refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(printable(text) + "\n"))
}

// problem returns a page that only says what is wrong.
func problem(status int, text string) page {
	return page{status: status, template: "problem", title: http.StatusText(status),
		data: map[string]string{"problem": text}, text: text + "\n"}
}

func missing(text string) page { return problem(http.StatusNotFound, text) }
