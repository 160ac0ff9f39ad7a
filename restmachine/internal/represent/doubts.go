package represent

import (
	"hash/maphash"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/doubt"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file looks at entity-tags beside their contents, to find tags that are wrong. In come the
// representations of an exchange whose answer is built. Out come sightings for package doubt, and
// what a write did to its tag. What is rendered here is sent to nobody, and nothing that fails here
// fails the exchange.

var seed = maphash.MakeSeed()

// A Stay says what a write did to the entity-tag.
type Stay int

// What a write did.
const (
	NoTag   Stay = iota // what it returned has none, or is not what the path shows
	Changed             // it has another one
	Stayed              // it has the one from before
	Unasked             // nobody has asked for the one from before
)

// TagStay says whether the tag of what a write returned is the one from before. It asks nobody.
func (rs *Representations) TagStay() Stay {
	r := rs.result
	if r == nil || !r.tagged || r.tag == "" || r.typ != rs.ShownType() {
		return NoTag
	}
	if c := rs.current; c != nil && c.tagged {
		return stayIf(c.tag == r.tag)
	}
	if sent := rs.x.IfMatch(); sent.IsTag() && r.oneTag {
		return stayIf(sent.Lines()[0] == string(r.tag)) // it has matched: see walk.Walk.leapWrite
	}
	return Unasked
}

func stayIf(same bool) Stay {
	if same {
		return Stayed
	}
	return Changed
}

// AskStay is TagStay where nobody has asked: what was loaded is asked for its tag after the write.
func (rs *Representations) AskStay() (s Stay) {
	s = Changed
	rs.x.Aside(func() {
		if b := rs.x.Before(); b != nil {
			s = stayIf(b.Tag == string(rs.result.tag))
			return
		}
		tag, err := rs.baseTag(rs.Current())
		s = stayIf(err == nil && tag == rs.result.tag)
	})
	return s
}

// A Finding is what comparing contents found.
type Finding int

// What was found.
const (
	SameContent   Finding = iota
	OtherContent          // under the tag that stayed
	ChangedLoaded         // the same, and the handler has changed what was loaded
	Gone                  // the content from before the write is not there any more
)

// CompareKept compares what a write returned, under the tag that stayed, with what was there before.
func (rs *Representations) CompareKept() (f Finding) {
	f = SameContent
	rs.x.Aside(func() {
		r, c := rs.result, rs.Current()
		if r.tag.IsWeak() || !rs.isBytes(r) {
			return
		}
		inPlace := isOne(r.value, c.value)
		before := rs.x.Before()
		if before == nil && inPlace {
			f = Gone
			return
		}
		now, ok := rs.sum(r)
		if !ok || before == nil && !rs.isBytes(c) {
			return
		}
		if before == nil {
			was, ok := rs.sum(c)
			if !ok || rs.offerOf(r) != rs.offerOf(c) {
				return
			}
			before = &exchange.Before{Sum: was}
		}
		switch {
		case now == before.Sum && rs.x.Before() == nil:
			f = Gone // or it has not changed: what was loaded may share parts with what was returned
		case now == before.Sum:
		case inPlace:
			f = ChangedLoaded
		default:
			f = OtherContent
		}
	})
	return f
}

// Remember notes what the current representation is, before the handler of a write runs.
func (rs *Representations) Remember() {
	rs.x.Aside(func() {
		c := rs.Current()
		if !rs.isBytes(c) {
			return
		}
		tag, err := rs.baseTag(c)
		if err != nil {
			return
		}
		if sum, ok := rs.sum(c); ok {
			rs.x.SetBefore(&exchange.Before{Tag: string(tag), Sum: sum})
		}
	})
}

// Sighting is what the answer to a GET shows, or what a PUT or PATCH shows that kept its tag; nil
// where there is nothing to compare.
func (rs *Representations) Sighting() (s *doubt.Sighting) {
	rs.x.Aside(func() {
		r, tagged := rs.result, rs.tagged()
		if r == nil || r.content == nil || r.content.Bytes == nil || !tagged.tagged || tagged.tag == "" || !rs.isBytes(r) {
			return
		}
		s = &doubt.Sighting{Key: rs.keyOf(r), Tag: string(tagged.tag), Sum: maphash.Bytes(seed, r.content.Bytes), Weak: tagged.tag.IsWeak(),
			OneTale: rs.isOneTale(tagged), Wrote: !rs.x.Plan.Reads()}
	})
	return s
}

// isBytes reports whether r is rendered, and may be again, and its tag is not made from that.
func (rs *Representations) isBytes(r *Representation) bool {
	return r.value != nil && !rs.isHashed(r) && (r.json || !plan.IsStream(reflect.TypeOf(r.value)))
}

// sum is a hash of the content of r, without a content coding.
func (rs *Representations) sum(r *Representation) (sum uint64, ok bool) {
	if c := r.content; c != nil && c.Coding == "" {
		return maphash.Bytes(seed, c.Bytes), c.Bytes != nil
	}
	start := rs.json.buffer.Len()
	defer func() { rs.json.truncate(start) }()
	i, _ := rs.offerFor(r)
	var c Content
	if rs.renderAs(r, i, &c) != nil || c.Bytes == nil {
		return 0, false
	}
	return maphash.Bytes(seed, c.Bytes), true
}

// offerOf is what r is rendered as.
func (rs *Representations) offerOf(r *Representation) *plan.Offer {
	i, _ := rs.offerFor(r)
	return &rs.x.Plan.OffersOf(r.typ)[i]
}

// keyOf tells apart what may differ without a mistake: targets, variants, and clients.
func (rs *Representations) keyOf(r *Representation) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	note := func(text string) { _, _ = h.WriteString(text); _ = h.WriteByte(0) }
	x := rs.x
	note(x.Path())
	note(x.RawQuery())
	note(r.content.Media)
	note(r.content.Coding)
	chosen := x.Chosen()
	_ = h.WriteByte(byte(chosen.Language))
	_ = h.WriteByte(byte(chosen.Charset))
	for _, name := range append([]string{"Authorization", "Cookie"}, x.Plan.Varied...) {
		note(name)
		for _, line := range x.Lines(name) {
			note(line)
		}
	}
	return h.Sum64()
}

// isOneTale reports whether the tag of r is said by the very value that is rendered, and by
// nothing else: then no write comes between the two.
func (rs *Representations) isOneTale(r *Representation) bool {
	d := r.facts.Of(declare.GenerateETag)
	return d != nil && d.Subject != nil && len(d.Callback.Sources) == 1 && (d.Loaded == nil || d.Loaded == r.loaded) &&
		r.Field("Etag") == "" && rs.offerOf(r).Callback == nil
}

// isOne reports whether two values are one, so that whoever changes one changes the other.
func isOne(a, b any) bool {
	v, w := reflect.ValueOf(a), reflect.ValueOf(b)
	if !v.IsValid() || !w.IsValid() || v.Type() != w.Type() {
		return false
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return v.Pointer() == w.Pointer()
	}
	return false
}

// TagSeen is the tag of what the answer shows.
func (rs *Representations) TagSeen() conditional.ETag { return rs.tagged().tag }

// tagged is the representation whose tag the answer has.
func (rs *Representations) tagged() *Representation {
	if rs.x.Plan.Reads() {
		return rs.Described()
	}
	return rs.result
}
