// Which representation a client gets, and which content is understood: nodes C3
// to F7 of the graph.

package restmachine_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf16"

	"github.com/restmachine/restmachine-go/restmachine"
)

func ExampleFacts_Provides() {
	app := newBlog()
	app.Provides("application/json", func(p *Post) any { return p })
	app.Provides("text/html", func(p *Post) string { return "<h1>" + p.Title + "</h1>" })
	app.Get("/posts/{id}", (*Post).itself)

	for _, accept := range []string{"*/*", "text/html", "image/png"} {
		resp := app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{"Accept": {accept}}})
		fmt.Println(accept, resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	// Output:
	// */* 200 application/json
	// text/html 200 text/html
	// image/png 406 application/problem+json
}

// A Provides for any serves every type, and one for *Problem renders errors: so a browser
// gets pages, and a program gets JSON.
func ExampleFacts_Provides_pages() {
	app := newBlog()
	app.Provides("application/json", func(v any) any { return v })
	app.Provides("text/html", func(v any) string { return fmt.Sprintf("<pre>%T", v) })
	app.Provides("text/html", func(p *restmachine.Problem) string { return "<h1>" + p.Title })
	app.Get("/posts/{id}", (*Post).itself)

	for _, path := range []string{"/posts/1", "/posts/2"} {
		show(app.Execute(restmachine.Request{Path: path, Header: http.Header{"Accept": {"text/html,*/*;q=0.8"}}}))
	}
	// Output:
	// 200 <pre>*restmachine_test.Post
	// 404 <h1>Not Found
}

// A parser makes its handler take one more media type.
func ExampleFacts_Accepts() {
	app := restmachine.New()
	app.Accepts("text/plain", func(content []byte) Post { return Post{Title: string(content)} })
	app.Accepts("application/x-www-form-urlencoded", func(form url.Values) Post { return Post{Title: form.Get("title")} })
	app.Post("/echo", func(in restmachine.Body[Post]) string { return in.Value.Title })

	post := func(contentType, content string) {
		show(app.Execute(restmachine.Request{Method: "POST", Path: "/echo",
			Header: http.Header{"Content-Type": {contentType}}, Body: []byte(content)}))
	}
	post("text/plain", "Hello")
	post("application/x-www-form-urlencoded", "title=Good+day")
	// Output:
	// 200 Hello
	// 200 Good day
}

func ExampleFacts_Languages() {
	app := restmachine.New()
	app.Languages("en", "de")
	app.Get("/hello", func(chosen restmachine.Selected) string {
		return map[string]string{"en": "Hello", "de": "Guten Tag"}[chosen.Language]
	})

	german := http.Header{"Accept-Language": {"de-AT, en;q=0.5"}}
	show(app.Execute(restmachine.Request{Path: "/hello", Header: german}), "Content-Language", "Vary")
	// Output: 200 Content-Language: de Vary: Accept-Language Guten Tag
}

func ExampleFacts_Charsets() {
	app := newBlog()
	app.Charsets("utf-8", "utf-16be")
	app.Provides("text/plain", func(p *Post, chosen restmachine.Selected) []byte {
		if chosen.Charset == "utf-16be" {
			wide, _ := binary.Append(nil, binary.BigEndian, utf16.Encode([]rune(p.Title)))
			return wide
		}
		return []byte(p.Title)
	})
	app.Get("/posts/{id}", (*Post).itself)

	resp := app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{"Accept-Charset": {"utf-16be"}}})
	fmt.Printf("%s %q\n", resp.Header.Get("Content-Type"), resp.Body)
	// Output: text/plain; charset=utf-16be "\x00H\x00e\x00l\x00l\x00o"
}

func ExampleFacts_Encodings() {
	app := restmachine.New()
	app.Encodings("gzip")
	app.Get("/long", func() string { return strings.Repeat("Hello! ", 1000) })

	resp := app.Execute(restmachine.Request{Path: "/long", Header: http.Header{"Accept-Encoding": {"gzip"}}})
	r, _ := gzip.NewReader(bytes.NewReader(resp.Body))
	text, _ := io.ReadAll(r)
	fmt.Println(resp.Header.Get("Content-Encoding"), len(resp.Body) < 100, len(text))
	// Output: gzip true 7000
}

func ExampleFacts_Encoder() {
	app := restmachine.New()
	app.Encodings("deflate", "gzip")
	app.Encoder("deflate", func(w io.Writer) io.WriteCloser {
		deflater, _ := flate.NewWriter(w, flate.BestSpeed) // fails for an unknown level only
		return deflater
	})
	app.Get("/long", func() string { return strings.Repeat("Hello! ", 1000) })

	resp := app.Execute(restmachine.Request{Path: "/long", Header: http.Header{"Accept-Encoding": {"deflate, gzip"}}})
	fmt.Println(resp.Header.Get("Content-Encoding"))
	// Output: deflate
}

// A cache must know that the answer depends on who asks.
func ExampleFacts_Variances() {
	app := restmachine.New()
	app.Variances(func() []string { return []string{"Cookie"} })
	app.Get("/hello", func(h http.Header) string { return "Hello, " + h.Get("Cookie") })

	show(app.Execute(restmachine.Request{Path: "/hello", Header: http.Header{"Cookie": {"ann"}}}), "Vary")
	// Output: 200 Vary: Cookie Hello, ann
}

func ExampleSelected() {
	app := newBlog()
	app.Languages("en", "fr")
	app.Provides("text/html", func(p *Post, chosen restmachine.Selected) string {
		return fmt.Sprintf("<h1 lang=%s>%s</h1>", chosen.Language, p.Title)
	})
	app.Get("/posts/{id}", (*Post).itself)

	show(app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{"Accept-Language": {"fr"}}}))
	// Output: 200 <h1 lang=fr>Hello</h1>
}
