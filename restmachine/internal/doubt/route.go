package doubt

import "sync"

// This file remembers what one method of a route has shown. Everything is bounded: a route that
// shows nothing odd is soon left alone, and costs one look at an atomic from then on.

// A Kind is a kind of mistake.
type Kind uint8

// The mistakes that sightings show.
const (
	Nothing  Kind = iota
	Kept          // other content under the same strong tag
	Unsteady      // the same content under another tag, again and again, and nothing wrote
	Older         // writes answered with what was there before, and the next GETs show something else
)

const (
	maxSlots  = 8   // targets of a route that are remembered at a time
	maxLooks  = 64  // sightings of a route that are looked at
	maxDoubts = 256 // the same, once something is odd
	enough    = 8   // sightings that are as the one before: then nothing is odd
	maxAgain  = 8   // how often a write has its route be looked at again
	oddities  = 3   // tags in a row that changed though nothing else did
	repeated  = 2   // oddities that somebody else's write could explain, once
	unguarded = 8   // writes without a precondition whose tags are compared
	maxWrites = 32  // writes of a route whose contents are compared; then each maxWrites-th
)

// A Sighting is a content, and the entity-tag beside it.
type Sighting struct {
	Key     uint64 // of the target, the variant, and for whom it is
	Tag     string
	Sum     uint64 // of the content
	Weak    bool   // the tag does not promise anything about the bytes
	OneTale bool   // tag and content come from one value, so no write can stand between them
	Wrote   bool   // it is the answer to a write, which has not ended, under the tag from before it
}

// own is how many writes are known to be under way.
func (s *Sighting) own() uint64 {
	if s.Wrote {
		return 1
	}
	return 0
}

// A route is what one method of a route has shown.
type route struct {
	mu    sync.Mutex
	said  [Older + 1]bool
	slots [maxSlots]slot
	looks int
	same  int // sightings that were as the one before
	odd   bool
	again int
}

// A slot is a target that is remembered.
type slot struct {
	Sighting
	used               bool
	since              moment
	kept, moved, older int8 // how often it was so
}

// see looks at a sighting at a moment. It returns what it shows, and the tag before.
func (r *route) see(s Sighting, at moment) (Kind, string) {
	r.looks++
	last := &r.slots[s.Key%maxSlots]
	if !last.used || last.Key != s.Key {
		*last = slot{Sighting: s, used: true, since: at}
		return Nothing, ""
	}
	before, since := last.Sighting, last.since
	last.Sighting, last.since = s, at
	k := last.compare(before, since)
	if k == Nothing && before.Tag == s.Tag && before.Sum == s.Sum {
		r.same++
	} else {
		r.odd = r.odd || last.kept+last.moved+last.older > 0
	}
	return k, before.Tag
}

// compare compares the sighting of a slot with the one before, which was seen at another moment.
func (l *slot) compare(before Sighting, since moment) Kind {
	sameTag, sameContent, alone := before.Tag == l.Tag, before.Sum == l.Sum, l.since.follows(since)
	if !alone || !sameContent {
		l.moved = 0
	}
	switch {
	case sameTag && sameContent:
		if before.Wrote && !l.Wrote {
			l.older = 0 // the write has changed nothing
		}
	case l.Wrote: // the write itself is looked at elsewhere
	case sameTag && !l.Weak && l.OneTale && before.OneTale:
		return Kept
	case sameTag && !l.Weak && l.since.calm && since.calm:
		if l.kept++; l.kept >= repeated {
			return Kept
		}
	case sameTag, !alone:
	case before.Wrote && !sameContent:
		if l.older++; l.older >= repeated {
			return Older
		}
	case sameContent && !before.Wrote:
		if l.moved++; l.moved >= oddities {
			return Unsteady
		}
	}
	return Nothing
}

// isOver reports whether nothing is to be expected any more.
func (r *route) isOver() bool {
	if r.odd {
		return r.looks >= maxDoubts
	}
	return r.looks >= maxLooks || r.same >= enough
}

// lookAgain begins again: what was said is not said again.
func (r *route) lookAgain() {
	r.again++
	r.looks, r.same, r.odd = 0, 0, false
}
