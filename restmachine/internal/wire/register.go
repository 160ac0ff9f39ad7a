package wire

import (
	"reflect"
	"sync"
)

// This file knows which types of functions can be called without reflection. In come the types
// that package fast registers. Out comes, for a function of such a type, a call of it that the
// compiler has made.

// A Call calls one function with its arguments. It sets out, and returns the function's error.
type Call func(args *Args, out *Result) error

// registered has what binds functions of a type, by that type. A named type is there as the
// type below it.
var registered sync.Map // reflect.Type to func(any) Call

// Register makes functions of type F known. Registering a type twice is nothing.
func Register[F any](bind func(F) Call) {
	registered.Store(reflect.TypeFor[F](), func(fn any) Call { return bind(fn.(F)) })
}

// direct is the call of a function without reflection; nil where its type is not registered.
func direct(fn reflect.Value) Call {
	t := fn.Type()
	if t.Name() != "" { // a named function type: only its underlying type is registered
		t = unnamed(t)
		fn = fn.Convert(t)
	}
	bind, ok := registered.Load(t)
	if !ok {
		return nil
	}
	return bind.(func(any) Call)(fn.Interface())
}

// unnamed is the underlying type of a function type.
func unnamed(t reflect.Type) reflect.Type {
	var in, out []reflect.Type
	for p := range t.Ins() {
		in = append(in, p)
	}
	for r := range t.Outs() {
		out = append(out, r)
	}
	return reflect.FuncOf(in, out, t.IsVariadic())
}

// IsDirect reports whether the function is called without reflection.
func (f *Func) IsDirect() bool { return !f.reflected }

// Type is the function's type, without a name.
func (f *Func) Type() reflect.Type { return unnamed(f.value.Type()) }

// IsError reports whether R is the type error.
func IsError[R any]() bool { return reflect.TypeFor[R]() == errorType }

// ErrorOf is v, which is an error or nil, as an error.
func ErrorOf[R any](v R) error {
	err, _ := any(v).(error)
	return err
}

// PutBoth makes v and second the results.
func PutBoth[R, S any](r *Result, v R, second S) {
	Put(r, v)
	r.Second = second
}
