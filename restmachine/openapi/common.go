package openapi

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"strconv"
	"strings"
)

// This file has what operations share: parameters and headers of HTTP, the schema of a
// problem, and the responses that are one. They go into the components that use them.

// shared are the components that operations use: by kind, and by name.
type shared map[string]object

// share puts a component into the document, and returns the reference to it.
func (w *writer) share(kind, name string, component object) object {
	if w.shared[kind] == nil {
		w.shared[kind] = object{}
	}
	w.shared[kind][name] = component
	return reference(kind, name)
}

// header is a reference to one of the common headers.
func (w *writer) header(name string) object { return w.share("headers", name, commonHeaders[name]) }

// fixed is the header of that name, which is always there.
func (w *writer) fixed(name string) object {
	always := object{"required": true}
	for member, value := range commonHeaders[name] {
		always[member] = value
	}
	return w.share("headers", name+"-Always", always)
}

// literal is the text of a default as a value of its schema.
func literal(text string, schema object) any {
	switch schema["type"] {
	case "boolean":
		if is, err := strconv.ParseBool(text); err == nil {
			return is
		}
	case "integer":
		if n, ok := new(big.Int).SetString(text, 10); ok {
			return json.RawMessage(n.String())
		}
	case "number":
		if n, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n
		}
	}
	return text
}

const (
	tagPattern  = `^(W/)?"[!#-~\x80-\xFF]*"$`
	datePattern = `^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$`
)

func precondition(name, description string, schema object) object {
	return object{"name": name, "in": "header", "description": description, "schema": schema}
}

func must(parameter object) object {
	parameter["required"] = true
	return parameter
}

// ofText is a schema of text that matches a pattern; "" is any.
func ofText(pattern string) object {
	schema := object{"type": "string"}
	set(schema, "pattern", pattern)
	return schema
}

// commonParameters are the request fields that the graph asks for.
var commonParameters = map[string]object{
	"If-None-Match": precondition("If-None-Match",
		"The entity-tags that the client has: 304 if one of them is current (RFC 9110, 13.1.2).", ofText("")),
	"If-Modified-Since": precondition("If-Modified-Since",
		"The Last-Modified that the client has: 304 if it is current (RFC 9110, 13.1.3).", ofText("")),
	"If-Match": precondition("If-Match",
		"The entity-tags that the client has seen: 412 if none of them is current (RFC 9110, 13.1.1).", ofText("")),
	"If-Match-Required": must(precondition("If-Match",
		"The entity-tags that the client has seen: 412 if none of them is current, 428 without it (RFC 9110, 13.1.1; RFC 6585, 3).", ofText(""))),
	"If-Unmodified-Since-Required": must(precondition("If-Unmodified-Since",
		"The Last-Modified that the client has seen: 412 if the resource was modified since, 428 without it (RFC 9110, 13.1.4; RFC 6585, 3).", ofText(""))),
	"If-None-Match-Any": precondition("If-None-Match",
		"* creates and never replaces: 412 if the resource exists (RFC 9110, 13.1.2).", ofText("")),
	"If-Unmodified-Since": precondition("If-Unmodified-Since",
		"The Last-Modified that the client has seen: 412 if the resource was modified since (RFC 9110, 13.1.4).", ofText("")),
	"Range":    precondition("Range", "The part that is wanted, such as bytes=0-99 (RFC 9110, 14.2).", ofText("")),
	"If-Range": precondition("If-Range", "The whole is sent if this is no longer current (RFC 9110, 13.1.5).", ofText("")),
}

func responseHeader(description string, schema object) object {
	return object{"description": description, "schema": schema}
}

// commonHeaders are the response fields that the library sets.
var commonHeaders = map[string]object{
	"ETag":              responseHeader("The entity-tag of this representation (RFC 9110, 8.8.3).", ofText(tagPattern)),
	"Last-Modified":     responseHeader("When the resource changed last (RFC 9110, 8.8.2).", ofText(datePattern)),
	"Vary":              responseHeader("The request fields that chose this answer (RFC 9110, 12.5.5).", ofText("")),
	"Location":          responseHeader("Where it is (RFC 9110, 10.2.2).", object{"type": "string", "format": "uri-reference"}),
	"Content-Location":  responseHeader("The content is the representation of this URI (RFC 9110, 8.7).", object{"type": "string", "format": "uri-reference"}),
	"Content-Language":  responseHeader("The language of the content (RFC 9110, 8.5).", ofText("")),
	"Content-Encoding":  responseHeader("The coding of the content (RFC 9110, 8.4).", ofText("")),
	"Content-Range":     responseHeader("Which part of how much this is (RFC 9110, 14.4).", ofText("^bytes ")),
	"Accept-Ranges":     responseHeader("A Range may be asked for (RFC 9110, 14.3).", object{"type": "string", "const": "bytes"}),
	"Cache-Control":     responseHeader("How long a cache may keep it (RFC 9111, 5.2).", ofText("")),
	"Expires":           responseHeader("When it is stale (RFC 9111, 5.3).", ofText(datePattern)),
	"Allow":             responseHeader("The methods that are allowed (RFC 9110, 10.2.1).", ofText("")),
	"Accept":            responseHeader("The media types that are read here (RFC 9110, 15.5.16).", ofText("")),
	"Accept-Patch":      responseHeader("The media types that a PATCH is read from (RFC 5789, 3.1).", ofText("")),
	"Accept-Encoding":   responseHeader("The codings that content is read in (RFC 9110, 15.5.16).", ofText("")),
	"X-Accel-Buffering": responseHeader("A proxy such as nginx passes each piece on at once.", object{"type": "string", "const": "no"}),
	"Retry-After":       responseHeader("When to try again (RFC 9110, 10.2.3).", ofText("")),
	"WWW-Authenticate":  responseHeader("How the client can show who it is (RFC 9110, 11.6.1).", ofText("")),
}

// problemSchema is that of problem details (RFC 9457), as the library writes them.
func problemSchema() object {
	return object{
		"type": "object", "description": "Problem details (RFC 9457).",
		"required": []string{"status", "title"},
		"properties": object{
			"type":     object{"type": "string", "format": "uri-reference", "description": "The kind of the problem; about:blank where it is missing."},
			"title":    object{"type": "string", "description": "The same for all problems of a kind."},
			"status":   object{"type": "integer", "minimum": 400, "maximum": 599},
			"detail":   object{"type": "string", "description": "What is wrong with this request."},
			"instance": object{"type": "string", "format": "uri-reference"},
			"decision": object{"type": "string", "description": "The row of the decision graph that refused."},
			"errors": object{
				"type": "array", "description": "What is wrong with the values that were sent, all at once.",
				"items": object{
					"type": "object", "required": []string{"detail"},
					"properties": object{
						"pointer":   object{"type": "string", "description": "Where in the content: a JSON Pointer as a URI fragment (RFC 6901, 6)."},
						"parameter": object{"type": "string", "description": "Which parameter of the path or the query."},
						"detail":    object{"type": "string"},
					},
				},
			},
		},
		"additionalProperties": true,
	}
}

// phrase is the name of a status.
func phrase(status int) string {
	switch text := http.StatusText(status); {
	case status == http.StatusUnprocessableEntity:
		return "Unprocessable Content"
	case status == http.StatusRequestEntityTooLarge:
		return "Content Too Large"
	case status == http.StatusRequestedRangeNotSatisfiable:
		return "Range Not Satisfiable"
	case text == "":
		return fmt.Sprintf("Status %d", status)
	default:
		return text
	}
}

// compact is a phrase as the name of a component.
func compact(phrase string) string {
	return strings.NewReplacer(" ", "", "'", "", "-", "").Replace(phrase)
}
