// This file keeps the notes, in the order of their numbers. A cursor comes in, and a page goes out.
//
// In SQL a page is one of two statements, and each asks for one row more than it shows:
//
//	SELECT id, text FROM notes WHERE id > $1 ORDER BY id LIMIT $2
//	SELECT id, text FROM notes WHERE id < $1 ORDER BY id DESC LIMIT $2

package main

import (
	"cmp"
	"slices"
	"sync"
)

// Notes are safe for concurrent use.
type Notes struct {
	mu   sync.Mutex
	last int
	all  []Note
}

// Page returns at most limit notes from a cursor on. The note that made the cursor need not be there
// any more.
func (n *Notes) Page(c Cursor, limit int) *Page {
	n.mu.Lock()
	defer n.mu.Unlock()
	begin := n.find(c.After + 1)
	end := min(begin+limit, len(n.all))
	first, last := c.After+1, c.After // of an empty page
	if c.Before > 0 {
		end = n.find(c.Before)
		begin = max(end-limit, 0)
		first, last = c.Before, c.Before-1
	}
	p := &Page{Notes: slices.Clone(n.all[begin:end])}
	if len(p.Notes) > 0 {
		first, last = p.Notes[0].ID, p.Notes[len(p.Notes)-1].ID
	}
	if begin > 0 {
		p.Prev = &Cursor{Before: first}
	}
	if end < len(n.all) {
		p.Next = &Cursor{After: last}
	}
	return p
}

// find returns where a number is, or would be.
func (n *Notes) find(id int) int {
	i, _ := slices.BinarySearchFunc(n.all, id, func(note Note, id int) int { return cmp.Compare(note.ID, id) })
	return i
}

// Note returns a copy of a note; nil if there is none.
func (n *Notes) Note(id int) *Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	if i := n.find(id); i < len(n.all) && n.all[i].ID == id {
		note := n.all[i]
		return &note
	}
	return nil
}

// Add adds a note at the end.
func (n *Notes) Add(text string) *Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last++
	n.all = append(n.all, Note{n.last, text})
	return &Note{n.last, text}
}

// Delete takes a note away.
func (n *Notes) Delete(id int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = slices.DeleteFunc(n.all, func(note Note) bool { return note.ID == id })
}
