package restmachine

import (
	"maps"
	"net/http"
	"slices"

	"github.com/restmachine/restmachine-go/decision"
)

// This file tells what paths an App has and how each is decided, for tools.

// A Route is a method on a path, as an App answers it.
type Route struct {
	Path   string // as it was registered
	Method string // "" stands for every method that has no Route of its own there

	// Graph is what is left to decide: the rows that are asked. A request enters at
	// the first of Graph.All(). A callback that fails and a Reply may end the walk
	// with a status that no edge leads to.
	Graph decision.Graph
}

// Routes are the routes of the App by path, in the order of registration, and
// by method. They can be asked for before the start. The error is that of
// Validate.
func (a *App) Routes() ([]Route, error) {
	m, err := a.compiled()
	if err != nil {
		return nil, err
	}
	var all []Route
	for _, p := range m.paths {
		for _, name := range slices.Sorted(maps.Keys(p.methods)) {
			if plan := p.methods[name]; plan.action != nil || name == http.MethodOptions {
				all = append(all, Route{p.route, name, plan.program.Graph()})
			}
		}
		all = append(all, Route{p.route, "", p.other.program.Graph()})
	}
	return all, nil
}
