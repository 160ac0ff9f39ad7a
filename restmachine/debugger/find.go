// This file finds a request that leads to a status. The graph of a route and a status come
// in, and the shortest path of answers goes out.

package debugger

import (
	"slices"

	"github.com/restmachine/restmachine-go/decision"
)

// A step is a question on the path, the answer that is needed, and how to get that answer.
type step struct {
	ID     decision.ID     `json:"id"`
	Label  string          `json:"label"`
	Answer decision.Answer `json:"answer"`
	How    string          `json:"how,omitempty"`
}

// A place is a row or a status on the path. owes means that the path has said that a
// required precondition is present, and has not passed this precondition yet.
type place struct {
	id   decision.ID
	owes bool
}

// wayTo returns a shortest path through the graph to the status. If at is not zero, the
// path ends at this row. It returns nil if no edge leads there. Of two paths of the same
// length it takes the one that says no earlier, because that one needs fewer fields.
func wayTo(g decision.Graph, at, status decision.ID) []step {
	var start place
	for id := range g.All() {
		start.id = id
		break
	}
	type arrival struct {
		from place
		step
	}
	came := map[place]arrival{}
	for todo := []place{start}; len(todo) > 0; todo = todo[1:] {
		from := todo[0]
		if from.id == status {
			var way []step
			for p := from; p != start; p = came[p].from {
				way = append(way, came[p].step)
			}
			slices.Reverse(way)
			return way
		}
		row := g[from.id]
		for _, a := range []decision.Answer{decision.No, decision.Yes} {
			to, ok := from.next(row, a)
			if to.id.IsStatus() && (to.id != status || at != 0 && at != from.id) {
				continue
			}
			if _, seen := came[to]; ok && !seen {
				came[to] = arrival{from, step{ID: from.id, Label: row.Label, Answer: a, How: how(from.id, a)}}
				todo = append(todo, to)
			}
		}
	}
	return nil
}

// next returns where an answer leads. It returns false if the answer is impossible: a
// request whose precondition is present must stop at one of the questions about
// preconditions.
func (p place) next(row decision.Row, a decision.Answer) (place, bool) {
	to := place{row.No, p.owes}
	if a == decision.Yes {
		to.id = row.Yes
	}
	switch {
	case p.id == decision.G7d && a == decision.No:
		to.owes = true
	case a == decision.Yes && (p.id == decision.G8 || p.id == decision.H11 || p.id == decision.I13):
		to.owes = false
	case p.owes && (to.id.IsStatus() || to.id.Column() >= 'M'):
		return to, false
	}
	return to, true
}

// before returns the rows that lead to the status, in diagram order.
func before(g decision.Graph, status decision.ID) (rows []decision.ID) {
	for id, row := range g.All() {
		if row.Yes == status || row.No == status {
			rows = append(rows, id)
		}
	}
	return rows
}

// statuses returns the statuses that edges of the graph lead to, in order.
func statuses(g decision.Graph) []decision.ID {
	var all []decision.ID
	for _, row := range g {
		for _, to := range []decision.ID{row.Yes, row.No} {
			if to.IsStatus() {
				all = append(all, to)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// how says how a request makes a row answer so. It returns "" if only the state of the
// service decides, or if nothing needs to be done.
func how(id decision.ID, a decision.Answer) string {
	texts, ok := hows[id]
	switch {
	case !ok:
		return ""
	case a == decision.Yes:
		return texts.yes
	}
	return texts.no
}

var hows = map[decision.ID]struct{ yes, no string }{
	decision.B13: {"", "a ServiceAvailable says no"},
	decision.B12: {"", "send a method that HTTP does not define"},
	decision.B11: {"send a target of more than 8 KiB", ""},
	decision.B10: {"", "send a method that the path does not have"},
	decision.B9:  {"send control bytes in the path, or a field with a line break", ""},
	decision.B8:  {"send credentials that every Authorized accepts", "send no credentials, or other ones"},
	decision.B7:  {"a Forbidden says yes", ""},
	decision.B5:  {"", "send a Content-Type that is not supported"},
	decision.B4:  {"", "send content longer than MaxBody"},
	decision.C3:  {"send Accept", "send no Accept"},
	decision.C4:  {"with a media type that is offered", "with media types that are not offered"},
	decision.D4:  {"send Accept-Language", "send no Accept-Language"},
	decision.D5:  {"with a language that is offered", "with languages that are not offered"},
	decision.E5:  {"send Accept-Charset", "send no Accept-Charset"},
	decision.E6:  {"with a charset that is offered", "with charsets that are not offered"},
	decision.F6:  {"send Accept-Encoding", "send no Accept-Encoding"},
	decision.F7:  {"with a coding that is offered", "refuse all codings, and identity: Accept-Encoding: identity;q=0"},
	decision.G5:  {"", "send content longer than MaxBody, without its length"},
	decision.G7:  {"ask for a resource that exists", "ask for a resource that is missing"},
	decision.G7a: {"a Forbidden says yes about the loaded resource", ""},
	decision.G7d: {"send no precondition", "send one: If-Match, If-None-Match: * or If-Unmodified-Since"},
	decision.G8:  {"send If-Match", "send no If-Match"},
	decision.G9:  {"send If-Match: *", "with entity-tags"},
	decision.G10: {"a list of entity-tags in double quotes", "a list that cannot be read"},
	decision.G11: {"with the current ETag, if it is strong", "with an ETag that is not current, or is weak"},
	decision.H10: {"send If-Unmodified-Since", "send no If-Unmodified-Since"},
	decision.H11: {"with an HTTP-date", "with a value that is not an HTTP-date"},
	decision.H12: {"before Last-Modified", "with Last-Modified, or later"},
	decision.I12: {"send If-None-Match", "send no If-None-Match"},
	decision.I13: {"send If-None-Match: *", "with entity-tags"},
	decision.J13: {"a list of entity-tags in double quotes", "a list that cannot be read"},
	decision.K13: {"with the current ETag", "with an ETag that is not current"},
	decision.J19: {"and If-Modified-Since before Last-Modified", "and no If-Modified-Since, or one that agrees"},
	decision.L13: {"send If-Modified-Since", "send no If-Modified-Since"},
	decision.L14: {"with an HTTP-date", "with a value that is not an HTTP-date"},
	decision.L17: {"before Last-Modified", "with Last-Modified, or later"},
	decision.H7:  {"send If-Match", "send no If-Match"},
	decision.H8:  {"no If-None-Match, or a list that can be read", "send a list that cannot be read"},
	decision.P2:  {"send no precondition", "send If-None-Match: *"},
	decision.P19: {"send Range: bytes=0-9", "send no Range"},
	decision.P20: {"send no If-Range, or the current ETag in it", "send another ETag in If-Range"},
	decision.P21: {"within the content", "beyond its end"},
}
