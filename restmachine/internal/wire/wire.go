// Package wire turns any function into a callback: a name, the place where it
// was registered, its parameters and its results, ready to be called with
// values. It knows types and nothing of HTTP.
package wire

import (
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// Direct is a function that can be called without reflection. Its Call is
// given one value for each parameter, nil for the zero value.
type Direct interface {
	Func() any
	Call(args []any) (any, error)
}

// Func is a callback: immutable, safe for concurrent use.
type Func struct {
	Name string         // package and name, such as "main.OpenDatabase"
	Site string         // file:line of the registration
	In   []reflect.Type // parameters
	Out  []reflect.Type // results, without a last error
	Err  bool           // whether the last result is an error

	value  reflect.Value
	direct Direct
}

var errorType = reflect.TypeFor[error]()

// New makes a callback of a function or of a Direct. The error says what else
// it was given.
func New(fn any, site string) (*Func, error) {
	f := &Func{Site: site}
	if d, ok := fn.(Direct); ok {
		f.direct = d
		fn = d.Func()
	}
	f.value = reflect.ValueOf(fn)
	if !f.value.IsValid() || f.value.Kind() != reflect.Func {
		return nil, fmt.Errorf("%s is no function", describe(fn))
	}
	if f.value.IsNil() {
		return nil, fmt.Errorf("the %s is nil", f.value.Type())
	}
	t := f.value.Type()
	if t.IsVariadic() {
		return nil, fmt.Errorf("%s is variadic: what would be injected?", t)
	}
	f.Name = funcName(f.value)
	for in := range t.Ins() {
		f.In = append(f.In, in)
	}
	for out := range t.Outs() {
		f.Out = append(f.Out, out)
	}
	if n := len(f.Out); n > 0 && f.Out[n-1] == errorType {
		f.Out, f.Err = f.Out[:n-1], true
	}
	if len(f.Out) > 2 {
		return nil, fmt.Errorf("%s has %d results: at most two and an error make sense", t, len(f.Out))
	}
	return f, nil
}

// Call calls the function with one value for each parameter; nil stands for
// the zero value. A result that the function lacks is nil.
func (f *Func) Call(args []any) (first, second any, err error) {
	if f.direct != nil {
		first, err = f.direct.Call(args)
		return first, nil, err
	}
	var room [6]reflect.Value
	in := room[:0]
	for i, a := range args {
		if a == nil {
			in = append(in, reflect.Zero(f.In[i]))
		} else {
			in = append(in, reflect.ValueOf(a))
		}
	}
	out := f.value.Call(in)
	if f.Err {
		err, _ = out[len(out)-1].Interface().(error)
	}
	if len(f.Out) > 0 {
		first = out[0].Interface()
	}
	if len(f.Out) > 1 {
		second = out[1].Interface()
	}
	return first, second, err
}

// Result is the type of the first result, nil where there is none.
func (f *Func) Result() reflect.Type {
	if len(f.Out) == 0 {
		return nil
	}
	return f.Out[0]
}

// String names the function and the place of its registration.
func (f *Func) String() string { return f.Name + " (" + f.Site + ")" }

// Signature is the function's type, as Go writes it.
func (f *Func) Signature() string { return f.value.Type().String() }

// As is v as a T; nil is the zero T. Direct functions read their arguments
// with it.
func As[T any](v any) T {
	t, _ := v.(T)
	return t
}

// Caller is the file:line of the nearest caller outside the package whose
// import path is pkg; that package's own tests count as outside.
func Caller(pkg string) string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		inside := strings.HasPrefix(frame.Function, pkg+".") && !strings.HasSuffix(frame.File, "_test.go")
		if !inside || !more {
			return trimDir(frame.File) + ":" + strconv.Itoa(frame.Line)
		}
	}
}

// trimDir keeps the last folder of a file's path: enough to find it, and the
// same on every machine.
func trimDir(file string) string {
	i := strings.LastIndexByte(file, '/')
	if i < 0 {
		return file
	}
	return file[strings.LastIndexByte(file[:i], '/')+1:]
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
	return fmt.Sprintf("%v of type %T", v, v)
}
