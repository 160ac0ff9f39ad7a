package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file parses the content. In come the bytes, the spool or the stream of the
// request. Out comes what a Body[T] holds, or the Problem that tells the client what
// is wrong with its content.

// ErrUnread is what a callback ends with that asks for the content in a rehearsal.
var ErrUnread = errors.New("the content was not read yet")

// ReadAll reads the content, in the name of no callback.
func (x *Exchange) ReadAll(how request.Reading) error {
	x.calling = nil
	return x.Read(how)
}

// parsed is the content as a Body[T]. It is parsed when it is first asked for. A reader of a
// file is made for each callback that asks: all begin at the start.
func (x *Exchange) parsed(b *plan.Body) (any, error) {
	if x.rehearsing {
		return nil, ErrUnread
	}
	if b.Raw == plan.RawSeeker {
		spool, err := x.Spooled()
		return b.Composite.Wrap(spool), err
	}
	v := &x.values[b.Slot]
	if !v.done {
		v.done = true
		v.value, v.err = x.parse(b)
	}
	return v.value, v.err
}

func (x *Exchange) parse(b *plan.Body) (any, error) {
	switch b.Raw {
	case plan.RawBytes:
		return b.Composite.Wrap(append([]byte{}, x.Content()...)), nil // never nil; others read it, too, and the request may begin anew
	case plan.RawText:
		return b.Composite.Wrap(string(x.Content())), nil
	case plan.RawStream:
		return b.Composite.Wrap(x.Streamed(x.Plan.MaxBody)), nil
	}
	typ := x.Plan.UsualType
	if !x.WasOfUsualType() {
		typ = x.ContentType()
	}
	p, ok := b.ParserFor(typ)
	if !ok {
		return nil, x.Words.Refuse(http.StatusUnsupportedMediaType, x.UnsupportedType())
	}
	if p.Callback != nil {
		return x.parseBy(p.Callback, b)
	}
	made, target := b.Composite.New()
	var err error
	if p.IsForm {
		err = x.parseForm(x.Content(), target) // an empty form is a form without fields
	} else {
		err = x.parseJSON(b.JSON, x.Content(), target)
	}
	if err != nil {
		return nil, err
	}
	if b.IsPatch {
		x.Words.PatchBy(target, b.JSON.Rules, b.Checks)
		return made, nil
	}
	if b.Checks == nil {
		return made, nil
	}
	return made, x.validate(b.Checks, reflect.ValueOf(target).Elem().Interface(), http.StatusUnprocessableEntity, plan.BodyPart)
}

// parseBy parses the content by a parser of Accepts. Its plain error is a 400 whose
// text is logged, and not shown.
func (x *Exchange) parseBy(c *plan.Callback, b *plan.Body) (any, error) {
	v, err := x.Value(c, nil)
	if err != nil && !x.HasMeaning(err) {
		x.Log(slog.LevelInfo, "restmachine: a parser refused the content", "parser", c.Func.Name, "error", err)
		err = x.unreadable(err)
	}
	switch {
	case err != nil:
	case b.IsPatch:
		p := reflect.New(b.Composite.Type)
		p.Elem().Set(reflect.ValueOf(v))
		x.Words.PatchBy(p.Interface(), b.JSON.Rules, b.Checks)
		v = p.Elem().Interface()
	default:
		err = x.validate(b.Checks, v, http.StatusUnprocessableEntity, plan.BodyPart)
	}
	return b.Composite.Wrap(v), err
}

// parseForm reads a form into a *url.Values.
func (x *Exchange) parseForm(content []byte, target any) error {
	values, err := url.ParseQuery(string(content))
	if err != nil {
		return x.Words.Refuse(http.StatusBadRequest, "the content cannot be read as a form")
	}
	*target.(*url.Values) = values
	return nil
}

// parseJSON reads JSON into what target points to. JSON null is refused, unless T
// unmarshals it itself: a handler would be surprised by a T that is not there.
func (x *Exchange) parseJSON(reader *strictjson.Reader, content []byte, target any) error {
	if len(content) == 0 {
		return x.Words.Refuse(http.StatusBadRequest, "the request must have content")
	}
	if string(bytes.TrimSpace(content)) == "null" {
		if _, says := target.(json.Unmarshaler); !says && reflect.TypeOf(target).Elem().Kind() != reflect.Interface {
			return x.misfit("the content must not be null", "", "must not be null")
		}
	}
	if err := reader.Read(content, target); err != nil {
		return x.unreadable(err)
	}
	return nil
}

// unreadable is the answer to content that cannot be read: a 422 where it is JSON, but not of
// the T, and else a 400. It shows only texts that are written for clients.
func (x *Exchange) unreadable(err error) error {
	clear := (*strictjson.Error)(nil)
	if !errors.As(err, &clear) {
		return x.Words.Refuse(http.StatusBadRequest, "the content cannot be read")
	}
	if own := (*problem.Faults)(nil); errors.As(clear, &own) { // an Invalid of an UnmarshalText is for the client
		var said problem.Faults
		said.At(clear.Pointer, own)
		return x.Words.RefuseFaults(http.StatusUnprocessableEntity, "", plan.BodyPart, &said)
	}
	detail := strictjson.NotExpected + clear.Msg
	if clear.Reason == "" {
		return x.Words.Refuse(http.StatusBadRequest, detail)
	}
	return x.misfit(detail, clear.Pointer, clear.Reason)
}

// misfit is the 422 for content that is JSON, and has one value that its type does not take.
func (x *Exchange) misfit(detail, at, reason string) error {
	var said problem.Faults
	said.Add(at, reason)
	return x.Words.RefuseFaults(http.StatusUnprocessableEntity, detail, plan.BodyPart, &said)
}

// validate lets a value pass its checks. All that they say makes one Problem of the status, but
// for an error that has a status of its own. in is what the value was read from.
func (x *Exchange) validate(checks validate.Checks, v any, status int, in plan.Part) error {
	var said problem.Faults
	if len(checks) == 0 || wire.IsNil(v) {
		return nil
	}
	for _, check := range checks {
		err := check(v)
		if err != nil && x.means(x.mapping(err)) {
			return err
		}
		said.At("", err)
	}
	if said.Len() == 0 {
		return nil
	}
	return x.Words.RefuseFaults(status, "", in, &said)
}

// UnsupportedType tells the client that no parser reads its Content-Type, and which
// ones parsers read.
func (x *Exchange) UnsupportedType() string {
	typ := x.ContentType()
	detail := fmt.Sprintf("Content-Type %q is not supported", problem.Short(typ))
	if typ == "" {
		detail = "the content has no Content-Type"
	}
	if all := plan.BodyMedia(x.Plan.Bodies); all != "" {
		detail += "; supported: " + all
	}
	return detail
}
