package restmachine

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
)

// This file turns request content into what Body[T] holds: which parser reads
// which media type, and what a failure means to the client.

// maxDepth bounds the nesting of JSON content.
const maxDepth = 100

// A body is one T of Body[T] on one path.
type body struct {
	typ      reflect.Type
	slot     int
	raw      rawKind
	parsers  []parser
	validate func(v any) error // nil where T has no Validate
	of       composite         // the Body[T]
}

// rawKind says that the content is taken as it is.
type rawKind uint8

const (
	notRaw rawKind = iota
	rawBytes
	rawText
	rawSeeker
	rawStream
)

var rawKinds = map[reflect.Type]rawKind{
	bytesType: rawBytes, stringType: rawText, seekerType: rawSeeker, readerType: rawStream,
}

// A parser reads one media type, or a range of them: by what Accepts gave or, in
// place, by one of our own.
type parser struct {
	media string
	by    *bound
	into  func(content []byte, target any) error // target is a *T; nil: see by
}

func (p parser) reads(contentType string) bool {
	return negotiate.Match(p.media, contentType) ||
		p.media == "application/json" && negotiate.IsJSON(contentType)
}

// parserFor chooses the parser of a media type; without one the first is taken.
func (b *body) parserFor(contentType string) (parser, bool) {
	if len(b.parsers) == 0 {
		return parser{}, b.raw != notRaw
	}
	if contentType == "" || contentType == b.parsers[0].media {
		return b.parsers[0], true
	}
	for _, p := range b.parsers {
		if p.reads(contentType) {
			return p, true
		}
	}
	return parser{}, false
}

// body is the plan for a Body[t] on the path.
func (b *binder) body(c composite) *body {
	t := c.of()
	if made, ok := b.bodies[t]; ok {
		return made
	}
	made := &body{typ: t, slot: b.slot(), validate: validator(t), of: c}
	for _, p := range b.places {
		for _, f := range p.facts {
			if f.kind == kindAccepts && f.fn.Returns() == t {
				b.m.held[f] = true
				made.parsers = append(made.parsers, b.parser(f))
			}
		}
	}
	b.bodies[t] = made
	if len(made.parsers) > 0 {
		return made
	}
	switch made.raw = rawKinds[t]; {
	case made.raw != notRaw:
	case t == reflect.TypeFor[url.Values]():
		made.parsers = []parser{{media: formType, into: parseForm}}
	case reflect.PointerTo(t).Implements(reflect.TypeFor[patch]()):
		made.parsers = []parser{{media: mergePatchType, into: b.m.parseJSON}}
	default:
		made.parsers = []parser{{media: "application/json", into: b.m.parseJSON}}
	}
	return made
}

const formType = "application/x-www-form-urlencoded"

func (b *binder) parser(f *fact) parser {
	p := parser{media: f.media}
	if b.chain.meets(b.faults, f.fn) {
		return p
	}
	p.by = b.bind("Accepts "+f.media, f.fn, func(i int, t reflect.Type) source {
		if i > 0 {
			return nil
		}
		switch t {
		case bytesType:
			return func(x *exchange) (any, error) { return bytes.Clone(x.content), nil }
		case readerType:
			return func(x *exchange) (any, error) { return bytes.NewReader(x.content), nil }
		case reflect.TypeFor[url.Values]():
			return func(x *exchange) (any, error) {
				var form url.Values
				err := parseForm(x.content, &form)
				return form, err
			}
		}
		return nil
	})
	return p
}

// parseForm reads a form into a *url.Values.
func parseForm(content []byte, target any) error {
	values, err := url.ParseQuery(string(content))
	if err != nil {
		return &Problem{Status: http.StatusBadRequest, Detail: "the content is no readable form"}
	}
	*target.(*url.Values) = values
	return nil
}

// parseJSON reads JSON into what target points to. That null stands for no T at all
// would come as a surprise to a handler, unless T says what it makes of it.
func (m *machine) parseJSON(content []byte, target any) error {
	if string(bytes.TrimSpace(content)) == "null" {
		if _, says := target.(json.Unmarshaler); !says && reflect.TypeOf(target).Elem().Kind() != reflect.Interface {
			return &Problem{Status: http.StatusBadRequest, Detail: "the content is null"}
		}
	}
	unmarshal := strictjson.Unmarshal
	if m.options.strictJSON {
		unmarshal = strictjson.UnmarshalStrict
	}
	if err := unmarshal(content, target, maxDepth); err != nil {
		if clear := (*strictjson.Error)(nil); !errors.As(err, &clear) {
			return err // not the content's fault
		}
		return contentProblem(err)
	}
	if p, ok := target.(patch); ok && m.options.strictJSON {
		p.beStrict()
	}
	return nil
}

// contentProblem is the 400 for content that cannot be read. Only errors that
// are written for clients are shown.
func contentProblem(err error) *Problem {
	p := &Problem{Status: http.StatusBadRequest, Detail: "the content cannot be read"}
	if clear := (*strictjson.Error)(nil); errors.As(err, &clear) {
		p.Detail = "the content is not the JSON that is expected: " + clear.Msg
	}
	return p
}

// validator is the Validate method of a T or a *T, nil where there is none.
func validator(t reflect.Type) func(any) error {
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

// parsed is the content as a Body[T], parsed when it is first asked for.
func (x *exchange) parsed(b *body) (any, error) {
	if x.rehearsing {
		return nil, errUnread
	}
	cell := &x.att.cells[b.slot]
	if !cell.done {
		cell.done, cell.keep = true, true
		cell.value, cell.err = x.parse(b)
	}
	return cell.value, cell.err
}

func (x *exchange) parse(b *body) (any, error) {
	switch b.raw {
	case rawBytes:
		return b.of.with(bytes.Clone(x.content)), nil // others read it, too, and the request may begin anew
	case rawText:
		return b.of.with(string(x.content)), nil
	case rawSeeker:
		spool, err := x.spooled()
		return b.of.with(spool), err
	case rawStream:
		return b.of.with(x.streamed()), nil
	}
	if len(x.content) == 0 {
		return nil, &Problem{Status: http.StatusBadRequest, Detail: "the request has no content"}
	}
	p, ok := b.parserFor(x.contentType())
	if !ok {
		return nil, x.unsupportedType()
	}
	if p.into != nil {
		made, target := b.of.(holder).fresh()
		if err := p.into(x.content, target); err != nil {
			return nil, err
		}
		if b.validate == nil {
			return made, nil
		}
		return made, x.validated(b, reflect.ValueOf(target).Elem().Interface())
	}
	v, _, err := p.by.call(x)
	if err != nil && !x.known(err) {
		x.m.options.logger.Info("restmachine: a parser refused the content", "parser", p.by.fn.Name, "error", err)
		err = contentProblem(err)
	}
	if err == nil {
		err = x.validated(b, v)
	}
	return b.of.with(v), err
}

// validated is what the T's own Validate says of v.
func (x *exchange) validated(b *body, v any) error {
	if b.validate == nil || isNil(v) {
		return nil
	}
	err := b.validate(v)
	if err == nil || x.known(err) {
		return err
	}
	return &Problem{Status: http.StatusUnprocessableEntity, Detail: err.Error()}
}

// contentType is the request's Content-Type, "" where it has none.
func (x *exchange) contentType() string {
	return strings.TrimSpace(x.field("Content-Type"))
}

// private reports whether no callback sees the content itself, only what our own
// parsers copied out of it, so that its room can be used again.
func private(bodies []*body) bool {
	for _, b := range bodies {
		if b.raw != notRaw || slices.ContainsFunc(b.parsers, func(p parser) bool { return p.by != nil }) {
			return false
		}
	}
	return true
}

// bodyMedia lists what the bodies of a method can be read from, for Accept.
func bodyMedia(bodies []*body) string {
	var all []string
	for _, b := range bodies {
		if len(b.parsers) == 0 {
			all = union(all, []string{"*/*"}) // it is taken as it is
		}
		for _, p := range b.parsers {
			all = union(all, []string{p.media})
		}
	}
	return strings.Join(all, ", ")
}

// errUnread ends a rehearsal at a callback that asks for the content.
var errUnread = errors.New("the content was not read yet")

// errCut is the end of content that came to less than it promised.
var errCut = &Problem{Status: http.StatusBadRequest, Detail: "the content ended early"}

// readContent reads all content into room, at most limit bytes of it. Where it is
// promised to be longer, the room grows by four times, no further: a promise costs
// its sender nothing.
func readContent(r io.Reader, promised, limit int64, room []byte) ([]byte, error) {
	for {
		if n := len(room); n == cap(room) {
			more := max(min(4*int64(n), promised, limit)+1, int64(n)+bytes.MinRead)
			room = slices.Grow(room, int(more)-n)
		}
		n, err := r.Read(room[len(room):cap(room)])
		room = room[:len(room)+n]
		switch {
		case int64(len(room)) > limit:
			return nil, &http.MaxBytesError{Limit: limit}
		case err == nil:
		case err == io.EOF:
			return room, nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, errCut
		default:
			return nil, err
		}
	}
}
