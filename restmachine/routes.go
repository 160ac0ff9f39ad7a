package restmachine

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file tells tools what an App is. In come the plans of the machine. Out comes,
// for each path and method, what is left of the graph.

// Route is a method on a path, as an App answers it.
type Route struct {
	Path   string // as it was registered
	Method string // "" stands for every method that has no Route of its own there

	// Graph is what is left to decide: the rows that are asked. A request enters at
	// the first of Graph.All(). A callback that fails and a Reply may end the walk
	// with a status that no edge leads to.
	Graph decision.Graph
}

// Routes returns the routes of the App: by path, in the order of registration, and by
// method. It does not start the App. Where the App has wiring faults, it returns the
// error of Validate.
func (a *App) Routes() ([]Route, error) {
	m, err := a.compiled()
	if err != nil {
		return nil, err
	}
	var all []Route
	add := func(path, name string, plan *plan.Method) {
		all = append(all, Route{path, name, entered(m.Graph(plan))})
	}
	for _, at := range m.Plans().Addresses {
		p := at.Plan
		for _, plan := range slices.SortedFunc(slices.Values(p.Methods), func(a, b *plan.Method) int { return cmp.Compare(a.Name, b.Name) }) {
			if plan.Handler != nil || plan.Name == http.MethodOptions {
				add(at.Route, plan.Name, plan)
			}
		}
		add(at.Route, "", p.Other)
	}
	return all, nil
}

// entered returns the graph without the rows that only a walk which begins anew could
// come to. Rows come after those that lead to them.
func entered(g decision.Graph) decision.Graph {
	reached := decision.Graph{}
	led := map[decision.ID]bool{}
	for id, row := range g.All() {
		if len(reached) == 0 || led[id] {
			reached[id] = row
			led[row.Yes], led[row.No] = true, true
		}
	}
	return reached
}
