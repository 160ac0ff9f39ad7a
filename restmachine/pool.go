package restmachine

import "github.com/restmachine/restmachine-go/restmachine/conditional"

// This file keeps exchanges for reuse. What a callback or a client may still
// hold when an exchange is over is never part of it: values are handed out by
// copy, and header lines and content that callbacks see are made anew.

// maxKept is how long a buffer may be, in bytes, to be kept for reuse.
const maxKept = 64 << 10

// exchange is a fresh exchange.
func (m *machine) exchange() *exchange {
	x, _ := m.pool.Get().(*exchange)
	if x == nil {
		x = &exchange{m: m}
	}
	x.chosen.coding = -1
	return x
}

// recycle gives the exchange back once its answer was sent, with nothing left of
// its request. One that ended in a panic is not given back.
func (x *exchange) recycle() {
	x.att.forget()
	x.out.reset(0)
	if x.json.buffer.Len() > 0 {
		x.json.forget()
	}
	if x.preRead {
		x.pre = conditional.Preconditions{}
	}
	if x.sent.bytes != nil {
		x.sent = content{}
		x.text = kept(x.text)
	}
	if len(x.room) > 0 {
		x.room = kept(x.room)
	}
	x.inquiry = inquiry{}
	x.m.pool.Put(x)
}

// forget clears the text, and keeps its room if that is not too long.
func (j *jsonText) forget() {
	if j.buffer.Cap() > maxKept {
		*j = jsonText{}
	}
	j.truncate(0)
}

// drop is clear, for slices of a few values: what clear calls for costs more than
// they do.
func drop[T any](s []T) {
	for i := len(s) - 1; i >= 0; i-- {
		s[i] = *new(T)
	}
}

// kept is the room of a buffer, if it is not too long to keep. What stood in it
// is gone.
func kept(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	clear(b)
	return b[:0]
}

// begin makes the attempt a fresh one, with room for n values.
func (a *attempt) begin(n int) {
	if a.begun {
		a.forget()
	}
	a.begun = true
	if n > cap(a.cells) {
		a.cells = make([]cell, n)
	}
	a.cells = a.cells[:n]
}

// forget drops every value that the attempt made or loaded.
func (a *attempt) forget() {
	drop(a.cells)
	for i := range a.made[:a.makes] {
		a.made[i].forget()
	}
	if a.cleanups != nil || a.closers != nil {
		a.cleanups, a.closers = nil, nil
	}
	a.found = found{}
}

// forget makes the representation an empty one.
func (r *representation) forget() {
	if r.made.begun {
		r.made = content{}
	}
	r.findings = findings{}
}

// representation is a fresh representation of the attempt.
func (a *attempt) representation() *representation {
	if a.makes == len(a.made) {
		return &representation{}
	}
	a.makes++
	return &a.made[a.makes-1]
}
