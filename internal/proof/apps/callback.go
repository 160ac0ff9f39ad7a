// This file makes plain functions of any signature. Types and a body come in. A function
// goes out, in which another process may write before the body and after it.

package main

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

var (
	pathType     = reflect.TypeFor[restmachine.PathParams]()
	headerType   = reflect.TypeFor[http.Header]()
	selectedType = reflect.TypeFor[restmachine.Selected]()
	bodyType     = reflect.TypeFor[restmachine.Body[change]]()
	storeType    = reflect.TypeFor[*store]()
	sessionType  = reflect.TypeFor[*session]()
	stringType   = reflect.TypeFor[string]()
	boolType     = reflect.TypeFor[bool]()
	errorType    = reflect.TypeFor[error]()
)

// types is a list of types, in the order of parameters or results.
type types []reflect.Type

// A callback is a function for an App, with what it is called when the App is printed.
type callback struct {
	fn   restmachine.Func
	text string
}

// args are the arguments of one call.
type args struct {
	in     types
	values []reflect.Value
}

// of returns the argument of a type.
func (a args) of(t reflect.Type) any {
	for i, in := range a.in {
		if in == t {
			return a.values[i].Interface()
		}
	}
	panic(fmt.Sprintf("a callback asks for its %s, and takes %v", t, a.in))
}

// param returns a parameter of the path.
func (a args) param(name string) string {
	return a.of(pathType).(restmachine.PathParams).Get(name)
}

// fn makes a function.
func (m *maker) fn(note string, in, out types, body func(a args) []any) callback {
	in = unique(in)
	t := reflect.FuncOf(in, out, false)
	w := m.w
	f := reflect.MakeFunc(t, func(values []reflect.Value) []reflect.Value {
		w.interrupt()
		results := body(args{in, values})
		w.interrupt()
		made := make([]reflect.Value, len(out))
		for i, o := range out {
			made[i] = reflect.New(o).Elem()
			if i < len(results) && results[i] != nil {
				made[i].Set(reflect.ValueOf(results[i]))
			}
		}
		return made
	})
	text := strings.NewReplacer("main.", "", "restmachine.", "", "github.com/restmachine/restmachine-go/internal/proof/apps.", "").Replace(t.String())
	return callback{f.Interface(), text + " /* " + note + " */"}
}

// unique leaves out a type that comes again.
func unique(in types) (out types) {
	for _, t := range in {
		seen := false
		for _, o := range out {
			seen = seen || o == t
		}
		if !seen {
			out = append(out, t)
		}
	}
	return out
}
