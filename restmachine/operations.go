package restmachine

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file tells tools what requests an App takes and what it answers, with types. In come
// the plans of the machine, and what its programs can reach. Out come Operations. Package
// openapi writes a document from them.

// Operation is a method on a path: what its requests may carry, and what its answers may be,
// as far as types, facts and the graph tell that before any request.
type Operation struct {
	Path, Method string   // the path as it was registered
	Handler      Callback // its Type and Reflected are those of App.Callbacks

	Parameters []Parameter // by where they are: path, query, header, cookie
	Reads      []Content   // what the request's content is read from, the default first; none: nothing is read
	MaxBody    int64       // how long that may be, in bytes
	Validates  bool        // something that is read is validated
	Tagged     bool        // by a WithValidator, too, which may go by struct tags

	Result  reflect.Type // what the handler returns, the T of a *Reply[T]; nil: nothing
	Replies bool         // the handler returns a *Reply[T], which may have any status
	Dynamic bool         // only the returned value tells its type
	Stream  bool         // that value is sent while it is read or made, and not rendered
	Ranged  bool         // a Range may be asked of it (RFC 9110, 14.2)
	Shows   bool         // a write that returns what the GET of its path returns
	Returns []Content    // what the returned value is rendered as, the default first

	// Statuses are those that the graph can end at with this method, in order, and those that
	// errors of parameters, contents and ErrStale have. A Reply, an error and MapErrorAs may
	// add others.
	Statuses []int
	Errors   []Content // what errors are rendered as, by RenderError or Provides; none: problem details

	// Problems are what its callbacks refuse with: what Problems facts told, then the Problems
	// and the meanings of MapError.
	Problems []*Problem

	// Fields are the response fields that Field facts told, the nearest first, and those in the
	// Header of Problems, for their status.
	Fields []Field

	Current Validators // what preconditions are compared with
	Answer  Validators // what its answers may carry
	Hashed  bool       // the tags are hashes by AutoETag: each content that is not a stream has one

	CacheControl, Expires, Location bool     // a fact gives that field
	Vary                            []string // the request fields that choose between representations
	Variances                       bool     // a fact or a Sharing may add to Vary
	Languages                       []string // that are offered, the preferred one first
	Codings                         []string // likewise, identity last; none: content is not coded

	Loads      bool   // something must exist, else it is 404
	Required   bool   // a request without a precondition is 428
	Creates    bool   // the method may create the target of its path
	Authorized bool   // an Authorized fact is asked
	Challenge  string // of WithChallenge, for facts that do not give one
	LockKey    string // under which it excludes other writes: "/posts/{id}", or "by" a function; "": never
	LockIfAny  bool   // it does so only where the request carries a precondition

	JSON JSONRules
}

// Parameter is a part of the path, the query or the header, or a cookie, that a callback reads.
type Parameter struct {
	In, Name string            // In is "path", "query", "header" or "cookie"
	Type     reflect.Type      // string for one that only PathParams reads
	Tag      reflect.StructTag // of its field; "" for one that only PathParams reads
	Default  []string          // what stands for it where it is missing: one text, or those of a slice; nil: the zero value
	Required bool              // each of the path is
	Many     bool              // it may come more than once, for a slice

	// Sometimes says that only some requests make a callback read it: one that parses or renders
	// another media type, a RenderError, a FinishRequest, or a fact of missing resources.
	Sometimes bool
}

// Content is a media type, and the type of the values in it.
type Content struct {
	Media string
	Type  reflect.Type // of a request: the T of a Body, or of a MergePatch; of an answer: what is written
	Patch bool         // it is a MergePatch of a Type
	Each  bool         // it is one Type behind another: lines of JSON, or the events of an *EventStream
	By    string       // the Provides or Accepts that renders or parses it; "": the library does
}

// Field is a response field that answers carry beside those of types and facts.
type Field struct {
	Name, Doc string // what it tells; "": nobody said so
	Statuses  []int  // of the answers that may carry it; none: all
}

// Validators says which validators there are, as far as facts tell.
type Validators struct {
	ETag         Strength // the zero value is none; a GenerateETag is Strong, also where its tags are weak
	LastModified bool     // there may be a date
}

// JSONRules says how an App reads and writes JSON.
type JSONRules struct {
	Strict     bool // by WithStrictJSON
	V2         bool // by WithJSONv2
	OwnEncoder bool // by WithJSONEncoder: nothing is known of what it writes
}

// Operations returns what the App answers: by path in the order of registration, and by
// method. HEAD is its GET. It does not start the App. Where the App has wiring faults, it
// returns the error of Validate.
func (a *App) Operations() ([]Operation, error) {
	m, err := a.compiled()
	if err != nil {
		return nil, err
	}
	var all []Operation
	for i := range m.Plans().Addresses {
		at := &m.Plans().Addresses[i]
		p := at.Plan
		for _, method := range slices.SortedFunc(slices.Values(p.Methods), func(a, b *plan.Method) int { return cmp.Compare(a.Name, b.Name) }) {
			if method.Handler != nil && method.Name != http.MethodHead {
				all = append(all, a.operation(m, at, method))
			}
		}
	}
	return all, nil
}

func (a *App) operation(m *machine.Machine, at *plan.Address, p *plan.Method) Operation {
	h, rules := p.Handler, p.Plans.JSON
	o := Operation{
		Path: at.Route, Method: p.Name, Handler: Callback{h.Func.Name, h.Func.Site, h.Func.Type(), !h.Func.IsDirect()},
		Parameters: parametersOf(p), Reads: contentsOf(p), MaxBody: p.MaxBody, Validates: validates(p), Tagged: len(p.Plans.Validators) > 0,
		Result: h.Result, Replies: h.Replies, Dynamic: h.Dynamic,
		Stream:   plan.IsStream(h.Result),
		Problems: problemsOf(p), Errors: errorsOf(p), Hashed: p.AutoETag != declare.NoTags,
		Loads:    len(p.Use.Required) > 0 || len(p.Path.Exists) > 0,
		Required: p.RequiresPrecondition(), Creates: p.KnowsCreation() && p.Use.Creates && p.Name != http.MethodPost,
		Authorized: len(p.Gates[declare.Authorized]) > 0, Challenge: a.options.machine.Challenge,
		LockIfAny: p.Locks == plan.WithPrecondition,
		JSON:      JSONRules{rules.Strict, rules.V2, p.Plans.OwnJSON},
	}
	if p.Locks != plan.Never {
		o.LockKey = at.KeyName()
	}
	if h.Result != nil {
		o.Returns = returnsOf(p)
		o.Ranged = p.Reads() && slices.ContainsFunc(o.Returns, func(c Content) bool { return p.Path.KeepsLength(c.Type) })
		o.Shows = p.Get != nil && h.Result == p.Get.Result && (p.Name == http.MethodPut || p.Name == http.MethodPatch)
	}
	o.Fields = fieldsOf(p, o.Problems)
	o.describe(p)
	o.vary(p)
	for status := 200; status < 600; status++ {
		if m.Reaches(p, status) && o.mayEndWith(status) || o.endsByRule(p, status) {
			o.Statuses = append(o.Statuses, status)
		}
	}
	return o
}

// describe finds the fields that facts give.
func (o *Operation) describe(p *plan.Method) {
	o.Current = Validators{strengthOf(p, p.Current.Of(declare.GenerateETag) != nil), p.Current.Of(declare.LastModified) != nil}
	o.Answer = Validators{off, p.Carries(declare.LastModified)}
	switch {
	case p.Reads():
		o.Answer.ETag = strengthOf(p, p.Carries(declare.GenerateETag))
		if p.Path.IsFile(p.Handler.Result) {
			o.Answer = Validators{Strong, true}
		}
		o.CacheControl, o.Expires = p.Carries(declare.CacheControl), p.Carries(declare.Expires)
	case p.Carries(declare.GenerateETag):
		o.Answer.ETag = Strong
	case o.Shows:
		o.Answer.ETag = Strength(p.AutoETag)
	}
	if p.Path.Get != nil && p.Path.IsFile(p.Path.Get.Result) {
		o.Current = Validators{Strong, true}
	}
	o.Location = !p.Reads() && p.Carries(declare.Location)
}

// strengthOf says which tags there are on the path, where a fact gives some and where not.
func strengthOf(p *plan.Method, given bool) Strength {
	if given {
		return Strong
	}
	return Strength(p.AutoETag)
}

// vary finds which request fields choose between representations.
func (o *Operation) vary(p *plan.Method) {
	for _, field := range []struct {
		name    string
		chooses bool
	}{
		{"Accept", p.ChoosesMedia()}, {"Accept-Language", p.Chooses(p.Languages)},
		{"Accept-Charset", p.Chooses(p.Charsets)}, {"Accept-Encoding", len(p.Codings) > 1},
	} {
		if field.chooses {
			o.Vary = append(o.Vary, field.name)
		}
	}
	o.Vary = append(o.Vary, p.Varied...)
	o.Variances = len(p.Gates[declare.Variances]) > 0 || p.Sharing != nil
	o.Languages, o.Codings = slices.Clone(p.Languages), slices.Clone(p.Codings)
}

// mayEndWith reports whether what the handler returns lets the graph end with a status that
// its program reaches.
func (o *Operation) mayEndWith(status int) bool {
	switch status {
	case http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable:
		return o.Ranged
	case http.StatusCreated:
		return o.Replies || o.Dynamic || o.Creates
	case http.StatusOK:
		return o.Result != nil
	case http.StatusNoContent:
		return o.Result == nil || o.Replies || o.Dynamic || isNilable(o.Result)
	}
	return true
}

// isNilable reports whether a value of type t may be nil, which is a 204. A nil sequence is empty.
func isNilable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface:
		return true
	case reflect.Func:
		return stream.KindOf(t) != stream.Sequence
	}
	return false
}

// isJSON reports whether the library reads the content as JSON.
func (c Content) isJSON() bool { return c.By == "" && strings.HasSuffix(c.Media, "json") }

// endsByRule reports whether a status comes of an error that no row of the graph knows.
func (o *Operation) endsByRule(p *plan.Method, status int) bool {
	reads := len(o.Reads) > 0
	switch status {
	case http.StatusCreated: // an upsert that learns it as it writes
		return o.Replies && p.Name == http.MethodPut
	case http.StatusNotFound:
		return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.In == "path" && p.Tag != "" && p.Type.Kind() != reflect.String })
	case http.StatusBadRequest:
		return reads || slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.In != "path" && p.Tag != "" }) // not Last-Event-ID
	case http.StatusRequestTimeout:
		return reads
	case http.StatusConflict:
		return p.Repeats() && p.Handler.Func.Err // ErrStale, again and again
	case http.StatusUnprocessableEntity:
		return reads && (o.Validates || slices.ContainsFunc(o.Reads, Content.isJSON)) // JSON of another type
	}
	return false
}
