package plan

import (
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
)

// This file plans how content becomes the T of a Body[T]. In comes the T. Out comes which
// parser reads which media type, or that the content is taken as it is.

// A Body is one T of Body[T] on one path.
type Body struct {
	typ       reflect.Type
	Slot      int                // of its value in an attempt
	Raw       Raw                // how the content is taken, where it is not parsed
	parsers   []Parser           // none: the content of every type is taken
	Checks    validate.Checks    // what was parsed has to pass them; in a patch, its result
	Composite *Composite         // the Body[T]
	JSON      *strictjson.Reader // of the T; nil where the library does not read it as JSON
	IsPatch   bool               // the T is a MergePatch
}

// Type is the T.
func (b *Body) Type() reflect.Type { return b.typ }

// Parsers are what reads the content, the default first; none where it is taken as it is.
func (b *Body) Parsers() []Parser { return b.parsers }

// A Raw says as what the content is taken as it is.
type Raw uint8

// The ways to take content.
const (
	parsed Raw = iota // it is not taken as it is
	RawBytes
	RawText
	RawSeeker
	RawStream
)

var rawKinds = map[reflect.Type]Raw{
	declare.BytesType: RawBytes, declare.StringType: RawText, declare.SeekerType: RawSeeker, declare.ReaderType: RawStream,
}

// kept says where content is read to.
func (r Raw) kept() string {
	switch r {
	case RawStream:
		return "is streamed"
	case RawSeeker:
		return "is spooled to a file"
	}
	return "is held in memory"
}

// A Parser reads one media type, or a range of them.
type Parser struct {
	media    string
	Callback *Callback // of an Accepts; nil: the library reads it
	IsForm   bool      // the library reads it as a form, and not as JSON
}

// Media is the media type, or the range of them, that is read.
func (p Parser) Media() string { return p.media }

func (p Parser) reads(contentType string) bool {
	return negotiate.Match(p.media, contentType) ||
		p.media == jsonType && negotiate.IsJSON(contentType)
}

// ParserFor chooses the parser of a media type, the first one for "". ok is false where
// nothing reads it.
func (b *Body) ParserFor(contentType string) (p Parser, ok bool) {
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

// body is the plan of a Body[T] on the path. Accepts goes before what the library reads.
func (b *binder) body(c *Composite) *Body {
	t := c.Type
	if body, ok := b.bodies[t]; ok {
		return body
	}
	body := &Body{typ: t, Slot: b.newSlot(), Composite: c, IsPatch: reflect.PointerTo(t).Implements(b.Supply.vocabulary.Patch)}
	for f := range factsOf(b.places) {
		if f.Kind == declare.Accepts && f.Func.Returns() == t {
			b.hold(f)
			body.parsers = append(body.parsers, b.parser(f))
		}
	}
	b.bodies[t] = body
	if len(body.parsers) == 0 {
		b.readByLibrary(body)
	}
	if body.IsPatch { // by whose rules it is applied
		body.JSON = b.Plans.JSON.For(t)
	}
	if body.Raw == parsed {
		body.Checks = b.checks(b.Supply.vocabulary.readAs(t), BodyPart, body.JSON != nil)
	}
	return body
}

// readByLibrary plans how content is read where no Accepts returns the T.
func (b *binder) readByLibrary(body *Body) {
	t := body.typ
	switch body.Raw = rawKinds[t]; {
	case body.Raw != parsed:
	case t == valuesType:
		body.parsers = []Parser{{media: formType, IsForm: true}}
	case body.IsPatch:
		body.parsers = []Parser{{media: mergePatchType}}
	default:
		body.parsers = []Parser{{media: jsonType}}
	}
	if body.Raw == parsed && t != valuesType {
		body.JSON = b.Plans.JSON.For(t)
	}
}

const (
	jsonType       = "application/json"
	formType       = "application/x-www-form-urlencoded"
	mergePatchType = "application/merge-patch+json" // RFC 7396
)

var valuesType = reflect.TypeFor[url.Values]()

// contentOrigins are the forms in which an Accepts can take the content, as its first
// parameter.
var contentOrigins = map[reflect.Type]Origin{
	declare.BytesType: FromContentBytes, declare.ReaderType: FromContentReader, valuesType: FromContentForm,
}

// parser binds an Accepts.
func (b *binder) parser(f *declare.Fact) Parser {
	p := Parser{media: f.Media}
	if b.chain.closesCircle(b.faults, f.Func) {
		return p
	}
	p.Callback = b.bind("Accepts "+f.Media, f.Func, func(i int, t reflect.Type) Origin {
		if i > 0 {
			return byType
		}
		return contentOrigins[t]
	})
	return p
}

// private reports whether no callback sees the content itself, but only what the library
// copied out of it. Its room can then be used again.
func private(bodies []*Body) bool {
	for _, b := range bodies {
		if b.Raw != parsed || slices.ContainsFunc(b.parsers, func(p Parser) bool { return p.Callback != nil }) {
			return false
		}
	}
	return true
}

// takenAs reports whether one of bodies takes the content as r says.
func takenAs(bodies []*Body, r Raw) bool {
	return slices.ContainsFunc(bodies, func(b *Body) bool { return b.Raw == r })
}

// usualType is the media type that the first parser of the only body reads, "" where there
// is none, or more than one.
func usualType(bodies []*Body) string {
	if len(bodies) != 1 || len(bodies[0].parsers) == 0 {
		return ""
	}
	return bodies[0].parsers[0].media
}

// BodyMedia lists what the bodies of a method can be read from, for the field Accept.
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
