package restmachine

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// This file answers the graph's questions about the resource: is its content
// read, is it locked, does it exist, and what became of one that is missing.

var resourceRows = map[decision.ID]row{
	decision.G5: {
		settle: func(p *method) settlement { return openIf(len(p.bodies) > 0 && !p.stream, yes) },
		ask:    (*exchange).read,
	},
	decision.G6: {
		settle: func(p *method) settlement { return openIf(p.lock != never, yes) },
		ask: func(x *exchange) decision.Answer {
			if x.plan.lock == conditionally && !x.preconditions().Any() {
				return decision.Yes
			}
			if err := x.acquire(); err != nil {
				return x.fail(err)
			}
			return decision.Yes
		},
	},
	decision.G7: {
		settle: func(p *method) settlement {
			if p.unknown {
				return no
			}
			return openIf(len(p.aim.required) > 0 || len(p.path.exists) > 0, yes)
		},
		ask: (*exchange).exists,
	},
	decision.G7a: forbiddenOnceLoaded,
	decision.G7b: {
		settle: func(p *method) settlement { return openIf(p.shows != never, yes) },
		ask:    (*exchange).show,
	},
	decision.G7c: {
		settle: func(p *method) settlement {
			return openIf(p.reads() && len(p.gates[kindMultipleChoices]) > 0, no)
		},
		ask: (*exchange).choices,
	},
	decision.G7d: unguarded(false),
}

var forbiddenOnceLoaded = row{
	settle: func(p *method) settlement { return openIf(len(p.forbidLoaded) > 0, no) },
	ask:    func(x *exchange) decision.Answer { return x.gates(x.plan.forbidLoaded, false) },
}

// exists is G7: it loads what the method needs, parents before children.
func (x *exchange) exists() decision.Answer {
	x.entered = !x.rehearsing
	for _, l := range x.plan.aim.required {
		value, err := x.load(l)
		if err != nil {
			return x.fail(err)
		}
		if value == nil {
			x.att.missing = l
			return decision.No
		}
	}
	for _, e := range x.plan.path.exists {
		found, _, err := e.call(x)
		if err != nil {
			return x.fail(err)
		}
		if found != true {
			return decision.No
		}
	}
	return decision.Yes
}

// choices is G7c. What the GET returns is the list of choices.
func (x *exchange) choices() decision.Answer {
	several := x.gates(x.plan.gates[kindMultipleChoices], false)
	if several != decision.Yes {
		return several
	}
	if a := x.get(); a != decision.Yes {
		return a
	}
	if a := x.renderResult(); a != decision.Yes {
		return a
	}
	return decision.Yes
}

// read is G5: all content, before the lock is taken, since a slow client must
// not hold it. A client that waits for 100 Continue first hears of what its
// content cannot change.
func (x *exchange) read() decision.Answer {
	if x.content != nil || x.spool != nil || x.body == nil && !x.plan.spools {
		return decision.Yes
	}
	if x.waits {
		if status := x.rehearse(); status != http.StatusContinue {
			return decision.Status(status)
		}
	}
	err := x.readAll()
	if err != nil {
		if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
			return decision.No
		}
		return x.fail(x.readError(err))
	}
	return decision.Yes
}

// readAll reads the content to where the method's bodies take it from.
func (x *exchange) readAll() (err error) {
	if x.body == nil {
		x.body = http.NoBody
	}
	if x.plan.spools {
		return x.fillSpool(x.plan.maxBody)
	}
	room := x.room[:0]
	if !x.plan.private {
		room = make([]byte, 0, min(max(x.length, 0), x.plan.maxBody, maxKept)+1)
	}
	x.content, err = readContent(x.body, x.length, x.plan.maxBody, room)
	if x.plan.private {
		x.room = x.content
	}
	return err
}

// readError is what a failure to read content means: the client went, or sent
// what is no content. That the temporary file failed is not the client's fault.
func (x *exchange) readError(err error) error {
	if x.ctx.Err() != nil || x.known(err) || errors.Is(err, context.Canceled) || errors.As(err, new(*fs.PathError)) {
		return err
	}
	return &Problem{Status: http.StatusBadRequest, Detail: "the content could not be read"}
}

// rehearse asks the questions from G7 on without the lock and does nothing: an
// act ends it with 100, and so does what asks for the content; any other status
// is the answer. What it loaded is thrown away.
func (x *exchange) rehearse() int {
	x.rehearsing = true
	status, at := x.plan.program.Walk(decision.G7, x)
	x.at = at
	x.rehearsing = false
	if errors.Is(x.err, errUnread) {
		status = http.StatusContinue
	}
	if status == http.StatusContinue {
		x.abandon(nil)
		x.err, x.at = nil, 0
	}
	return status
}

// absent reports whether what is missing is the target itself, so that the
// method may create it; a missing parent is not created.
func (x *exchange) absent() bool {
	return x.att.missing == nil || x.att.missing == x.plan.aim.target
}

var missingRows = map[decision.ID]row{
	decision.I7: {
		settle: func(p *method) settlement {
			creates := p.aim.creates && (p.name == http.MethodPut || p.name == http.MethodPatch)
			return openIf(creates, no)
		},
		ask: func(x *exchange) decision.Answer { return decision.Bool(x.absent()) },
	},
	decision.I4: moved(kindMovedPermanently),
	decision.K7: {
		settle: func(p *method) settlement {
			return openIf(len(p.gates[kindPreviouslyExisted])+len(p.gates[kindMovedPermanently])+len(p.gates[kindMovedTemporarily]) > 0, no)
		},
		ask: (*exchange).previouslyExisted,
	},
	decision.K5: moved(kindMovedPermanently),
	decision.L5: moved(kindMovedTemporarily),
	decision.L7: byPlan(isPost),
	decision.M5: byPlan(isPost),
	decision.M7: postAllowed,
	decision.N5: postAllowed,
	decision.H6: forbiddenOnceLoaded,
	decision.H7: ifThe(present(ifMatch)),
	decision.H8: ifThe(readable(ifNoneMatch)),
	decision.H9: byPlan(isPost),
	decision.P2: unguarded(true),
	decision.P3: conflict,
	decision.P4: {settle: unsettled, ask: (*exchange).act},
}

func isPost(p *method) bool { return p.name == http.MethodPost }

func unsettled(*method) settlement { return open }

var postAllowed = row{
	settle: func(p *method) settlement {
		return openIf(p.aim.creates && len(p.gates[kindAllowMissingPost]) > 0, no)
	},
	ask: func(x *exchange) decision.Answer {
		if !x.absent() {
			return decision.No
		}
		return x.gates(x.plan.gates[kindAllowMissingPost], true)
	},
}

// previouslyExisted is K7. Where no PreviouslyExisted is given, what has moved
// did exist.
func (x *exchange) previouslyExisted() decision.Answer {
	if gates := x.plan.gates[kindPreviouslyExisted]; len(gates) > 0 {
		return x.gates(gates, false)
	}
	for _, k := range []kind{kindMovedPermanently, kindMovedTemporarily} {
		if uri, err := x.movedTo(k); err != nil {
			return x.fail(err)
		} else if uri != "" {
			return decision.Yes
		}
	}
	return decision.No
}

// moved asks where a missing resource is now.
func moved(k kind) row {
	return row{
		settle: func(p *method) settlement { return openIf(len(p.gates[k]) > 0, no) },
		ask: func(x *exchange) decision.Answer {
			uri, err := x.movedTo(k)
			if err != nil {
				return x.fail(err)
			}
			x.att.moved = uri
			return decision.Bool(uri != "")
		},
	}
}

// movedTo is the first answer of the Moved facts. One that was given on a Group
// speaks of the Group's prefix: what follows it is kept, the query too.
func (x *exchange) movedTo(k kind) (string, error) {
	if x.att.moves == nil {
		x.att.moves = new([2]cell)
	}
	move := &x.att.moves[k-kindMovedPermanently]
	if !move.done {
		uri, err := x.askMoved(k)
		*move = cell{value: uri, err: err, done: true}
	}
	return move.value.(string), move.err
}

func (x *exchange) askMoved(k kind) (string, error) {
	for _, g := range x.plan.gates[k] {
		if !x.present(g.needs.loads) {
			continue
		}
		first, _, err := g.call(x)
		if err != nil {
			return "", err
		}
		uri := first.(string)
		if uri == "" {
			continue
		}
		if g.fact.place.level == onGroup {
			uri = below(uri, restOf(x.path, g.fact.place.path))
			if x.rawQuery != "" {
				uri += "?" + x.rawQuery
			}
		}
		return uri, nil
	}
	return "", nil
}

// below is rest, which is "" or begins with "/", behind uri. A path of the App
// stays one: with "//" in front, the client would choose the host.
func below(uri, rest string) string {
	joined := strings.TrimSuffix(uri, "/") + rest
	if strings.HasPrefix(uri, "/") && !strings.HasPrefix(uri, "//") {
		joined = "/" + strings.TrimLeft(joined, "/")
	}
	return joined
}

// restOf is what follows the segments of prefix in path.
func restOf(path, prefix string) string {
	for i := 0; i < len(prefix); i++ {
		if prefix[i] != '/' {
			continue
		}
		next := 1
		for next < len(path) && path[next] != '/' {
			next++
		}
		if next > len(path) {
			return ""
		}
		path = path[next:]
	}
	return path
}
