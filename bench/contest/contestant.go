// A contestant can answer a case once, to be looked at, or over and over, to be
// measured.

package contest

import (
	"github.com/restmachine/restmachine-go/restmachine"
	"net"
	"net/http"
	"net/http/httptest"
)

// A Contestant is one way to write the service.
type Contestant struct {
	Name   string
	Module string // whose version the report names; "" is the standard library

	Peer    bool // one of those that restmachine wants to be faster than
	OwnTags bool // its entity-tags are not those of the documents

	Prepare func(Case) Case // the case as this one must be asked, with the tag that it gives
	Answer  func(Case) Answer
	Turn    func(Case) func()        // each call of the result answers the case once
	Serve   func(net.Listener) error // nil: does not take part over sockets
}

// An Answer is a response, to be compared.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// The names that others need: Floor is what all ratios are to. Tuned and Ideal are the limits.
const (
	Floor    = "by hand (floor)"
	Tuned    = "by hand, tuned"
	Ideal    = "ideal, without a graph"
	Ours     = "restmachine"
	Plain    = "restmachine, by reflection"
	Goccy    = "restmachine, goccy"
	Observed = "restmachine, observed"
	Execute  = "restmachine, Execute"
	Recorded = "by hand, in a ResponseRecorder"
)

// All lists the contestants; the floor is the first.
func All() []Contestant {
	return []Contestant{
		handler(Floor, "github.com/julienschmidt/httprouter", byHand(NewStore())),
		handler(Tuned, "github.com/julienschmidt/httprouter", tuned(NewStore())),
		peer(handler("ServeMux + ServeContent", "", serveMux(NewStore()))),
		peer(handler("chi", "github.com/go-chi/chi/v5", onChi(NewStore()))),
		peer(handler("echo", "github.com/labstack/echo/v5", onEcho(NewStore()))),
		peer(handler("gin", "github.com/gin-gonic/gin", onGin(NewStore()))),
		peer(onFiber(NewStore())),
		peer(handler("huma, conditional", "github.com/danielgtaylor/huma/v2", onHuma(NewStore()))),
		handler(Ideal, "", onIdeal(NewStore())),
		handler(Plain, "", plain(NewStore())),
		handler(Ours, "", ours(NewStore())),
		handler(Observed, "", ours(NewStore(), restmachine.WithObserver(func(restmachine.Outcome) {}))),
		handler(Goccy, "github.com/goccy/go-json", ours(NewStore(), withGoccy())),
		inProcess(ours(NewStore())),
		recorded(byHand(NewStore())),
	}
}

func peer(c Contestant) Contestant {
	c.Peer = true
	return c
}

func asItIs(c Case) Case { return c }

// handler is a contestant under net/http.
func handler(name, module string, h http.Handler) Contestant {
	return Contestant{
		Name:    name,
		Module:  module,
		Prepare: asItIs,
		Answer: func(c Case) Answer {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, c.Request())
			return Answer{w.Code, w.Header(), w.Body.Bytes()}
		},
		Turn:  func(c Case) func() { return Turn(h, c.Request(), c.Body) },
		Serve: (&http.Server{Handler: h}).Serve,
	}
}
