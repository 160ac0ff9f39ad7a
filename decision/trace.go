// This file records the path of a walk. A program and a request come in. A trace goes
// out, with folded rows, as text, as a table or as JSON. It explains why a request got
// its status.

package decision

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Visit is one row that a walk passed.
type Visit struct {
	ID       ID            `json:"id"`
	Label    string        `json:"label"`
	Answer   Answer        `json:"answer"`
	Folded   bool          `json:"folded,omitempty"`      // settled when the program was made, so nothing was asked
	Why      string        `json:"why,omitempty"`         // the reason, in words
	Callback string        `json:"callback,omitempty"`    // the function that gave the answer
	Took     time.Duration `json:"nanoseconds,omitempty"` // time spent in the question
}

// A Trace is the path of one exchange. It has one or more turns. The zero Trace is
// ready for use.
type Trace struct {
	Visits []Visit `json:"visits"`
	Status int     `json:"status"` // 0 until a walk has ended
}

// Trace is like [Program.Walk], but goes row by row and appends every row that it
// passes to t. After each question it calls note with the answer. note returns the
// reason for the answer and the callback that gave it. note may be nil. Trace sets
// t.Status at the end. If a question panics, its row is the last visit, and t.Status
// is 0.
func (p *Program[X]) Trace(entry ID, x X, t *Trace, note func(ID, Answer) (why, callback string)) int {
	t.Status = 0
	e := p.entry(entry)
	i := e.next
	p.fold(t, e.id)
	for i >= 0 {
		s := &p.steps[i]
		t.Visits = append(t.Visits, Visit{ID: s.id, Label: p.graph[s.id].Label})
		asked := time.Now()
		a := s.ask(x)
		v := &t.Visits[len(t.Visits)-1]
		v.Answer, v.Took = a, time.Since(asked)
		if note != nil {
			v.Why, v.Callback = note(s.id, a)
		}
		if a != Yes && a != No {
			v.Answer = Status(int(a))
			t.Status = int(v.Answer)
			return t.Status
		}
		p.fold(t, p.graph[s.id].next(a))
		i = s.next[a].next
	}
	t.Status = -int(i)
	return t.Status
}

// fold appends the settled rows from id on, up to the next step or status.
func (p *Program[X]) fold(t *Trace, id ID) {
	for !id.IsStatus() {
		i, found := slices.BinarySearchFunc(p.settled, id, func(f fold, id ID) int { return cmp.Compare(f.id, id) })
		if !found {
			return
		}
		answer := p.settled[i].answer
		t.Visits = append(t.Visits, Visit{ID: id, Label: p.graph[id].Label, Answer: answer, Folded: true})
		id = p.graph[id].next(answer)
	}
}

// String returns the ids in order, then the status, for example "B13 B12 B11 304".
func (t Trace) String() string {
	var b strings.Builder
	for _, v := range t.Visits {
		b.WriteString(v.ID.String())
		b.WriteByte(' ')
	}
	if t.Status != 0 {
		b.WriteString(strconv.Itoa(t.Status))
	}
	return strings.TrimSuffix(b.String(), " ")
}

// Table returns one line for each visit: its id, label, answer, reason and callback.
// A row that was not asked is marked as settled, with the reason if it has one. The last
// line is the status.
func (t Trace) Table() string {
	label, why := 0, 0
	for _, v := range t.Visits {
		label = max(label, utf8.RuneCountInString(v.Label))
		why = max(why, utf8.RuneCountInString(v.reason()))
	}
	var b strings.Builder
	for _, v := range t.Visits {
		line := fmt.Sprintf("%-4v  %-*s  %-3v  %-*s  %s", v.ID, label, v.Label, v.Answer, why, v.reason(), v.Callback)
		b.WriteString(strings.TrimRight(line, " "))
		b.WriteByte('\n')
	}
	if t.Status != 0 {
		fmt.Fprintf(&b, "%d\n", t.Status)
	}
	return b.String()
}

func (v Visit) reason() string {
	switch {
	case v.Folded && v.Why != "":
		return "settled: " + v.Why
	case v.Folded:
		return "settled"
	}
	return v.Why
}
