// Package openapiui shows the OpenAPI document of an App in a browser, where people can read it
// and send requests. The page is Swagger UI, which this package embeds: nothing is loaded from
// another origin, neither by the page nor by the build.
//
//	app.Get("/openapi.json", openapi.Handler(app, about))
//	app.Get("/docs/{path...}", openapiui.Files("../openapi.json")) // on a Resource of the App
//
// or beside the App:
//
//	mux.Handle("/", app)
//	mux.Handle("/docs/", http.StripPrefix("/docs", openapiui.Handler("../openapi.json")))
//
// All links of the page are relative, so it works below any prefix, also behind a proxy.
// Each file has an entity-tag and no-cache: a browser that comes again gets 304 until another
// version is deployed.
//
// # What the page may do
//
// Each answer has this Content-Security-Policy, and Swagger UI writes nothing to the console
// under it:
//
//	default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;
//	connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
//
// Swagger UI needs one thing beyond 'self': its style draws arrows and locks as data: images.
// It needs neither inline scripts nor inline styles, nor eval. The page cannot reach other
// origins. So a document whose servers are elsewhere can be read, and not tried. A login by
// the redirects of OAuth 2 does not work: paste the token into "Authorize". Behind a proxy that
// takes a prefix away, the document has to name its server relative to itself, as ".".
//
// Swagger UI is Copyright SmartBear Software Inc., and licensed under the Apache License 2.0.
// Its LICENSE and NOTICE, and the licences of what it is made of, are among the files that are
// served.
package openapiui

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is what users call. In come the place of a document, and options. Out comes the
// page, as a handler for a Resource or for net/http.

// Version is that of Swagger UI.
const Version = "5.35.0"

// Handler returns the page as a handler of net/http, to be mounted beside an App, at a path that
// ends in a slash, which [http.StripPrefix] takes away. document is the URL of the OpenAPI
// document, relative to the page: "../openapi.json" for a page at /docs/ and a document at
// /openapi.json. It panics for what [Files] calls a wiring fault.
func Handler(document string, options ...Option) http.Handler {
	app := restmachine.New()
	app.Get("/{path...}", Files(document, options...))
	if err := app.Validate(); err != nil {
		panic(err)
	}
	return app
}

// Files returns the page as a handler for the GET of a path that ends in {path...}, by exactly
// this name, such as "/docs/{path...}": the page is at /docs/ then, and the facts that hold
// there, such as Authorized, guard it. document is the URL of the OpenAPI document, relative to
// the page. Hide the path in the document itself: it is not part of the API.
//
// A document of another origin, a nil Option and an Option that cannot be meant are wiring
// faults.
func Files(document string, options ...Option) restmachine.Func {
	p := page{title: "API", settings: map[string]any{"deepLinking": true, "validatorUrl": nil}}
	if err := p.set(document, options); err != nil {
		return err // the App says so when it starts
	}
	files, err := p.files()
	if err != nil {
		return err // the App says so when it starts
	}
	return files.open
}

// An Option changes what the page shows: see [Title], [ReadOnly] and [Setting].
type Option func(*page) error

// Title sets the title of the page, as the window shows it. Default: "API".
func Title(text string) Option {
	return func(p *page) error {
		p.title = text
		return nil
	}
}

// ReadOnly leaves out the buttons that send requests. Default: all methods can be tried.
func ReadOnly() Option { return Setting("supportedSubmitMethods", []string{}) }

// Setting sets a configuration parameter of Swagger UI, such as "docExpansion", to a value that
// JSON can hold. Default: deepLinking is true, and all others are those of Swagger UI. What
// names the document and its place on the page cannot be set, and a setting cannot let the page
// do what its policy forbids.
func Setting(name string, value any) Option {
	return func(p *page) error {
		switch name {
		case "url", "urls", "spec", "configUrl", "dom_id", "domNode", "queryConfigEnabled":
			return fmt.Errorf("Setting(%q, …) names the document or its place, which the page does itself; give the document to Handler or Files", name)
		}
		if _, err := json.Marshal(value); err != nil {
			return fmt.Errorf("Setting(%q, …) of openapiui: %w", name, err)
		}
		p.settings[name] = value
		return nil
	}
}

// set sets the document and the options.
func (p *page) set(document string, options []Option) error {
	u, err := url.Parse(document)
	if err != nil {
		return fmt.Errorf("the document of openapiui: %w", err)
	}
	if document == "" || u.Scheme != "" || u.Host != "" {
		return fmt.Errorf("the document %q of openapiui is not a path of the same origin; write one such as ../openapi.json", document)
	}
	p.document = document
	for _, option := range options {
		if option == nil {
			return errors.New("openapiui was given a nil Option")
		}
		if err := option(p); err != nil {
			return err
		}
	}
	return nil
}
