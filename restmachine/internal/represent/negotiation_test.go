// Proactive negotiation through the App (RFC 9110, 12): media types, languages,
// charsets and codings.

package represent_test

import (
	"fmt"
	"html/template"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// pages declares a leaf that is offered as JSON, two kinds of HTML, and text.
func pages(app *restmachine.App) {
	app.ResourceExists(harness.LeafByPath)
	app.GenerateETag(func(l *harness.Leaf) string { return fmt.Sprint(l.Version) })
	app.Provides("application/json", func(l *harness.Leaf) *harness.Leaf { return l })
	app.Provides("text/html", func(l *harness.Leaf) template.HTML { return template.HTML("<p>" + l.ID + "</p>") })
	app.Provides("text/html;level=1", func(*harness.Leaf) template.HTML { return "<p>level 1</p>" })
	app.Provides("text/plain", func(l *harness.Leaf) string { return l.ID })
	app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
}

func TestAccept(t *testing.T) {
	const json, html, level1, plain, none = "application/json", "text/html", "text/html;level=1", "text/plain", ""
	tests := []struct {
		name   string
		accept []string
		want   string // none: 406
	}{
		{"no field takes the first", nil, json},
		{"an empty field takes the first", []string{""}, json},
		{"anything takes the first", []string{"*/*"}, json},
		{"an exact type", []string{"text/html"}, html},
		{"case does not matter", []string{"TEXT/Html"}, html},
		{"a range of types takes its first", []string{"text/*"}, html},
		{"the greater weight", []string{"text/html;q=0.5, text/plain;q=0.6"}, plain},
		{"three digits of weight", []string{"text/html;q=0.501, text/plain;q=0.502"}, plain},
		{"order does not matter", []string{"text/plain, text/html"}, html},
		{"a tie goes to the first registered", []string{"text/plain, application/json"}, json},
		{"the more specific range gives the weight, to what has more parameters too", []string{"text/*, text/html;q=0.1, text/plain;q=0.2"}, plain},
		{"specific beats general, though lower", []string{"*/*, application/json;q=0.5, text/*;q=0.4"}, json},
		{"q=0 excludes", []string{"application/json;q=0, */*"}, html},
		{"q=0 of a range excludes", []string{"text/*;q=0, application/json;q=0.1"}, json},
		{"q=0 of all but one", []string{"*/*;q=0, text/plain"}, plain},
		{"all excluded", []string{"*/*;q=0"}, none},
		{"parameters", []string{"text/html;level=1"}, level1},
		{"a parameter that an offer lacks", []string{"text/html;level=2"}, html},
		{"an indent", []string{"application/json; indent=4"}, json},
		{"older Java", []string{"text/html;q=0.1, image/gif, image/jpeg, *; q=.2, */*; q=.2"}, json},
		{"parameters and weight", []string{"text/html;level=1;q=0.3, text/html;q=0.7"}, html},
		{"several lines", []string{"image/png", "text/plain"}, plain},
		{"several lines, weights across them", []string{"text/plain;q=0.1", "text/html;q=0.9"}, html},
		{"not offered", []string{"image/png"}, none},
		{"a browser", []string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, html},
		{"an unreadable member is skipped", []string{"text, text/plain"}, plain},
		{"only unreadable members count as no field", []string{"text"}, json},
	}
	p := harness.NewProbe(t, pages)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var fields []string
			for _, line := range tt.accept {
				fields = append(fields, "Accept", line)
			}
			for _, method := range []string{"GET", "HEAD"} {
				resp := p.On(t).Do(method, "/pages/here", "", fields...)
				assert.Equal(t, "Accept", resp.Header.Get("Vary"))
				if tt.want == none {
					assert.Equal(t, 406, resp.StatusCode)
					continue
				}
				assert.Equal(t, 200, resp.StatusCode)
				assert.Equal(t, tt.want, resp.Header.Get("Content-Type"))
			}
		})
	}
	refused := p.Want(406, "GET", "/pages/here", "", "Accept", "image/png")
	assert.Contains(t, string(refused.Body), "application/json, text/html, text/html;level=1, text/plain", "it lists what is available")
	assert.Contains(t, string(p.Want(406, "GET", "/pages/here", "", "Accept", "text/plain;q=0, image/png").Body), "Accept")
}

// padding makes content long enough to be coded.
var padding = strings.Repeat(" ", 256)

// manyOffers declares a leaf in several languages, charsets and codings.
func manyOffers(app *restmachine.App) {
	app.Languages("en", "de-CH", "fr")
	app.Charsets("utf-8", "utf-16")
	app.Encodings("gzip", "shout", "br")
	app.Encoder("shout", func(w io.Writer) io.WriteCloser { return &shouter{w} })
	app.ResourceExists(harness.LeafByPath)
	app.GenerateETag(func(*harness.Leaf) string { return "1" })
	app.Provides("text/html", func(l *harness.Leaf, s restmachine.Selected) string {
		return fmt.Sprintf("<%s|%s|%s>", s.MediaType, s.Language, s.Charset) + padding
	})
	app.Provides("text/plain", func(*harness.Leaf) string { return "plain" + padding })
	app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
}

// TestNegotiatedFields: languages, charsets and codings, one by one, and Vary on
// 200, 304 and 406.
func TestNegotiatedFields(t *testing.T) {
	p := harness.NewProbe(t, manyOffers, restmachine.WithStrictNegotiation())
	const vary = "Accept, Accept-Language, Accept-Charset, Accept-Encoding"
	tests := []struct {
		name, field, value       string
		language, charset, codes string // of the answer; language "": 406, of a strict App
	}{
		{"nothing is asked", "X", "", "en", "utf-8", ""},
		{"language", "Accept-Language", "fr", "fr", "utf-8", ""},
		{"language by filtering", "Accept-Language", "de", "de-CH", "utf-8", ""},
		{"language by lookup", "Accept-Language", "fr-CA, en;q=0.1", "fr", "utf-8", ""},
		{"language weights", "Accept-Language", "fr;q=0.4, en;q=0.5", "en", "utf-8", ""},
		{"language star", "Accept-Language", "it, *;q=0.1", "en", "utf-8", ""},
		{"language excluded", "Accept-Language", "en;q=0, *", "de-CH", "utf-8", ""},
		{"no language", "Accept-Language", "it", "", "", ""},
		{"charset", "Accept-Charset", "utf-16", "en", "utf-16", ""},
		{"charset star", "Accept-Charset", "*", "en", "utf-8", ""},
		{"ISO-8859-1 is nothing special", "Accept-Charset", "utf-16;q=0.1", "en", "utf-16", ""},
		{"no charset", "Accept-Charset", "koi8-r", "", "", ""},
		{"gzip", "Accept-Encoding", "gzip", "en", "utf-8", "gzip"},
		{"the coding with an encoder", "Accept-Encoding", "shout", "en", "utf-8", "shout"},
		{"a coding that nothing makes is never chosen", "Accept-Encoding", "br", "en", "utf-8", ""},
		{"a coding that nothing makes, before one that is made", "Accept-Encoding", "br, gzip;q=0.1", "en", "utf-8", "gzip"},
		{"identity", "Accept-Encoding", "identity", "en", "utf-8", ""},
		{"an empty field is identity", "Accept-Encoding", "", "en", "utf-8", ""},
		{"star", "Accept-Encoding", "*", "en", "utf-8", "gzip"},
		{"unknown codings leave identity", "Accept-Encoding", "zstd", "en", "utf-8", ""},
		{"gzip excluded", "Accept-Encoding", "gzip;q=0", "en", "utf-8", ""},
		{"a tie goes to the first", "Accept-Encoding", "shout, gzip", "en", "utf-8", "gzip"},
		{"weights", "Accept-Encoding", "gzip;q=0.5, shout", "en", "utf-8", "shout"},
		{"no coding", "Accept-Encoding", "br, identity;q=0", "", "", ""},
		{"nothing at all", "Accept-Encoding", "*;q=0", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := p.On(t)
			resp := p.Do("GET", "/pages/here", "", tt.field, tt.value)
			assert.Equal(t, vary, resp.Header.Get("Vary"))
			if tt.language == "" {
				assert.Equal(t, 406, resp.StatusCode)
				assert.Contains(t, string(resp.Body), tt.field, "it says which field")
				assert.Contains(t, string(resp.Body), "available: ")
				return
			}
			require.Equal(t, 200, resp.StatusCode)
			assert.Equal(t, tt.language, resp.Header.Get("Content-Language"))
			assert.Equal(t, "text/html; charset="+tt.charset, resp.Header.Get("Content-Type"))
			assert.Equal(t, tt.codes, resp.Header.Get("Content-Encoding"))
			assert.Equal(t, fmt.Sprintf("<text/html|%s|%s>", tt.language, tt.charset)+padding, harness.Decoded(t, resp))

			again := p.Want(304, "GET", "/pages/here", "", tt.field, tt.value, "If-None-Match", resp.Header.Get("ETag"))
			assert.Equal(t, vary, again.Header.Get("Vary"))
		})
	}
	assert.Contains(t, p.App.Describe(), "no Encoder makes br", "and Describe says so")
}

// shouter is a content coding of our own: it puts what it encodes in brackets.
type shouter struct{ w io.Writer }

func (s *shouter) Write(b []byte) (int, error) {
	_, err := s.w.Write(append([]byte("!"), b...))
	return len(b), err
}

func (s *shouter) Close() error {
	_, err := s.w.Write([]byte("!"))
	return err
}

// A list that the caller still has can change; what was said cannot.
func TestOffersAreCopied(t *testing.T) {
	for name, offer := range map[string]func(*restmachine.App, ...string){
		"Languages": func(app *restmachine.App, list ...string) { app.Languages(list...) },
		"Charsets":  func(app *restmachine.App, list ...string) { app.Charsets(list...) },
		"Encodings": func(app *restmachine.App, list ...string) { app.Encodings(list...) },
	} {
		p, list := harness.NewPort(t), []string{"gzip"} // any word will do
		offer(p.App, list...)
		list[0] = "changed"
		p.Get("/", func() string { return "" })
		assert.Contains(t, p.Describe(), name+" gzip", name)
	}
}

// TestWhatIsNotNegotiated is not in Vary: a type that nothing stands beside, a
// coding that nothing makes, one language. Where another may be refused, it is.
func TestWhatIsNotNegotiated(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Languages("en")
		app.Encodings("br")
		app.ResourceExists(harness.LeafByPath)
		app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		app.Get("/stream", func() io.Reader { return strings.NewReader("s") })
	})
	resp := p.Want(200, "GET", "/pages/here", "", "Accept-Encoding", "br")
	assert.Empty(t, resp.Header.Values("Vary"))
	assert.Empty(t, resp.Header.Values("Content-Encoding"))
	assert.Equal(t, "en", resp.Header.Get("Content-Language"))
	p.Want(406, "GET", "/pages/here", "", "Accept", "text/html")
	p.Want(200, "GET", "/stream", "", "Accept", "application/octet-stream")
}
