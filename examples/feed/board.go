// This file keeps notices in memory. Whoever reads asks for what came after a number, so a
// slow reader costs the others nothing: it reads on from where it was.

package main

import (
	"iter"
	"slices"
	"sync"
)

// A Notice does not change.
type Notice struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
}

// A NewNotice is what is put up.
type NewNotice struct {
	Text string `json:"text"`
}

// A Board keeps notices, by number from 1. It is safe for concurrent use.
type Board struct {
	mu      sync.Mutex
	notices []*Notice
	more    chan struct{} // closed once the next notice is there
}

// NewBoard returns an empty board.
func NewBoard() *Board { return &Board{more: make(chan struct{})} }

// Put puts a notice up.
func (b *Board) Put(text string) *Notice {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := &Notice{ID: len(b.notices) + 1, Text: text}
	b.notices = append(b.notices, n)
	close(b.more)
	b.more = make(chan struct{})
	return n
}

// After returns the notices after a number, and a channel that is closed once there are more.
func (b *Board) After(id int) (notices []*Notice, more <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clip(b.notices[min(max(id, 0), len(b.notices)):]), b.more
}

// All returns all notices.
func (b *Board) All() iter.Seq[*Notice] {
	notices, _ := b.After(0)
	return slices.Values(notices)
}

// Notice returns a notice, or nil if there is none.
func (b *Board) Notice(id int) *Notice {
	notices, _ := b.After(id - 1)
	if id < 1 || len(notices) == 0 {
		return nil
	}
	return notices[0]
}
