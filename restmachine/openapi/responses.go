package openapi

import (
	"cmp"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file writes the responses of an operation: its successes in full, the refusals that a
// client can do something about, and one for the rest.

func (w *writer) responses(o restmachine.Operation, text Text) object {
	refusals := refusalsOf(o)
	all := object{"default": w.rest(o, refusals)}
	for _, status := range successesOf(o, text) {
		all[strconv.Itoa(status)] = w.success(o, text, status)
	}
	for _, status := range refusals {
		all[strconv.Itoa(status)] = w.refusal(o, status)
	}
	return all
}

// successesOf are the statuses below 400 that an operation may have. Where the handler returns
// a Reply, its text may know them better.
func successesOf(o restmachine.Operation, text Text) []int {
	var all []int
	for _, status := range o.Statuses {
		if status < 400 && maySucceedWith(o, text, status) {
			all = append(all, status)
		}
	}
	all = append(all, text.Statuses...)
	if isFile(o.Result) && !slices.Contains(all, http.StatusMovedPermanently) {
		all = append(all, http.StatusMovedPermanently) // a folder
	}
	for _, p := range o.Problems {
		if p.Status >= 300 && p.Status < 400 {
			all = append(all, p.Status)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// maySucceedWith narrows what the graph can end at to what the handler's type promises: a
// pointer that it returns is not nil, and a Reply to a POST has created.
func maySucceedWith(o restmachine.Operation, text Text, status int) bool {
	said := len(text.Statuses) > 0
	created := o.Replies && o.Method == http.MethodPost
	switch status {
	case http.StatusOK:
		return !said && !created
	case http.StatusCreated:
		return !said && (created || o.Creates || o.Replies && o.Method == http.MethodPut)
	case http.StatusNoContent:
		return !said && o.Result == nil && o.Method != http.MethodOptions
	case http.StatusNotModified:
		return o.Answer.ETag != 0 || o.Answer.LastModified
	}
	return true
}

// refusalsOf are the statuses from 400 on that a client can do something about. What any
// request may get is left to the default.
func refusalsOf(o restmachine.Operation) []int {
	var all []int
	for _, status := range o.Statuses {
		if status >= 400 && isToldOf(o, status) {
			all = append(all, status)
		}
	}
	for _, p := range o.Problems {
		all = append(all, cmp.Or(p.Status, 500))
	}
	if isFile(o.Result) {
		all = append(all, http.StatusNotFound)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(status int) bool { return status < 400 || isOfAny(status) })
}

// isOfAny reports whether every request may get a status, whatever the operation.
func isOfAny(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusRequestURITooLong || status >= 500
}

func isToldOf(o restmachine.Operation, status int) bool {
	guarded := isWrite(o) && len(preconditionsOf(o)) > 0
	switch status {
	case http.StatusBadRequest: // of any request, and of these in particular
		return len(o.Reads) > 0 || guarded ||
			slices.ContainsFunc(o.Parameters, func(p restmachine.Parameter) bool { return p.In != "path" && p.Tag != "" }) // not Last-Event-ID
	case http.StatusNotFound:
		return o.Loads || slices.ContainsFunc(o.Parameters, func(p restmachine.Parameter) bool { return p.In == "path" })
	case http.StatusPreconditionFailed:
		return guarded
	case http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		return len(o.Reads) > 0
	}
	return true
}

var problemType = reflect.TypeFor[restmachine.Problem]()

// isFile reports whether values of type t are files.
func isFile(t reflect.Type) bool { return t != nil && t.Implements(reflect.TypeFor[fs.File]()) }

// rest is the response that stands for all that any request may get and that is not listed.
func (w *writer) rest(o restmachine.Operation, listed []int) object {
	rest := object{
		"description": "What any request may get: 400 if it is malformed, 408, 414, and 500 to 599. A client that prefers text/plain gets text.",
		"content":     w.errorContent(o),
	}
	headers := object{"Vary": w.header("Vary"), "Cache-Control": w.header("Cache-Control")}
	told := w.tell(headers, o, func(status int) bool { return isOfDefault(status) && !slices.Contains(listed, status) })
	if rest["headers"] = headers; len(o.Errors) > 0 || isFile(o.Result) {
		return rest
	}
	return w.shareTold("Problem", told, rest)
}

func (w *writer) problemContent() object {
	w.schemas.problem = true
	problem := object{"schema": reference("schemas", "Problem")}
	return object{"application/problem+json": problem}
}

// refusal is the response of an error. Those that every operation has alike are shared.
func (w *writer) refusal(o restmachine.Operation, status int) object {
	headers := object{"Vary": w.header("Vary"), "Cache-Control": w.header("Cache-Control")}
	name := compact(phrase(status))
	switch status {
	case http.StatusUnauthorized:
		headers["WWW-Authenticate"] = w.fixed("WWW-Authenticate")
	case http.StatusMethodNotAllowed:
		headers["Allow"] = w.fixed("Allow")
	case http.StatusUnsupportedMediaType:
		accept := "Accept"
		if o.Method == http.MethodPatch {
			accept, name = "Accept-Patch", name+"Patch"
		}
		headers[accept], headers["Accept-Encoding"] = w.fixed(accept), w.header("Accept-Encoding")
	case http.StatusRequestedRangeNotSatisfiable:
		headers["Content-Range"] = w.fixed("Content-Range")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		headers["Retry-After"] = w.header("Retry-After")
	}
	told := w.tellOf(headers, o, status)
	own := ""
	for _, p := range o.Problems {
		if p.Status == status && p.Title != "" && p.Title != phrase(status) {
			own = strings.Join(slices.DeleteFunc([]string{own, p.Title}, func(s string) bool { return s == "" }), "; ")
		}
	}
	response := object{"description": or(own, phrase(status)), "content": w.errorContent(o), "headers": headers}
	if own != "" || len(o.Errors) > 0 || isFile(o.Result) {
		return response
	}
	return w.shareTold(name, told, response)
}

// errorContent is what errors are rendered as.
func (w *writer) errorContent(o restmachine.Operation) object {
	if len(o.Errors) > 0 {
		return w.contents(o.Errors, nil)
	}
	content := w.problemContent()
	if isFile(o.Result) {
		content["*/*"] = object{} // a page of NotFoundPage
	}
	return content
}

// success is the response of a status below 400.
func (w *writer) success(o restmachine.Operation, text Text, status int) object {
	response := object{"description": phrase(status)}
	hasContent := status != http.StatusNoContent && status != http.StatusNotModified && o.Method != http.MethodHead &&
		(status < 300 || status == http.StatusMultipleChoices)
	if content := w.contents(o.Returns, text.Response); hasContent && len(content) > 0 {
		if status == http.StatusPartialContent {
			content["multipart/byteranges"] = object{}
		}
		response["content"] = content
	}
	headers := w.headersOf(o, status)
	if w.tellOf(headers, o, status); len(headers) > 0 {
		response["headers"] = headers
	}
	return response
}

// contents are the media types of an answer, each with its schema.
func (w *writer) contents(all []restmachine.Content, example any) object {
	content := object{}
	for _, c := range all {
		media := object{}
		switch t := c.Type; {
		case isBinary(t):
		case c.Each:
			media["schema"] = object{"type": "string"}
			if t != eventsType {
				media["x-itemSchema"] = w.schemas.written(t) // OpenAPI 3.2 has it without the x
			}
		case t == problemType:
			w.schemas.problem = true
			media["schema"] = reference("schemas", "Problem")
		case c.Media == "*/*" && (c.By == "" || t.Kind() == reflect.String):
		case t.Kind() == reflect.String && (c.By != "" || !isJSON(c.Media)):
			if !isJSON(c.Media) {
				media["schema"] = object{"type": "string"}
			}
		case isJSON(c.Media) || c.By != "":
			media["schema"] = w.schemas.written(t)
			if example != nil && isJSON(c.Media) {
				media["example"] = example
			}
		}
		content[c.Media] = media
	}
	return content
}

// isBinary reports whether values of type t are sent as they are: read, or written by
// themselves.
func isBinary(t reflect.Type) bool {
	_, reads := t.MethodByName("Read")
	_, writes := t.MethodByName("WriteTo")
	return reads || writes || t == reflect.TypeFor[[]byte]() || t.Kind() == reflect.Func
}

var eventsType = reflect.TypeFor[*restmachine.EventStream]()

// sendsEvents reports whether an answer may be an event stream.
func sendsEvents(o restmachine.Operation) bool {
	return slices.ContainsFunc(o.Returns, func(c restmachine.Content) bool { return c.Type == eventsType })
}

// headersOf are the fields that an answer carries.
func (w *writer) headersOf(o restmachine.Operation, status int) object {
	all := object{}
	add := func(name string, is bool) {
		if is {
			all[name] = w.header(name)
		}
	}
	reads := o.Method == http.MethodGet || o.Method == http.MethodHead
	isOwn := o.Shows && (status == http.StatusOK || status == http.StatusCreated)
	describes := reads && status < 300 && status != http.StatusNoContent || isOwn || status == http.StatusCreated
	tag := w.header
	if o.Hashed && !o.Stream && (reads || isOwn) {
		tag = w.fixed // by hash, each has one
	}
	switch {
	case o.Method == http.MethodOptions:
		all["Allow"] = w.fixed("Allow")
		add("Accept-Patch", true)
		return all
	case status == http.StatusNotModified || describes:
		if o.Answer.ETag != 0 {
			all["ETag"] = tag("ETag")
		}
		add("Last-Modified", o.Answer.LastModified) // on a 304 where there is no tag
	case status > 300:
		all["Location"] = w.fixed("Location")
		add("Vary", len(o.Vary) > 0)
		return all
	}
	add("Content-Location", isOwn || o.Replies)
	add("Location", status == http.StatusCreated && (o.Location || o.Replies) || status == http.StatusAccepted)
	fresh := reads && status != http.StatusNoContent
	add("Cache-Control", (o.CacheControl || sendsEvents(o)) && fresh || o.Replies)
	add("Expires", o.Expires && fresh)
	add("Accept-Ranges", o.Ranged && (status == http.StatusOK || status == http.StatusPartialContent))
	hasContent := status != http.StatusNotModified && status != http.StatusNoContent
	add("X-Accel-Buffering", sendsEvents(o) && hasContent)
	add("Content-Language", len(o.Languages) > 0 && hasContent)
	add("Content-Encoding", len(o.Codings) > 1 && hasContent)
	if status == http.StatusPartialContent {
		all["Content-Range"] = w.header("Content-Range")
	}
	if len(o.Vary) > 0 && !o.Variances {
		all["Vary"] = w.share("headers", "Vary-"+strings.Join(o.Vary, "-"), object{"required": true, "example": strings.Join(o.Vary, ", "),
			"description": commonHeaders["Vary"]["description"], "schema": ofText("")})
	} else {
		add("Vary", o.Variances || isFile(o.Result) || o.Replies)
	}
	return all
}
