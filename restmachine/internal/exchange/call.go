package exchange

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/pointer"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file calls callbacks. In comes a callback with a source for each of its
// parameters. Out comes what it returned. The switch over sources is the table of
// injection.

// calls are the calls of one exchange. Only this file writes to it, but for calling, rehearsing and asGet.
type calls struct {
	args       wire.Args   // of the last call; they are in use only until it begins
	result     wire.Result // of the last call; it is read here, at once, and nowhere else
	calling    *wire.Func  // for messages: the callback that is being called, or was last
	logs       bool        // the names of callbacks are noted
	rehearsing bool        // the questions are asked ahead of the content, and nothing is done
	asGet      bool        // what was negotiated is one of what the path's GET offers
	called     string      // those names
}

func (c *calls) forget() {
	*c = calls{}
}

// LogCalls notes the callbacks that are called from now on.
func (x *Exchange) LogCalls() { x.logs = true }

// TakeCalls are the names of the callbacks that were called since it was last asked.
func (x *Exchange) TakeCalls() string {
	names := x.called
	x.called = ""
	return names
}

// Aside calls f, which calls callbacks for nobody: they are not noted, and a panic of one ends
// here.
func (x *Exchange) Aside(f func()) {
	logs, calling := x.logs, x.calling
	x.logs = false
	defer func() { x.logs, x.calling = logs, calling }()
	_ = Protect(func() error { f(); return nil })
}

// Do calls a callback for what it does.
func (x *Exchange) Do(c *plan.Callback, subject any) error { return x.call(c, subject) }

// Bool calls a callback that returns a bool.
func (x *Exchange) Bool(c *plan.Callback) (bool, error) {
	if err := x.call(c, nil); err != nil {
		return false, err
	}
	return x.result.First() == true, nil
}

// Text calls a callback that returns some string.
func (x *Exchange) Text(c *plan.Callback, subject any) (string, error) {
	if err := x.call(c, subject); err != nil {
		return "", err
	}
	return x.result.Text(), nil
}

// Time calls a callback that returns a time.Time.
func (x *Exchange) Time(c *plan.Callback, subject any) (time.Time, error) {
	if err := x.call(c, subject); err != nil {
		return time.Time{}, err
	}
	return x.result.Time(), nil
}

// Value calls a callback, and is its first result. There may be a value beside an
// error.
func (x *Exchange) Value(c *plan.Callback, subject any) (any, error) {
	err := x.call(c, subject)
	return x.result.First(), err
}

// Both calls a callback, and is both of its results.
func (x *Exchange) Both(c *plan.Callback) (first, second any, err error) {
	err = x.call(c, nil)
	return x.result.First(), x.result.Second, err
}

// call calls a callback. subject is the value of [plan.FromSubject]. Where a source fails
// the callback is not called, and returned nothing. A source may call other callbacks, so
// the arguments are put in place together, when all are there.
func (x *Exchange) call(c *plan.Callback, subject any) (err error) {
	x.calling = c.Func // what a source does, such as parsing, may panic in the name of the callback
	n := len(c.Sources)
	switch {
	case n > 3:
		return x.callWithMore(c, subject)
	case n == 1 && c.Sources[0].Origin == plan.FromSubject && !x.logs:
		x.args.At[0] = subject
		return c.Func.Invoke(&x.args, &x.result)
	}
	first, second := subject, any(nil)
	if n > 0 && c.Sources[0].Origin != plan.FromSubject {
		if first, err = x.argument(&c.Sources[0], nil); err != nil {
			return x.notCalled(err)
		}
	}
	if n > 1 {
		if second, err = x.argument(&c.Sources[1], subject); err != nil {
			return x.notCalled(err)
		}
	}
	if n > 2 {
		third, err := x.argument(&c.Sources[2], subject)
		if err != nil {
			return x.notCalled(err)
		}
		x.args.At[2] = third
	}
	if x.args.At[0] = first; n > 1 {
		x.args.At[1] = second
	}
	return x.invoke(c)
}

// callWithMore is call for a callback of more than three parameters.
func (x *Exchange) callWithMore(c *plan.Callback, subject any) (err error) {
	var args wire.Args
	for i := range c.Sources {
		v, err := x.argument(&c.Sources[i], subject)
		if err != nil {
			return x.notCalled(err)
		}
		if i < len(args.At) {
			args.At[i] = v
		} else {
			args.More = append(args.More, v)
		}
	}
	x.args = args
	return x.invoke(c)
}

// invoke calls a callback, whose arguments are in place.
func (x *Exchange) invoke(c *plan.Callback) error {
	x.calling = c.Func // a source may have called another one
	if x.logs {
		x.called = plan.Join(x.called, c.Func.String())
	}
	return c.Func.Invoke(&x.args, &x.result)
}

// notCalled is the error of an argument of a callback, which was not called.
func (x *Exchange) notCalled(err error) error {
	x.result = wire.Result{}
	return err
}

// argument is the value for a parameter: a value, or a pointer to it; nil is the zero value.
// The most frequent sources stand here.
func (x *Exchange) argument(s *plan.Source, subject any) (any, error) {
	switch s.Origin {
	case plan.FromSubject:
		return subject, nil
	case plan.FromResource:
		return x.Must(s.Load)
	case plan.FromStartup:
		return s.Startup.Value, nil
	case plan.FromParams:
		return x.Words.Params(x.Params()), nil
	}
	return x.value(s)
}

// value is argument for every other source.
func (x *Exchange) value(s *plan.Source) (any, error) {
	switch s.Origin {
	case plan.FromOverride:
		return s.Rare.Value, nil
	case plan.FromDependency:
		return x.dependency(s.Dependency)
	case plan.FromBody:
		return x.parsed(s.Body)
	case plan.FromOptional:
		v, err := x.Load(s.Load)
		return s.Rare.Composite.Wrap(v), err
	case plan.FromContext:
		return x.context(), nil
	case plan.FromRequest:
		return x.ForCallback(x.context(), x.At.RouteSeen, x.Plan.MaxBody), nil
	case plan.FromHeader:
		return x.HeaderCopy(), nil
	case plan.FromQuery:
		return x.query()
	case plan.FromMethod:
		return x.Words.Method(x.Method()), nil
	case plan.FromSelected:
		return x.Words.Selected(x.selected()), nil
	case plan.FromPreconditions:
		return x.Preconditions(), nil
	case plan.FromLogger:
		return x.OwnLogger, nil
	case plan.FromLastEvent:
		return x.Words.LastEvent(x.Field("Last-Event-Id")), nil
	case plan.FromTarget:
		return plan.Target{Path: x.Path(), RawQuery: x.RawQuery(), Accept: x.Accept()}, nil
	}
	return x.fromText(s)
}

// AsMethod calls f. What it calls is told that the request has another method, and so are the
// Dependencies that are made from the method: they are made anew for f, and again behind it.
func (x *Exchange) AsMethod(name string, f func()) {
	x.anew(x.Plan.MethodSlots, func() { x.Request.AsMethod(name, f) })
}

// fromText is value for what is read from text: parameters of the path and the query, fields of
// the header, cookies, and the content for a parser of Accepts.
func (x *Exchange) fromText(s *plan.Source) (any, error) {
	switch s.Origin {
	case plan.FromPathFields:
		v, unfit := s.Rare.Fields.FillExactly(s.Rare.Composite.Type, x.pathValues)
		if unfit != nil {
			return nil, errUnfit // there is no such resource
		}
		return s.Rare.Composite.Wrap(v), x.validate(s.Rare.Checks, v, http.StatusNotFound, plan.PathPart)
	case plan.FromQueryFields:
		query, err := x.query()
		if err != nil {
			return nil, err
		}
		return x.fields(s.Rare, func(name string) []string { return query[name] })
	case plan.FromHeaderFields:
		return x.fields(s.Rare, func(name string) []string { return x.Lines(http.CanonicalHeaderKey(name)) })
	case plan.FromCookieFields:
		return x.fields(s.Rare, x.Cookie)
	case plan.FromContentBytes:
		return bytes.Clone(x.Content()), nil
	case plan.FromContentReader:
		return bytes.NewReader(x.Content()), nil
	case plan.FromContentForm:
		var form url.Values
		err := x.parseForm(x.Content(), &form)
		return form, err
	}
	return nil, nil
}

// fields are a struct of texts by name. A text that does not fit is a 400.
func (x *Exchange) fields(of *plan.Rare, values func(name string) []string) (any, error) {
	v, unfit := of.Fields.Fill(of.Composite.Type, values)
	if unfit != nil {
		return nil, x.unfit(unfit, of.Composite.Part)
	}
	return of.Composite.Wrap(v), x.validate(of.Checks, v, http.StatusBadRequest, of.Composite.Part)
}

// unfit is the 400 for texts in a part of the request that their fields cannot hold.
func (x *Exchange) unfit(all []*textfield.Unfit, in plan.Part) error {
	var said problem.Faults
	detail := ""
	for _, u := range all {
		if own := (*problem.Faults)(nil); errors.As(u.Err, &own) { // an Invalid is for the client
			said.At(pointer.Step(u.Name), own)
			continue
		}
		said.Add(pointer.Step(u.Name), u.Reason())
		if len(all) == 1 {
			detail = "the " + in.Piece() + " " + u.Error()
		}
	}
	return x.Words.RefuseFaults(http.StatusBadRequest, detail, in, &said)
}

// pathValues are the values of a parameter of the path, none where the route lacks it.
func (x *Exchange) pathValues(name string) []string {
	for i, own := range x.Params().Names() {
		if own == name {
			return []string{x.Params().Value(i)}
		}
	}
	return nil
}

// query is the request's query; one that cannot be read is a 400.
func (x *Exchange) query() (url.Values, error) {
	values, err := x.Query()
	if err != nil {
		return nil, x.Words.Refuse(http.StatusBadRequest, "the query cannot be read")
	}
	return values, nil
}
