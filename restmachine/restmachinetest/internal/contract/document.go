// Package contract holds exchanges to an OpenAPI document. In come a document, and requests
// with their answers. Out come sentences: what the document does not say, or says otherwise.
// It knows the part of JSON Schema and of OpenAPI 3.1 that package openapi writes, and refuses
// a document that has more.
package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/pointer"
)

// This file reads a document.

// An object is one of the document's.
type object = map[string]any

// A Document is one that was read.
type Document struct {
	root       object
	Operations []Operation // by path and method
}

// An Operation is what the document says of a method on a path.
type Operation struct {
	Method, Path string // the path as a template: /posts/{post_id}
	Parameters   []Parameter
	Bodies       []Body
	Required     bool // the content is
	Secured      bool // it asks who the client is
	Schemes      []string

	responses object
}

// A Parameter is one of the path, the query or the header.
type Parameter struct {
	Name, In string
	Required bool
	Schema   any
	Example  any // nil: none

	Sometimes bool // not every request is refused for it; the document does not say so
}

// A Body is a media type that the content of a request may have.
type Body struct {
	Media   string
	Schema  any // nil: anything
	Example any // nil: none
}

// Key names the operation: "GET /posts/{post_id}".
func (o Operation) Key() string { return o.Method + " " + o.Path }

// Decode reads one JSON value, with numbers as they are written.
func Decode(text []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows the value")
	}
	return value, nil
}

// Parse reads a document. The error names all that is wrong with it: references that lead
// nowhere, parameters of the path that are not told, IDs that come twice.
func Parse(text []byte) (*Document, error) {
	value, err := Decode(text)
	if err != nil {
		return nil, fmt.Errorf("the document is not JSON: %w", err)
	}
	root, _ := value.(object)
	if version, _ := root["openapi"].(string); !strings.HasPrefix(version, "3.1.") {
		return nil, fmt.Errorf("the document is of OpenAPI %q, and not of 3.1", version)
	}
	d := &Document{root: root}
	var faults []error
	d.checkReferences(root, "#", &faults)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	ids := map[string]string{}
	paths := d.object(root["paths"])
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods := d.object(paths[path])
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			written := d.object(methods[method])
			o := d.operation(strings.ToUpper(method), path, written)
			faults = append(faults, o.faults()...)
			id, _ := written["operationId"].(string)
			if id == "" || ids[id] != "" {
				faults = append(faults, fmt.Errorf("%s: the operation ID %q is that of %q, too, or is missing", o.Key(), id, ids[id]))
			}
			ids[id] = o.Key()
			d.Operations = append(d.Operations, o)
		}
	}
	return d, errors.Join(faults...)
}

// checkReferences finds references that lead nowhere.
func (d *Document) checkReferences(value any, at string, faults *[]error) {
	switch v := value.(type) {
	case object:
		if ref, ok := v["$ref"].(string); ok && d.lookUp(ref) == nil {
			*faults = append(*faults, fmt.Errorf("%s refers to %s, which does not exist", at, ref))
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			d.checkReferences(v[name], at+"/"+name, faults)
		}
	case []any:
		for i, one := range v {
			d.checkReferences(one, fmt.Sprintf("%s/%d", at, i), faults)
		}
	}
}

// lookUp is what a reference within the document leads to; nil where it leads nowhere.
func (d *Document) lookUp(ref string) any {
	rest, ok := strings.CutPrefix(ref, "#/")
	var at any = d.root
	for name := range strings.SplitSeq(rest, "/") {
		o, isObject := at.(object)
		if !ok || !isObject {
			return nil
		}
		at = o[pointer.First(name)]
	}
	return at
}

// object is a value as an object, behind its references; empty where it is none.
func (d *Document) object(value any) object {
	for {
		o, _ := value.(object)
		ref, isReference := o["$ref"].(string)
		if !isReference {
			return o
		}
		value = d.lookUp(ref)
	}
}

func (d *Document) operation(method, path string, written object) Operation {
	o := Operation{Method: method, Path: path, responses: d.object(written["responses"])}
	parameters, _ := written["parameters"].([]any)
	for _, one := range parameters {
		p := d.object(one)
		name, _ := p["name"].(string)
		in, _ := p["in"].(string)
		required, _ := p["required"].(bool)
		o.Parameters = append(o.Parameters, Parameter{Name: name, In: in, Required: required, Schema: p["schema"], Example: p["example"]})
	}
	body := d.object(written["requestBody"])
	o.Required, _ = body["required"].(bool)
	content := d.object(body["content"])
	for _, media := range slices.Sorted(maps.Keys(content)) {
		o.Bodies = append(o.Bodies, Body{media, d.object(content[media])["schema"], d.object(content[media])["example"]})
	}
	security, _ := written["security"].([]any)
	for _, one := range security {
		for name := range d.object(one) {
			scheme, _ := d.object(d.object(d.object(d.root["components"])["securitySchemes"])[name])["scheme"].(string)
			o.Schemes = append(o.Schemes, scheme)
			o.Secured = true
		}
	}
	return o
}

// faults are what is wrong with the operation itself.
func (o Operation) faults() []error {
	var all []error
	said := map[string]bool{}
	for _, p := range o.Parameters {
		if said[p.In+" "+p.Name] {
			all = append(all, fmt.Errorf("%s: the parameter %s is told twice", o.Key(), p.Name))
		}
		said[p.In+" "+p.Name] = true
		if p.In == "path" && (!p.Required || !strings.Contains(o.Path, "{"+p.Name+"}")) {
			all = append(all, fmt.Errorf("%s: the parameter %s of the path is not required, or not in the path", o.Key(), p.Name))
		}
	}
	for name := range o.names() {
		if !said["path "+name] {
			all = append(all, fmt.Errorf("%s: the parameter %s of the path is not told", o.Key(), name))
		}
	}
	if len(o.responses) == 0 {
		all = append(all, fmt.Errorf("%s: the responses are missing", o.Key()))
	}
	return all
}

// names are the parameters of the path.
func (o Operation) names() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for segment := range strings.SplitSeq(o.Path, "/") {
			name, ok := strings.CutPrefix(segment, "{")
			if ok && !yield(strings.TrimSuffix(name, "}")) {
				return
			}
		}
	}
}

// MediaOf are the media types that the successes of an operation have.
func (d *Document) MediaOf(o Operation) []string {
	var all []string
	for status, response := range o.responses {
		if strings.HasPrefix(status, "2") {
			for media := range d.object(d.object(response)["content"]) {
				all = append(all, media)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
