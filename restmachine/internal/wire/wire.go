// Package wire turns any function into a callback: a name, the place where it
// was registered, its parameters and its results, ready to be called with
// values. It knows types and nothing of HTTP.
package wire

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// NoFunc stands for a function that could not be made. Whoever registers it is told why.
type NoFunc struct{ Why error }

// Args are the arguments of one call: for each parameter a value, a pointer to one, or nil
// for the zero value.
type Args struct {
	At   [6]any
	More []any // from the seventh on
}

// Result is what a callback returned, beside an error. A text and a time have
// places of their own, since making an interface of one allocates.
type Result struct {
	Value  any
	Second any
	text   string
	time   time.Time
	in     place
}

type place uint8

const (
	inValue place = iota
	inText
	inTime
)

// First is the first result, nil where there is none.
func (r *Result) First() any {
	switch r.in {
	case inText:
		return r.text
	case inTime:
		return r.time
	}
	return r.Value
}

// Text is the first result where it is some string.
func (r *Result) Text() string {
	if r.in == inText {
		return r.text
	}
	if v := reflect.ValueOf(r.Value); v.Kind() == reflect.String {
		return v.String()
	}
	return ""
}

// Time is the first result where it is a time.Time.
func (r *Result) Time() time.Time {
	if r.in == inTime {
		return r.time
	}
	t, _ := r.Value.(time.Time)
	return t
}

// Put makes v the only result.
func Put[R any](r *Result, v R) {
	r.Second = nil
	if p, ok := any(&r.text).(*R); ok {
		*p, r.in = v, inText
		return
	}
	if p, ok := any(&r.time).(*R); ok {
		*p, r.in = v, inTime
		return
	}
	r.Value, r.in = v, inValue
}

// Func is a callback: immutable, safe for concurrent use.
type Func struct {
	Name string // package and name, such as "main.OpenDatabase"
	Site string // file:line of the registration
	*signature

	value     reflect.Value
	call      Call
	reflected bool // the call is by reflection
}

// A signature is the type of a function, taken apart. Functions of one type share it.
type signature struct {
	In  []reflect.Type // parameters
	Out []reflect.Type // results, without a last error
	Err bool           // whether the last result is an error

	none any // the nil of the pointer type that it returns; nil: it returns something else
}

var signatures sync.Map // reflect.Type to *signature

func signatureOf(t reflect.Type) *signature {
	if made, ok := signatures.Load(t); ok {
		return made.(*signature)
	}
	s := &signature{In: slices.Collect(t.Ins()), Out: slices.Collect(t.Outs())}
	if n := len(s.Out); n > 0 && s.Out[n-1] == errorType {
		s.Out, s.Err = s.Out[:n-1], true
	}
	if len(s.Out) > 0 && s.Out[0].Kind() == reflect.Pointer {
		s.none = reflect.Zero(s.Out[0]).Interface()
	}
	signatures.Store(t, s)
	return s
}

var (
	errorType  = reflect.TypeFor[error]()
	stringType = reflect.TypeFor[string]()
)

// New makes a callback of a function. The error says what else it was given.
func New(fn any, site string) (*Func, error) {
	if none, ok := fn.(NoFunc); ok {
		return nil, none.Why
	}
	f := &Func{Site: site, value: reflect.ValueOf(fn)}
	if !f.value.IsValid() || f.value.Kind() != reflect.Func {
		if err, ok := fn.(error); ok { // why it could not be made, from whoever makes functions
			return nil, fmt.Errorf("an error is not a function: %w", err)
		}
		return nil, fmt.Errorf("%s is not a function", describe(fn))
	}
	if f.value.IsNil() {
		return nil, fmt.Errorf("the %s is nil", f.value.Type())
	}
	t := f.value.Type()
	if t.IsVariadic() {
		return nil, fmt.Errorf("%s is variadic; take a fixed number of parameters", t)
	}
	f.Name = funcName(f.value)
	f.signature = signatureOf(t)
	if f.call = direct(f.value); f.call == nil {
		f.call, f.reflected = f.reflect, true
	}
	if len(f.Out) > 2 {
		return nil, fmt.Errorf("%s has %d results; return at most two and an error", t, len(f.Out))
	}
	return f, nil
}

// Invoke calls the function with its arguments.
func (f *Func) Invoke(args *Args, out *Result) error { return f.call(args, out) }

// reflect is Invoke for a function whose type is not known.
func (f *Func) reflect(args *Args, out *Result) error {
	var room [6]reflect.Value
	in := room[:0]
	for i := range f.In {
		if i < len(args.At) {
			in = append(in, f.Argument(i, args.At[i]))
		} else {
			in = append(in, f.Argument(i, args.More[i-len(args.At)]))
		}
	}
	return f.Call(in, out)
}

// Call calls the function by reflection, with one argument for each parameter.
func (f *Func) Call(args []reflect.Value, out *Result) error {
	results := f.value.Call(args)
	out.Value, out.Second, out.in = nil, nil, inValue
	if len(f.Out) > 0 {
		if f.Out[0] == stringType {
			Put(out, results[0].String())
		} else {
			out.Value = results[0].Interface()
		}
	}
	if len(f.Out) > 1 {
		out.Second = results[1].Interface()
	}
	if f.Err {
		err, _ := results[len(results)-1].Interface().(error)
		return err
	}
	return nil
}

// Argument is a value for the parameter i: v itself, what v points to, or for
// nil the zero value.
func (f *Func) Argument(i int, v any) reflect.Value {
	if v == nil {
		return reflect.Zero(f.In[i])
	}
	r := reflect.ValueOf(v)
	if t := r.Type(); t != f.In[i] && t.Kind() == reflect.Pointer && t.Elem() == f.In[i] {
		return r.Elem()
	}
	return r
}

// Returns is the type of the first result, nil where there is none.
func (f *Func) Returns() reflect.Type {
	if len(f.Out) == 0 {
		return nil
	}
	return f.Out[0]
}

// String names the function and the place of its registration.
func (f *Func) String() string { return f.Name + " (" + f.Site + ")" }

// IsNil reports whether a value that the function returned is nil.
func (f *Func) IsNil(v any) bool {
	if f.none == nil {
		return IsNil(v)
	}
	return v == f.none
}

// IsNil reports whether v is nil, or a nil of its type.
func IsNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return r.IsNil()
	case reflect.Invalid:
		return true
	}
	return false
}

// Signature is the function's type, as Go writes it.
func (f *Func) Signature() string { return f.value.Type().String() }

// As is Argument without reflection. What is often asked for and no pointer is
// given by pointer, since making an interface of it allocates.
func As[T any](v any) T {
	switch v := v.(type) {
	case T:
		return v
	case *T:
		return *v
	}
	var zero T
	return zero
}

func funcName(v reflect.Value) string {
	f := runtime.FuncForPC(v.Pointer())
	if f == nil {
		return v.Type().String()
	}
	name := f.Name()
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.TrimSuffix(name, "-fm")
}

func describe(v any) string {
	if v == nil {
		return "nil"
	}
	if kind := reflect.TypeOf(v).Kind(); reflect.Bool <= kind && kind <= reflect.Float64 {
		return fmt.Sprintf("%v of type %T", v, v)
	}
	return fmt.Sprintf("a value of type %T", v) // and not the value: it may be a configuration with its passwords
}
