package plan

import (
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
)

// This file turns request content into what Body[T] holds: which parser reads
// which media type, and what a failure means to the client.

// A body is one T of Body[T] on one path.
type Body struct {
	typ       reflect.Type
	Slot      int
	Raw       Raw
	parsers   []Parser
	Validate  func(v any) error // nil where T has no Validate
	Composite *Composite        // the Body[T]
}

// rawKind says that the content is taken as it is.
type Raw uint8

const (
	parsed Raw = iota
	RawBytes
	RawText
	RawSeeker
	RawStream
)

var rawKinds = map[reflect.Type]Raw{
	declare.BytesType: RawBytes, declare.StringType: RawText, declare.SeekerType: RawSeeker, declare.ReaderType: RawStream,
}

// A parser reads one media type, or a range of them: by what Accepts gave or, in
// place, by one of our own.
type Parser struct {
	media    string
	Callback *Callback // nil: one of our own
	IsForm   bool      // that reads a form, and not JSON
}

func (p Parser) reads(contentType string) bool {
	return negotiate.Match(p.media, contentType) ||
		p.media == "application/json" && negotiate.IsJSON(contentType)
}

// parserFor chooses the parser of a media type; without one the first is taken.
func (b *Body) ParserFor(contentType string) (Parser, bool) {
	if len(b.parsers) == 0 {
		return Parser{}, b.Raw != parsed
	}
	if contentType == "" || contentType == b.parsers[0].media {
		return b.parsers[0], true
	}
	for _, p := range b.parsers {
		if p.reads(contentType) {
			return p, true
		}
	}
	return Parser{}, false
}

// body is the plan for a Body[t] on the path.
func (b *binder) body(c *Composite) *Body {
	t := c.Type
	if made, ok := b.bodies[t]; ok {
		return made
	}
	made := &Body{typ: t, Slot: b.slot(), Validate: Validator(t), Composite: c}
	for _, p := range b.places {
		for _, f := range p.Facts {
			if f.Kind == declare.Accepts && f.Func.Returns() == t {
				b.m.holding[f] = true
				made.parsers = append(made.parsers, b.parser(f))
			}
		}
	}
	b.bodies[t] = made
	if len(made.parsers) > 0 {
		return made
	}
	switch made.Raw = rawKinds[t]; {
	case made.Raw != parsed:
	case t == valuesType:
		made.parsers = []Parser{{media: formType, IsForm: true}}
	case reflect.PointerTo(t).Implements(b.m.Supply.vocabulary.Patch):
		made.parsers = []Parser{{media: mergePatchType}}
	default:
		made.parsers = []Parser{{media: "application/json"}}
	}
	return made
}

const (
	formType       = "application/x-www-form-urlencoded"
	mergePatchType = "application/merge-patch+json" // RFC 7396
)

func (b *binder) parser(f *declare.Fact) Parser {
	p := Parser{media: f.Media}
	if b.chain.closesCircle(b.faults, f.Func) {
		return p
	}
	p.Callback = b.bind("Accepts "+f.Media, f.Func, func(i int, t reflect.Type) Origin {
		switch {
		case i > 0:
		case t == declare.BytesType:
			return FromContentBytes
		case t == declare.ReaderType:
			return FromContentReader
		case t == valuesType:
			return FromContentForm
		}
		return byType
	})
	return p
}

var valuesType = reflect.TypeFor[url.Values]()

// validator is the Validate method of a T or a *T, nil where there is none.
func Validator(t reflect.Type) func(any) error {
	type validates interface{ Validate() error }
	want := reflect.TypeFor[validates]()
	switch {
	case t.Implements(want):
		return func(v any) error { return v.(validates).Validate() }
	case reflect.PointerTo(t).Implements(want):
		return func(v any) error {
			p := reflect.New(t)
			p.Elem().Set(reflect.ValueOf(v))
			return p.Interface().(validates).Validate()
		}
	}
	return nil
}

// private reports whether no callback sees the content itself, only what our own
// parsers copied out of it, so that its room can be used again.
func private(bodies []*Body) bool {
	for _, b := range bodies {
		if b.Raw != parsed || slices.ContainsFunc(b.parsers, func(p Parser) bool { return p.Callback != nil }) {
			return false
		}
	}
	return true
}

// bodyMedia lists what the bodies of a method can be read from, for Accept.
func BodyMedia(bodies []*Body) string {
	var all []string
	for _, b := range bodies {
		if len(b.parsers) == 0 {
			all = declare.Union(all, []string{"*/*"}) // it is taken as it is
		}
		for _, p := range b.parsers {
			all = declare.Union(all, []string{p.media})
		}
	}
	return strings.Join(all, ", ")
}

// place says where content is read to.
func (r Raw) kept() string {
	switch r {
	case RawStream:
		return "is streamed"
	case RawSeeker:
		return "is spooled to a file"
	}
	return "is held in memory"
}
