// This file holds the store that all Apps read and write. Keys come in. Entries with
// revisions go out. It is the truth that answers are compared with.

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing/fstest"
	"time"
)

// An entry is what the store keeps under a key. No two entries have one revision.
type entry struct {
	key, text string
	rev       int
}

// mark is how content shows that it was made from the entry.
func (e entry) mark() string { return fmt.Sprintf("~%s.%d~", e.key, e.rev) }

// A store is a map with a logical clock: each change has a later second than the last.
type store struct {
	kept    map[string]entry
	touched map[string]int // by folder: the revision at which something in it last changed
	latest  int            // the revision of the last change
	next    int
	own     int    // the number of writes by handlers of the request under way
	changed func() // is called after each change
	files   fstest.MapFS
}

func newStore() *store {
	return &store{kept: map[string]entry{}, touched: map[string]int{}, files: fstest.MapFS{}, changed: func() {}}
}

// begin numbers the changes that follow by the number of a request, so that a request that
// is left out does not renumber the others.
func (s *store) begin(request int) { s.next, s.own = (request+1)*64, 0 }

// date is the moment of a revision; a zero time for revision 0.
func date(rev int) time.Time {
	if rev == 0 {
		return time.Time{}
	}
	return time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rev) * time.Second)
}

// get returns an entry; false if it is missing.
func (s *store) get(key string) (entry, bool) {
	e, ok := s.kept[key]
	return e, ok
}

// put keeps a text under a key.
func (s *store) put(key, text string) entry {
	e := entry{key: key, text: text, rev: s.tick(key)}
	s.kept[key] = e
	if name, ok := strings.CutPrefix(key, "files/"); ok {
		s.files[name] = &fstest.MapFile{Data: []byte(e.mark() + text), ModTime: date(e.rev)}
	}
	s.changed()
	return e
}

// remove removes what is under a key.
func (s *store) remove(key string) {
	if _, ok := s.kept[key]; !ok {
		return
	}
	s.tick(key)
	delete(s.kept, key)
	if name, ok := strings.CutPrefix(key, "files/"); ok {
		delete(s.files, name)
	}
	s.changed()
}

func (s *store) tick(key string) int {
	s.next++
	s.latest = s.next
	s.touched[folder(key)] = s.latest
	return s.latest
}

// folder is everything of a key but its last name.
func folder(key string) string { return key[:strings.LastIndex(key, "/")] }

// within returns the entries directly in a folder, in order.
func (s *store) within(dir string) (all []entry) {
	for _, key := range slices.Sorted(maps.Keys(s.kept)) {
		if folder(key) == dir {
			all = append(all, s.kept[key])
		}
	}
	return all
}

// write is the write of a handler that was given the entry at a revision, 0 for a missing
// one. Like an UPDATE with a version, it reports false where the entry is not at that
// revision any more.
func (s *store) write(key, text string, rev int) (entry, bool) {
	if s.kept[key].rev != rev {
		return entry{}, false
	}
	s.own++
	return s.put(key, text), true
}

// erase is the write of a handler that removes.
func (s *store) erase(key string, rev int) bool {
	if s.kept[key].rev != rev {
		return false
	}
	s.own++
	s.remove(key)
	return true
}

// all are the keys that are kept, in order.
func (s *store) all() []string { return slices.Sorted(maps.Keys(s.kept)) }

// hasAbove reports whether everything is there that a key is in.
func (s *store) hasAbove(key string) bool {
	names := strings.Split(key, "/")
	for n := 2; n < len(names); n += 2 {
		if _, ok := s.kept[strings.Join(names[:n], "/")]; !ok {
			return false
		}
	}
	return true
}
