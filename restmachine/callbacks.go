package restmachine

import "reflect"

// This file tells tools which functions the requests of an App call, and how. In come the
// plans of the machine. Out come the functions, each with its type.

// Callback is a function that requests of an App call.
type Callback struct {
	Name string       // package and name, such as "main.findPost"
	Site string       // file:line of its registration
	Type reflect.Type // func(…) …; where the function is of a named type, the type below that

	// Reflected is true where the function is called by reflection, since its type is not
	// registered with package fast. Both ways of calling mean the same.
	Reflected bool
}

// Callbacks returns the functions that requests of the App call: its Dependencies, facts,
// handlers, renderers, parsers and so on, in the order of registration. What runs once, such
// as OnStartup, is not among them. It does not start the App. Where the App has wiring faults,
// it returns the error of Validate.
func (a *App) Callbacks() ([]Callback, error) {
	m, err := a.compiled()
	if err != nil {
		return nil, err
	}
	var all []Callback
	for _, f := range m.Plans().Callbacks {
		all = append(all, Callback{f.Name, f.Site, f.Type(), !f.IsDirect()})
	}
	return all, nil
}
