// This file plays requests by the document of an App. A document comes in. Errors of the test
// go out where an answer differs from what the document says.

package restmachinetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/contract"
)

// A Document says how [CheckDocument] plays. Its zero value is what CheckDocument does by
// default.
type Document struct {
	Info openapi.Info // the document is what openapi.Of says of the App with it
	JSON []byte       // the document itself, instead of Info

	Header http.Header         // of the requests, such as Authorization; one request in eight goes without
	Values map[string][]string // of parameters, by their names: beside those that are drawn, and those that answers teach
	Calls  []Call              // are sent first, each with its own fields, to the App that is played, whichever App their Client is of; each must succeed
	Refuse []string            // operations that may refuse every request: "POST /login"
	Skip   []string            // operations that are not played, such as a stream without an end

	Requests int    // for each operation; 0 is 60
	Seed     uint64 // other requests are drawn for another one
}

// CheckDocument plays requests of every operation in the OpenAPI document of an App, in
// process, and reports each answer that the document does not say: a status, a media type or
// a field that is not listed, a field that is missing, content that its schema does not allow.
// Fields of each message, such as Date, and fields that only browsers read, such as those of CORS,
// need not be listed. What a handler sets by itself is told by [restmachine.Facts.Field].
// Contents and parameters are drawn from the schemas, and changed so that they no longer fit.
// Preconditions are those of earlier answers, others, or none.
//
// It also reports content that the document allows and the App does not read (400, and 422
// where nothing is validated), and the reverse; an operation without any success, since little was seen of it (give it Values, or
// name it in Refuse); a 500; and a document that is wrong in itself. [CheckResponse] holds for
// each answer, too. The requests are the same at each run. They write: give the App a store of
// its own.
//
// CheckDocument(t, app) is enough where nothing has to be said. Otherwise pass one Document.
func CheckDocument(t testing.TB, app *restmachine.App, how ...Document) {
	t.Helper()
	var as Document
	if len(how) > 0 {
		as = how[0]
	}
	p := newPlayer(t, app, "CheckDocument", as)
	start(t, app)
	p.call()
	for _, i := range p.order() {
		p.play(p.document.Operations[i])
	}
	p.report()
}

// A player plays one document.
type player struct {
	t        testing.TB
	app      *restmachine.App
	as       Document
	document *contract.Document
	contract.Drawer
	known map[string]restmachine.Operation // what the App says of each operation

	learned  map[string][]string    // values of parameters
	states   map[string]validatorOf // of URIs
	seen     map[string]map[int]int // how often an operation answered with a status
	unreads  map[string][]string    // why an operation did not read what the document allows
	refusals map[string]refusal     // one of each status and operation
	found    findings
	courses  map[string]*course // of the contents of operations
}

// A validatorOf is what an earlier answer about a URI said.
type validatorOf struct{ tag, date string }

func newPlayer(t testing.TB, app *restmachine.App, name string, as Document) *player {
	t.Helper()
	text := as.JSON
	if text == nil {
		var err error
		if text, err = openapi.Of(app, as.Info); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	document, err := contract.Parse(text)
	if err != nil {
		t.Fatalf("%s: the document is wrong: %v", name, err)
	}
	operations, err := app.Operations()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	p := &player{t: t, app: app, as: as, document: document,
		Drawer: contract.Drawer{Rand: rand.New(rand.NewPCG(as.Seed, 17)), Document: document}, known: map[string]restmachine.Operation{},
		learned: map[string][]string{}, states: map[string]validatorOf{}, seen: map[string]map[int]int{}, refusals: map[string]refusal{}, unreads: map[string][]string{}, courses: map[string]*course{}}
	for _, o := range operations {
		p.known[o.Method+" "+strings.ReplaceAll(o.Path, "...}", "}")] = o
	}
	for _, o := range document.Operations {
		for i, of := range o.Parameters {
			o.Parameters[i].Sometimes = slices.ContainsFunc(p.known[o.Key()].Parameters, func(k restmachine.Parameter) bool {
				return k.Sometimes && k.In == of.In && k.Name == of.Name
			})
		}
	}
	for name, values := range as.Values {
		p.learned[folded(name)] = slices.Clone(values)
	}
	return p
}

// call sends the Calls of the Document.
func (p *player) call() {
	p.t.Helper()
	for _, c := range p.as.Calls {
		r := drawn{Request: c.Request()}
		resp := p.app.ExecuteContext(p.t.Context(), r.Request)
		p.learnCall("Document", r, resp)
	}
}

// order is a sequence of operations by index: first those that read, then all but DELETE, and
// DELETE in the end.
func (p *player) order() []int {
	requests := p.as.Requests
	if requests == 0 {
		requests = 60
	}
	var reads, writes, last []int
	for i, o := range p.document.Operations {
		if p.isSkipped(o) {
			continue
		}
		for n := range requests {
			switch isRead := restmachine.Method(o.Method).Safe(); {
			case isRead && n < requests/3:
				reads = append(reads, i)
			case o.Method == http.MethodDelete || n > requests*4/5:
				last = append(last, i)
			default:
				writes = append(writes, i)
			}
		}
	}
	for _, part := range [][]int{reads, writes, last} {
		p.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
	}
	return slices.Concat(reads, writes, last)
}

func (p *player) isSkipped(o contract.Operation) bool {
	return slices.ContainsFunc(p.as.Skip, func(key string) bool { return strings.ReplaceAll(key, "...}", "}") == o.Key() })
}

// longestAnswer is how long one answer may take.
const longestAnswer = 10 * time.Second

// play sends one request of an operation, and holds its answer to the document.
func (p *player) play(o contract.Operation) {
	r, ok := p.inOrder(o)
	if !ok {
		r = p.draw(o)
	}
	ctx, cancel := context.WithTimeout(p.t.Context(), longestAnswer)
	defer cancel()
	resp := p.app.ExecuteContext(ctx, r.Request)
	if ctx.Err() != nil {
		p.fault(o, r, resp, "it did not end within "+longestAnswer.String()+": name it in Skip")
		return
	}
	p.note(o.Key(), r, resp)
	for _, fault := range newExchange(r.Request, resp).faults() {
		p.fault(o, r, resp, "it "+fault)
	}
	for _, fault := range p.document.CheckAnswer(o, contract.Answer{Status: resp.StatusCode, Header: resp.Header, Body: resp.Body, AsText: r.asText}) {
		p.fault(o, r, resp, fault)
	}
	p.checkReading(o, r, resp)
	p.learn(o, r, resp)
	p.went(r, resp)
}

// checkReading finds a request that the document allows and the App does not read, or the
// reverse.
func (p *player) checkReading(o contract.Operation, r drawn, resp restmachine.Response) {
	known, ok := p.known[o.Key()]
	refuses := slices.ContainsFunc(known.Problems, func(p *restmachine.Problem) bool { return p.Status == resp.StatusCode })
	switch status := resp.StatusCode; {
	case status == http.StatusInternalServerError:
		p.fault(o, r, resp, "it is a fault of the service")
	case !ok || refuses:
	case r.fits && (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity && !known.Validates):
		p.fault(o, r, resp, "the document allows the request, and the App does not read it"+p.unread(r, resp))
	case status < 300 && r.wrong != "":
		p.fault(o, r, resp, "the App reads what the document does not allow: "+r.wrong)
	}
}

// fault notes a fault, with the first request that shows it.
func (p *player) fault(o contract.Operation, r drawn, resp restmachine.Response, what string) {
	key := fmt.Sprintf("%s answered %d: %s", o.Key(), resp.StatusCode, what)
	p.found.add(key, func() string {
		text := key + "\n\trequest: " + r.String()
		if len(resp.Body) > 0 {
			text += "\n\tcontent: " + excerpt(resp.Body)
		}
		return text
	})
}

// maxFaults is how many faults are reported.
const maxFaults = 20

// findings are faults, each of them once, in the order in which they were found.
type findings struct {
	known map[string]bool
	texts []string
}

// add adds a fault, unless its key is known.
func (f *findings) add(key string, text func() string) {
	if f.known[key] {
		return
	}
	if f.known == nil {
		f.known = map[string]bool{}
	}
	f.known[key] = true
	f.texts = append(f.texts, text())
}

// report reports the faults as errors of the test.
func (f *findings) report(t testing.TB) {
	t.Helper()
	for i, fault := range f.texts {
		if i == maxFaults {
			t.Errorf("and %d more", len(f.texts)-maxFaults)
			break
		}
		t.Errorf("%s", fault)
	}
}

// report reports what was found, and what was not seen.
func (p *player) report() {
	p.t.Helper()
	p.found.report(p.t)
	for _, text := range p.silent("Document", p.as.Refuse, p.document.Operations) {
		p.t.Errorf("%s", text)
	}
}
