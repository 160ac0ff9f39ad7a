package restmachine

import (
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file calls callbacks: each gets what its sources give, and what it returns
// is in x.ret until the next one is called.

// A source gives a value for a parameter, or a pointer to it; nil is its zero
// value.
type source func(x *exchange) (any, error)

// A call calls a callback.
type call func(x *exchange) error

// direct is a callback that is called without reflection: see Direct1.
type direct interface {
	wire.Wrapped
	bind(fn *wire.Func, args []source) call
}

// callOf is the call of a callback with a source for each of its parameters.
func callOf(fn *wire.Func, args []source) call {
	if d, ok := fn.Wrap.(direct); ok {
		return d.bind(fn, args)
	}
	return func(x *exchange) error {
		var room [6]reflect.Value
		in := room[:0]
		for i, from := range args {
			v, err := x.argument(fn, from)
			if err != nil {
				return x.uncalled(err)
			}
			in = append(in, fn.Argument(i, v))
		}
		x.enter(fn)
		return fn.Call(in, &x.ret)
	}
}

// argument is what a source gives. What it does, such as parsing, may panic, in
// the name of the callback.
func (x *exchange) argument(fn *wire.Func, from source) (any, error) {
	x.calling = fn
	return from(x)
}

// uncalled is the error of a source, for which a callback is not called: it returned
// nothing, and what is in x.ret is another's.
func (x *exchange) uncalled(err error) error {
	x.ret = wire.Result{}
	return err
}

// enter notes that a callback is being called.
func (x *exchange) enter(fn *wire.Func) {
	x.calling = fn
	if x.logs {
		x.log(fn)
	}
}

func (x *exchange) log(fn *wire.Func) { x.call = join(x.call, fn.String()) }

// isNil is isNil for a value that the callback returned.
func (b *bound) isNil(value any) bool {
	if b.none == nil {
		return isNil(value)
	}
	return value == b.none
}

// call calls the callback, and is what it returned.
func (b *bound) call(x *exchange) (first, second any, err error) {
	err = b.run(x)
	return x.ret.First(), x.ret.Second, err
}
