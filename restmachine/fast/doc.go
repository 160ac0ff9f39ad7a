// Package fast makes types of functions known, so that functions of these types are called
// without reflection.
//
// A callback of an App is any function, and reflection calls any function. That costs some 2,000
// instructions a call. Where the type of a function is known, the call costs a tenth of that and
// allocates nothing:
//
//	fast.Call2x1[restmachine.PathParams, *Store, *Document]()
//
// says that functions of two parameters and one result of these types can be called directly:
// func(restmachine.PathParams, *Store) *Document. One registration serves every function of that
// type: facts, handlers, Dependencies, parsers and renderers; also functions of a named type, and
// method expressions. An error counts as a result.
//
// Register types in an init function, before an App is made. Nobody has to write these lines:
// restmachinetest.Signatures writes them from an App. A type that is not registered is called by
// reflection, and means the same.
//
// The functions are safe for concurrent use. Registering a type twice is nothing.
package fast

//go:generate go run ../internal/fastgen
