// Package plan works out what an App means. In comes what the App was told (package
// declare). Out come its plans, in which everything that can be known before a request is
// known, or all of its wiring faults.
//
// Compile goes in this order:
//
//  1. supply.go and startup.go: what provides which type, and which startup runs when.
//  2. routes.go: each Resource gets an [Address] and a [Path], which it may share
//     with others, and so do the unknown paths below a Group.
//  3. handler.go: the path's handlers are bound. binder.go gives each parameter a [Source],
//     by its type. What they ask for is loaded (rule 1), and target.go finds what the path
//     is about.
//  4. gates.go, describer.go and description.go: the facts that hold are bound. A gate holds
//     where it can be asked (rule 3); what is returned is described (rule 2).
//  5. offers.go and variants.go: in which representations the path can show a value.
//  6. method.go: each method of the path becomes a [Method].
//  7. locks.go: each method is told when it locks, and each path under which key. That depends
//     on all paths.
//  8. check_path.go, check_method.go and check_app.go find what cannot be meant.
//
// Nothing in a plan changes while the App runs, but for the values of its startups.
package plan

import (
	"bytes"
	"iter"
	"net/http"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file compiles a whole App.

// Plans are a compiled App.
type Plans struct {
	Options
	Supply  *Supply
	Reports []declare.Report // what is odd, and not a fault

	Routes    *route.Table // finds one of Addresses
	Addresses []Address    // of the Resources
	Paths     []*Path      // their plans, each once
	Around    *route.Table // finds one of Unknown
	Unknown   []*Address   // the paths below Groups that are not a Resource
	Nowhere   *Address     // every other unknown path
	Methods   []*Method    // of all plans, by Number
	Others    []string     // the methods beside those of RFC 9110 that some path handles

	Callbacks []*wire.Func // the functions of the user that requests call

	held map[*declare.Fact]bool // the facts that hold, or are used, on some path
}

// Options are the options of an App that its plans depend on.
type Options struct {
	NoLock     bool
	Precedence conditional.Policy

	StrictNegotiation bool // a language or charset that nothing offers is a 406

	JSON    strictjson.Rules // how JSON is read and written
	Encode  Encode           // writes values of any type as JSON
	OwnJSON bool             // Encode is the App's own, and does not know the rules

	Validators validate.Checks            // what each value that is read has to pass, beside its own Validate
	TypeChecks []func(reflect.Type) error // what each type that is read has to pass, at start
}

// Encode appends a value to dst, as JSON.
type Encode func(dst *bytes.Buffer, v any) error

// encoderOf writes values of type t, which is not an interface.
func (o *Options) encoderOf(t reflect.Type) Encode {
	if o.OwnJSON {
		return o.Encode
	}
	return o.JSON.Writer().For(t)
}

// A compiler makes the Plans of one App. It is forgotten when they are made.
type compiler struct {
	*Plans
	app       *declare.App
	faults    *declare.Faults
	returned  map[reflect.Type]bool           // what some GET is declared to return
	created   map[reflect.Type]bool           // what some 201 is declared to carry
	dynamic   []*declare.Place                // the places above the GETs whose values alone tell their types
	usedTypes map[reflect.Type]bool           // of the providers that something asks for
	asked     map[*declare.Fact]bool          // the gates that some method asks: see checkAsked
	displaced map[*declare.Fact]*declare.Fact // by which nearer one
	read      map[reflect.Type]*reading       // the types that are read
}

// Compile makes the plans of an App, or finds all of its wiring faults.
func Compile(app *declare.App, words *Vocabulary, o Options) (*Plans, error) {
	c := &compiler{
		Plans: &Plans{Options: o, held: map[*declare.Fact]bool{}},
		app:   app, faults: &declare.Faults{},
		returned: map[reflect.Type]bool{}, created: map[reflect.Type]bool{}, usedTypes: map[reflect.Type]bool{},
		asked: map[*declare.Fact]bool{}, displaced: map[*declare.Fact]*declare.Fact{}, read: map[reflect.Type]*reading{},
	}
	for _, f := range app.Faults.List {
		c.faults.Note(*f)
	}
	c.Supply = newSupply(app, words, c.faults)
	c.Supply.sortStartups(c.faults)
	c.noteReturned()
	c.compileRoutes()
	c.compileUnknown()
	c.planLocks()
	c.bindUnused()
	c.checkHeld()
	c.checkAsked()
	c.checkNoWayRound()
	c.widenGaps()
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	c.Supply.findIdle(c.usedTypes)
	c.reportLocations()
	c.reportUnused()
	c.reportUnguarded()
	c.reportCaching()
	c.reportPartsShown()
	c.reportStrays()
	c.sortReports()
	c.Callbacks = calledByRequests(app)
	return c.Plans, nil
}

// noteReturned finds the types that describing facts can belong to.
func (c *compiler) noteReturned() {
	for _, p := range c.app.Places {
		for _, h := range p.Handlers {
			switch t, replies := c.Supply.vocabulary.Entity(h.Func.Returns()); {
			case t == nil:
			case h.Method != http.MethodGet:
				if replies && !c.Supply.isDynamic(t) {
					c.created[t] = true
				}
			case c.Supply.isDynamic(t):
				c.dynamic = append(c.dynamic, p.Chain()...)
			default:
				c.returned[t] = true
			}
		}
	}
}

// hold notes that a fact holds, or is used, on some path.
func (c *compiler) hold(f *declare.Fact) { c.held[f] = true }

// widenGaps lets what faults leave unknown about types be about all that these lead to: the T of a
// *Reply[T] and of an Optional[T], and what is taken through Dependencies.
func (c *compiler) widenGaps() {
	for _, f := range c.faults.List {
		for i, gap := range f.Gaps {
			for _, t := range c.Supply.params(gap.Types) {
				entity, _ := c.Supply.vocabulary.Entity(t)
				f.Gaps[i].Types = declare.Union(slices.Clip(f.Gaps[i].Types), []reflect.Type{c.Supply.unwrapped(entity)})
			}
		}
	}
}

// factsOf are the facts that were given at places, in their order.
func factsOf(places []*declare.Place) iter.Seq[*declare.Fact] {
	return func(yield func(*declare.Fact) bool) {
		for _, at := range places {
			for _, f := range at.Facts {
				if !yield(f) {
					return
				}
			}
		}
	}
}
