package restmachine

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/responsefield"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file finds the parts of an Operation. In comes the plan of a method. Out come its
// parameters, the contents that it reads and writes, and what its callbacks refuse with.

// placesOf says where a source reads its fields, and the tag that names them.
var placesOf = map[plan.Origin]string{plan.FromPathFields: "path", plan.FromQueryFields: "query", plan.FromHeaderFields: "header", plan.FromCookieFields: "cookie"}

// lastEvent is what a callback reads that takes a LastEventID.
var lastEvent = Parameter{In: "header", Name: "Last-Event-ID", Type: reflect.TypeFor[string]()}

// parametersOf returns what the callbacks of a method read of the path, the query, the header and
// the cookies.
func parametersOf(p *plan.Method) []Parameter {
	var all []Parameter
	has := func(in, name string) bool {
		return slices.ContainsFunc(all, func(o Parameter) bool {
			return o.In == in && (o.Name == name || in == "header" && strings.EqualFold(o.Name, name))
		})
	}
	add := func(s plan.Source, sometimes bool) {
		if s.Origin == plan.FromLastEvent && !has(lastEvent.In, lastEvent.Name) {
			all = append(all, lastEvent)
		}
		in := placesOf[s.Origin]
		if in == "" {
			return
		}
		for _, f := range s.Rare.Fields.Tagged(s.Rare.Composite.Type) {
			if !has(in, f.Name) {
				all = append(all, Parameter{In: in, Name: f.Name, Type: f.Type, Tag: f.Tag, Many: f.Many,
					Default: f.Default, Required: in == "path", Sometimes: sometimes && in != "path"})
			}
		}
	}
	for s := range p.Deciding() {
		add(s, false)
	}
	for s := range p.Sources() {
		add(s, true)
	}
	for _, name := range p.Names() {
		if !has("path", name) {
			all = append(all, Parameter{In: "path", Name: name, Type: reflect.TypeFor[string](), Required: true})
		}
	}
	places := []string{"path", "query", "header", "cookie"}
	slices.SortStableFunc(all, func(a, b Parameter) int {
		if a.In == "path" && b.In == "path" {
			return slices.Index(p.Names(), a.Name) - slices.Index(p.Names(), b.Name)
		}
		return slices.Index(places, a.In) - slices.Index(places, b.In)
	})
	return all
}

// validates reports whether something that the callbacks of a method read is validated.
func validates(p *plan.Method) bool {
	for s := range p.Sources() {
		if s.Rare != nil && len(s.Rare.Checks) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(p.Bodies, func(b *plan.Body) bool {
		return len(b.Checks) > 0
	})
}

// contentsOf returns what the content of a method is read from.
func contentsOf(p *plan.Method) []Content {
	var all []Content
	for _, b := range p.Bodies {
		read := p.ReadAs(b.Type())
		if len(b.Parsers()) == 0 {
			all = append(all, Content{Media: "*/*", Type: b.Type()}) // it is taken as it is
		}
		for _, parser := range b.Parsers() {
			c := Content{Media: parser.Media(), Type: read, Patch: read != b.Type()}
			if parser.Callback != nil {
				c.By = parser.Callback.Func.Name
			}
			all = append(all, c)
		}
	}
	return all
}

// returnsOf returns what the value that a handler returns is rendered as.
func returnsOf(p *plan.Method) []Content {
	t := p.Handler.Result
	var all []Content
	for _, o := range p.OffersOf(t) {
		c := contentOf(t, o.Media)
		if o.Callback != nil {
			c.By = o.Callback.Func.Name
			if rendered := o.Callback.Func.Returns(); rendered.Kind() != reflect.Interface || plan.IsStream(rendered) {
				c = contentOf(rendered, o.Media) // of another interface nothing is known that t does not say better
				c.By = o.Callback.Func.Name
			}
		} else if p.Handler.Dynamic || plan.IsStream(t) && strings.HasPrefix(o.Media, "application/octet-stream") {
			c.Media = "*/*" // only the value tells
		}
		all = append(all, c)
	}
	return all
}

// contentOf returns what values of type t are written as in a media type. A sequence is an array,
// or one element on each line.
func contentOf(t reflect.Type, media string) Content {
	switch element := stream.ElementOf(t); {
	case element != nil && plan.IsLines(media):
		return Content{Media: media, Type: element, Each: true}
	case element != nil:
		return Content{Media: media, Type: reflect.SliceOf(element)}
	}
	return Content{Media: media, Type: t, Each: stream.KindOf(t) == stream.Events}
}

// errorsOf returns what errors are rendered as, where that is not the library's own.
func errorsOf(p *plan.Method) []Content {
	if p.RenderError == nil && p.ProblemOffers == nil {
		return nil
	}
	var all []Content
	for _, o := range p.ProblemOffers {
		c := Content{Media: o.Media, Type: reflect.TypeFor[Problem]()}
		if o.Callback != nil {
			c.Type, c.By = o.Callback.Func.Returns(), o.Callback.Func.Name
		}
		all = append(all, c)
	}
	if by := p.RenderError; by != nil { // it may set the Content-Type by itself
		all = append(all, Content{Media: "*/*", Type: by.Func.Returns(), By: by.Func.Name})
	}
	return all
}

// problemsOf returns what the callbacks of a method refuse with.
func problemsOf(p *plan.Method) []*Problem {
	var all []*Problem
	add := func(err error) {
		switch problem := (*Problem)(nil); {
		case errors.As(err, &problem):
			if concerns(p, problem.Status) {
				all = append(all, problem)
			}
		case errors.Is(err, ErrNotFound):
			all = append(all, &Problem{Status: http.StatusNotFound})
		case errors.Is(err, ErrGone):
			all = append(all, &Problem{Status: http.StatusGone})
		}
	}
	for _, r := range p.Problems {
		add(r.Problem)
	}
	for _, m := range p.Mapped {
		if m.As == nil {
			add(m.To)
		}
	}
	return all
}

// fieldsOf returns the response fields that answers of a method carry, as far as somebody told:
// those of Field, and those in the header of problems.
func fieldsOf(p *plan.Method, problems []*Problem) []Field {
	var all []Field
	for _, f := range p.Fields {
		all = append(all, Field{f.Name, f.Doc, slices.Clone(f.Statuses)})
	}
	for _, problem := range problems {
		for _, name := range slices.Sorted(maps.Keys(problem.Header)) {
			if responsefield.Own(name) == "" && !responsefield.IsExempt(name) {
				all = append(all, Field{Name: name, Statuses: []int{cmp.Or(problem.Status, http.StatusInternalServerError)}})
			}
		}
	}
	return all
}

// concerns reports whether a method can be refused with a status: one that speaks of content
// where it reads some, and one that speaks of a state that was to be changed where it writes.
func concerns(p *plan.Method, status int) bool {
	switch status {
	case http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return len(p.Bodies) > 0
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired:
		return p.Writes()
	}
	return true
}
