// Package machine is an App that runs. In come what the App was told and its options. Out
// comes a machine that starts, answers requests from end to end, and shuts down. It joins
// the stages: request, exchange, walk and answer know nothing of one another's order.
package machine

import (
	"slices"
	"sync"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/answer"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/walk"
)

// Options say how an App works.
type Options struct {
	exchange.Config
	plan.Options
	Watch     Watch
	Observers []Observer
}

// A Machine is a compiled App. Nothing in it changes while it runs, but for what it keeps
// between requests.
type Machine struct {
	plans    *plan.Plans
	options  *Options
	programs []*walk.Program // by number of the method
	watched  bool            // somebody may look at exchanges

	jobs     sync.Pool
	observed sync.Pool // of jobs of which observers are told
	tags     represent.Tags
	dates    answer.Dates
}

// New compiles an App, or finds all of its wiring faults.
func New(app *declare.App, o *Options) (*Machine, error) {
	plans, err := plan.Compile(app, o.Words, o.Options)
	if err != nil {
		return nil, err
	}
	watched := o.Watch.Observe != nil || o.Watch.MayTrace != nil ||
		slices.ContainsFunc(o.Observers, func(one Observer) bool { return len(one.Wants) > 0 })
	return &Machine{plans: plans, options: o, programs: walk.Compile(plans.Methods), watched: watched}, nil
}

// Plans are what the App means.
func (m *Machine) Plans() *plan.Plans { return m.plans }

// Reaches reports whether a request of a method can end with a status, as far as the graph
// tells it. A callback may end it with others.
func (m *Machine) Reaches(p *plan.Method, status int) bool {
	return m.programs[p.Number].Reaches(decision.ID(status))
}

// Graph is what of the graph is asked for a method.
func (m *Machine) Graph(p *plan.Method) decision.Graph { return m.programs[p.Number].Graph() }
