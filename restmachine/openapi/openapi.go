// Package openapi writes the OpenAPI 3.1 document of an App: not from annotations, but from
// what the App is. The graph of each method says which statuses it can end at, the types of
// its callbacks what it reads and writes, and its facts which fields come with that: the
// validators, Vary, Location, and the preconditions that a write needs.
//
//	document, err := openapi.Of(app, openapi.Info{Title: "Blog", Version: "1"})
//	app.Get("/openapi.json", openapi.Handler(app, info)) // with a tag, and 304
//
// What no type and no fact can tell stands in [Info]: titles, texts, examples. What handlers
// refuse by themselves is said on the App, by [restmachine.Facts.Problems], and so are response
// fields that they set by themselves, by [restmachine.Facts.Field].
//
// There are two schemas of a type where both are needed: Post is what is written, and PostInput
// what is read. A decoder requires nothing and takes null for nothing at all; an encoder omits
// nothing. [restmachinetest.CheckDocument] plays requests and holds each answer to the
// document.
//
// [restmachinetest.CheckDocument]: https://pkg.go.dev/github.com/restmachine/restmachine-go/restmachine/restmachinetest#CheckDocument
package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file writes the document. In come an App and an Info. Out comes JSON, the same for
// the same App.

// Info is what no type and no fact of an App can tell.
type Info struct {
	Title   string // "" is "API"
	Version string // of the service; "" is "0"

	Summary, Description string            // of the service; the Description may be Markdown
	License              string            // an SPDX identifier, such as "MIT"
	Contact              string            // a mail address or a URL
	Servers              []string          // URLs; none: "/"
	Tags                 map[string]string // descriptions of tags

	// Security has the security schemes by name, as they stand in the document. Where it is
	// empty, an Authorized fact makes one by the challenge of the App: Bearer or Basic.
	Security map[string]any

	Texts map[string]Text // by method and path: "GET /posts/{post_id}"
	Hide  []string        // paths that are left out; that of [Handler] always is

	AllMethods bool // HEAD and OPTIONS are written, too
}

// A Text is what is said of one operation. Its zero value says what can be derived.
type Text struct {
	OperationID string   // "": by method and path, such as getPostsByPostId
	Summary     string   // "": by the name of the handler
	Description string   // it may be Markdown
	Tags        []string // none: the first segment of the path
	Deprecated  bool     // clients should not begin to use it

	// Statuses are those of its successes, where the handler returns a Reply that types do
	// not tell: 202, say. Default: 201 for a Reply to a POST, 200 for any other one.
	Statuses []int
	Security []string // names of Info.Security; none: all of them, where an Authorized fact is asked

	Examples          map[string]any // of its parameters, by name
	Request, Response any            // examples of the contents: values that are written as JSON
}

// object is one of the document's. Its members are written in the order of their names.
type object = map[string]any

// A document is the whole, in the order in which it is read.
type document struct {
	OpenAPI    string   `json:"openapi"`
	Info       object   `json:"info"`
	Servers    []object `json:"servers"`
	Tags       []object `json:"tags,omitempty"`
	Paths      object   `json:"paths"`
	Components object   `json:"components"`
}

// Of returns the document of an App, as JSON: the same text for the same App. It does not
// start the App. The error is that of Validate, or names what cannot be meant: the Text of an
// unknown operation, an example of an unknown parameter, two operations with one ID, a Field of a
// status that no operation has.
func Of(app *restmachine.App, info Info) ([]byte, error) {
	operations, err := app.Operations()
	if err != nil {
		return nil, err
	}
	isHidden := func(o restmachine.Operation) bool {
		return slices.Contains(info.Hide, o.Path) || o.Result == documentType
	}
	all := slices.Clone(operations)
	operations = slices.DeleteFunc(operations, isHidden)
	names := map[key]string{}
	first := write(operations, info, names)
	first.schemas.settle(names) // which types are read, and which are written, is known now
	w := write(operations, info, names)
	w.checkTexts(operations)
	w.checkFields(all, isHidden)
	if err := errors.Join(w.faults...); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(w.document())
	return text.Bytes(), err
}

// A writer writes one document.
type writer struct {
	info    Info
	schemas *schemas
	paths   object
	shared  shared
	ids     map[string]string // the operation of each ID
	tags    map[string]bool
	schemes map[string]any // of security
	faults  []error
}

func write(operations []restmachine.Operation, info Info, names map[key]string) *writer {
	w := &writer{info: info, schemas: newSchemas(names), paths: object{}, shared: shared{}, ids: map[string]string{},
		tags: map[string]bool{}, schemes: info.Security}
	if len(w.schemes) == 0 {
		w.schemes = schemesOf(operations)
	}
	for _, o := range operations {
		if !isMethod(strings.ToLower(o.Method)) {
			continue // OpenAPI 3.1 does not know it
		}
		w.schemas.rules, w.schemas.tagged = o.JSON, o.Tagged
		w.add(o, w.operation(o))
		if w.info.AllMethods {
			w.addOthers(o, operations)
		}
	}
	for _, wrong := range w.schemas.wrong {
		w.fault("%s", wrong)
	}
	return w
}

// add adds an operation to its path.
func (w *writer) add(o restmachine.Operation, written object) {
	path := templateOf(o.Path)
	of, _ := w.paths[path].(object)
	if of == nil {
		of = object{}
		w.paths[path] = of
	}
	method := strings.ToLower(o.Method)
	if of[method] != nil {
		w.fault("%s %s: the document cannot tell this path from another one, which has the same parameters; hide one of them", o.Method, o.Path)
	}
	of[method] = written
}

// isMethod reports whether OpenAPI 3.1 has a place for a method.
func isMethod(method string) bool {
	return slices.Contains([]string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}, method)
}

// addOthers adds HEAD beside a GET, and OPTIONS once for each path.
func (w *writer) addOthers(o restmachine.Operation, all []restmachine.Operation) {
	if o.Method == http.MethodGet {
		head := o
		head.Method = http.MethodHead
		w.add(head, w.operation(head))
	}
	first := slices.IndexFunc(all, func(other restmachine.Operation) bool { return other.Path == o.Path })
	if all[first].Method != o.Method {
		return
	}
	options := restmachine.Operation{Path: o.Path, Method: http.MethodOptions, Statuses: []int{http.StatusOK}, Fields: o.Fields, JSON: o.JSON}
	for _, p := range o.Parameters {
		if p.In == "path" {
			options.Parameters = append(options.Parameters, p)
		}
	}
	w.add(options, w.operation(options))
}

func (w *writer) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Errorf("openapi: "+format, args...))
}

// checkTexts finds texts of operations that there are not.
func (w *writer) checkTexts(operations []restmachine.Operation) {
	for _, key := range slices.Sorted(maps.Keys(w.info.Texts)) {
		method, path, _ := strings.Cut(key, " ")
		i := slices.IndexFunc(operations, func(o restmachine.Operation) bool { return o.Path == path && o.Method == method })
		if i < 0 {
			w.fault("the Text of %q is of no operation; write the method and the path as it was registered, such as %q", key, "GET /posts/{post_id}")
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(w.info.Texts[key].Examples)) {
			if !slices.ContainsFunc(operations[i].Parameters, func(p restmachine.Parameter) bool { return p.Name == name }) {
				w.fault("the Text of %q has an example of %q, which is not a parameter there", key, name)
			}
		}
		for _, name := range w.info.Texts[key].Security {
			if w.schemes[name] == nil {
				w.fault("the Text of %q names the security scheme %q, which Info.Security lacks", key, name)
			}
		}
	}
}

func (w *writer) document() document {
	components := object{"schemas": w.schemas.components()}
	for kind, all := range w.shared {
		components[kind] = all
	}
	if len(w.schemes) > 0 {
		components["securitySchemes"] = w.schemes
	}
	d := document{OpenAPI: "3.1.1", Info: w.about(), Paths: w.paths, Components: components}
	servers := w.info.Servers
	if len(servers) == 0 {
		servers = []string{"/"}
	}
	for _, url := range servers {
		d.Servers = append(d.Servers, object{"url": url})
	}
	for name := range w.info.Tags {
		w.tags[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(w.tags)) {
		tag := object{"name": name}
		if text := w.info.Tags[name]; text != "" {
			tag["description"] = text
		}
		d.Tags = append(d.Tags, tag)
	}
	return d
}

func (w *writer) about() object {
	about := object{"title": or(w.info.Title, "API"), "version": or(w.info.Version, "0")}
	set(about, "summary", w.info.Summary)
	set(about, "description", w.info.Description)
	if w.info.License != "" {
		about["license"] = object{"name": w.info.License, "identifier": w.info.License}
	}
	switch contact := w.info.Contact; {
	case contact == "":
	case strings.Contains(contact, "://"):
		about["contact"] = object{"url": contact}
	default:
		about["contact"] = object{"email": contact}
	}
	return about
}

// set sets a member, unless its text is empty.
func set(o object, name, text string) {
	if text != "" {
		o[name] = text
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
