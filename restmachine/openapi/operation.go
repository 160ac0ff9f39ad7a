package openapi

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file writes one operation: its texts, its security, its parameters, and the content of
// its requests.

func (w *writer) operation(o restmachine.Operation) object {
	text := w.info.Texts[o.Method+" "+o.Path]
	if o.Method == http.MethodHead {
		text = textOfHead(w.info.Texts["GET "+o.Path])
	}
	id := or(text.OperationID, idOf(o.Method, o.Path))
	if other := w.ids[id]; other != "" {
		w.fault("%s and %s %s have one operation ID, %s; give one of them another by its Text", other, o.Method, o.Path, id)
	}
	w.ids[id] = o.Method + " " + o.Path
	op := object{
		"operationId": id,
		"summary":     or(text.Summary, summaryOf(o.Handler.Name, id)),
		"responses":   w.responses(o, text),
		"security":    w.security(o, text),
	}
	set(op, "description", w.descriptionOf(o, text))
	if tags := w.tagsOf(o, text); len(tags) > 0 {
		op["tags"] = tags
	}
	if text.Deprecated {
		op["deprecated"] = true
	}
	if all := w.parameters(o, text); len(all) > 0 {
		op["parameters"] = all
	}
	if body := w.requestBody(o, text); body != nil {
		op["requestBody"] = body
	}
	return op
}

// textOfHead is the text of a GET as that of its HEAD.
func textOfHead(text Text) Text {
	text.OperationID, text.Request, text.Response = "", nil, nil
	return text
}

// descriptionOf adds to a description what OpenAPI does not know.
func (w *writer) descriptionOf(o restmachine.Operation, text Text) string {
	var said []string
	if text.Description != "" {
		said = append(said, text.Description)
	}
	if strings.HasSuffix(o.Path, "...}") {
		said = append(said, "The last parameter takes the rest of the path, with its slashes.")
	}
	if o.LockKey != "" && !o.LockIfAny {
		said = append(said, "Writes to one "+lockNameOf(o)+" are done one after the other.")
	}
	return strings.Join(said, "\n\n")
}

// lockNameOf says what is locked. The name of a function says nothing to a client.
func lockNameOf(o restmachine.Operation) string {
	if strings.HasPrefix(o.LockKey, "/") {
		return "`" + o.LockKey + "`"
	}
	return "record"
}

// tagsOf are the tags of an operation: by default the first segment of its path that is not a
// parameter.
func (w *writer) tagsOf(o restmachine.Operation, text Text) []string {
	tags := text.Tags
	if first, _, _ := strings.Cut(strings.TrimPrefix(o.Path, "/"), "/"); len(tags) == 0 && first != "" && first[0] != '{' {
		tags = []string{first}
	}
	for _, tag := range tags {
		w.tags[tag] = true
	}
	return tags
}

// security says which schemes an operation takes: none where nobody asks who it is.
func (w *writer) security(o restmachine.Operation, text Text) []any {
	names := text.Security
	if len(names) == 0 && o.Authorized {
		if len(w.info.Security) == 0 {
			names = []string{schemeOf(o)}
		} else {
			for name := range w.info.Security {
				names = append(names, name)
			}
			slices.Sort(names)
		}
	}
	all := []any{}
	for _, name := range names {
		all = append(all, object{name: []string{}})
	}
	return all
}

// schemeOf is the scheme of an operation's challenge, in lower case: "bearer", "basic".
func schemeOf(o restmachine.Operation) string {
	scheme, _, _ := strings.Cut(strings.TrimSpace(o.Challenge), " ")
	return strings.ToLower(or(scheme, "bearer"))
}

// schemesOf are the security schemes that the challenges of operations speak of.
func schemesOf(all []restmachine.Operation) map[string]any {
	schemes := map[string]any{}
	for _, o := range all {
		if o.Authorized {
			schemes[schemeOf(o)] = object{"type": "http", "scheme": schemeOf(o)}
		}
	}
	return schemes
}

// requestBody is what the content of a request may be; nil where none is read.
func (w *writer) requestBody(o restmachine.Operation, text Text) object {
	if len(o.Reads) == 0 || o.Method == http.MethodHead {
		return nil
	}
	content := object{}
	required := false
	for _, c := range o.Reads {
		media := object{}
		switch {
		case c.Media == "application/x-www-form-urlencoded" && c.By == "":
			media["schema"] = object{"type": "object", "additionalProperties": object{"type": "array", "items": object{"type": "string"}}}
		case isJSON(c.Media) || c.By != "" && isStructured(c.Type):
			if media["schema"] = w.schemas.read(c.Type); c.Patch {
				media["schema"] = w.schemas.patch(c.Type)
			}
			if text.Request != nil {
				media["example"] = text.Request
			}
			required = true
		case isText(c.Media):
			media["schema"] = object{"type": "string"}
		}
		if _, taken := content[c.Media]; !taken {
			content[c.Media] = media
		}
	}
	return object{"required": required, "content": content}
}

// isStructured reports whether a t has members, so that a parser makes it of some notation.
func isStructured(t reflect.Type) bool {
	kind := bare(t).Kind()
	return kind == reflect.Struct || kind == reflect.Map
}

func isText(media string) bool { return strings.HasPrefix(media, "text/") }

// parameters are what a request may carry beside its content: what callbacks read, and the
// preconditions that count.
func (w *writer) parameters(o restmachine.Operation, text Text) []any {
	var all []any
	for _, p := range o.Parameters {
		if !isSaidElsewhere(p) {
			all = append(all, w.parameter(p, text))
		}
	}
	for _, name := range preconditionsOf(o) {
		all = append(all, w.share("parameters", name, commonParameters[name]))
	}
	if len(o.Languages) > 1 {
		all = append(all, object{"name": "Accept-Language", "in": "header", "description": "The languages that the client prefers.",
			"schema": object{"type": "string"}, "example": strings.Join(o.Languages, ", ")})
	}
	return all
}

// isSaidElsewhere reports whether OpenAPI does not list a field as a parameter, but has a place of
// its own for it: security, and the content (OpenAPI 3.1.1, 4.8.12.2).
func isSaidElsewhere(p restmachine.Parameter) bool {
	return p.In == "header" && (strings.EqualFold(p.Name, "Authorization") || strings.EqualFold(p.Name, "Content-Type"))
}

func (w *writer) parameter(p restmachine.Parameter, text Text) object {
	written := object{"name": p.Name, "in": p.In}
	t := p.Type
	if p.Many {
		t = t.Elem()
	}
	schema := w.schemas.text(t)
	var defaults []any
	for _, d := range p.Default {
		defaults = append(defaults, literal(d, schema))
	}
	switch {
	case p.Many:
		schema = object{"type": "array", "items": schema}
		if p.Default != nil {
			schema["default"] = append([]any{}, defaults...)
		}
	case p.Default != nil:
		schema["default"] = defaults[0]
	}
	written["schema"] = schema
	if p.Required {
		written["required"] = true
	}
	set(written, "description", p.Tag.Get("doc"))
	if example, ok := text.Examples[p.Name]; ok {
		written["example"] = example
	}
	return written
}

// preconditionsOf names the shared parameters of an operation: preconditions that are compared
// with something there, and ranges.
func preconditionsOf(o restmachine.Operation) []string {
	var names []string
	add := func(name string, is bool) {
		if is {
			names = append(names, name)
		}
	}
	switch o.Method {
	case http.MethodGet, http.MethodHead:
		add("If-None-Match", o.Answer.ETag != 0)
		add("If-Modified-Since", o.Answer.LastModified)
		ranged := o.Ranged && o.Method == http.MethodGet
		add("Range", ranged)
		add("If-Range", ranged && (o.Answer.ETag == restmachine.Strong || o.Answer.LastModified))
		return names
	case http.MethodOptions:
		return nil
	}
	if !isWrite(o) {
		return nil
	}
	tagged, dated := o.Current.ETag == restmachine.Strong, o.Current.LastModified
	must := o.Required && !o.Creates // a client that leaves it out is 428
	add("If-Match-Required", must && (tagged || !dated))
	add("If-Match", !must && tagged)
	add("If-None-Match-Any", o.Creates)
	add("If-Unmodified-Since-Required", must && dated && !tagged)
	add("If-Unmodified-Since", !must && dated)
	return names
}

// isWrite reports whether a method may change something. A safe one that was registered by
// HandleSafe is not in the document: OpenAPI 3.1 does not know it.
func isWrite(o restmachine.Operation) bool {
	return o.Method != http.MethodGet && o.Method != http.MethodHead && o.Method != http.MethodOptions
}
