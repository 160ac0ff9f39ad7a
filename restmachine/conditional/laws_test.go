// This file compares Evaluate with an oracle, for all combinations of requests and
// resources. The oracle does not read fields. The test tells it what each field means.
// It follows RFC 9110, 13.2.2 step by step.

package conditional

import (
	"net/http"
	"testing"
)

// A said is a value of a list field, and its meaning beside the current tag.
type said struct {
	value    string // "absent" means that the field is not sent
	strong   bool   // matches "A1" strongly
	weak     bool   // matches it weakly
	star     bool
	readable bool
}

var lists = []said{
	{value: "absent"},
	{value: ``, readable: true},
	{value: `"B", W/"C"`, readable: true},
	{value: `"B", "A1"`, strong: true, weak: true, readable: true},
	{value: `W/"A1"`, weak: true, readable: true},
	{value: `*`, star: true, readable: true},
	{value: `"A1", *`},
}

// A when is a value of a date field. order compares the date with the Last-Modified. It
// counts only if the date counts.
type when struct {
	value  string // "absent" means that the field is not sent
	counts bool
	order  int
}

var dates = []when{
	{value: "absent"},
	{value: "yesterday"},
	{value: before, counts: true, order: -1},
	{value: equal, counts: true, order: 0},
	{value: after, counts: true, order: +1},
}

// A world is a request and a resource.
type world struct {
	method   string
	im, inm  said
	ims, ius when
	current  Validators
	exists   bool
}

func (w world) header() http.Header {
	h := http.Header{}
	for name, value := range map[string]string{
		"If-Match": w.im.value, "If-None-Match": w.inm.value,
		"If-Modified-Since": w.ims.value, "If-Unmodified-Since": w.ius.value,
	} {
		if value != "absent" {
			h.Set(name, value)
		}
	}
	return h
}

// oracle is RFC 9110, 13.2.2. Where the RFC leaves an answer open, it has ours.
func (w world) oracle() int {
	reads := w.method == "GET" || w.method == "HEAD"
	hasIM, hasINM := w.im.value != "absent", w.inm.value != "absent"
	hasDate := w.exists && !w.current.LastModified.IsZero()
	strong := w.exists && (w.im.star || w.im.strong && w.current.ETag == `"A1"`)
	weak := w.exists && (w.inm.star || w.inm.weak && w.current.ETag != "")

	if w.method == "OPTIONS" {
		return 0
	}
	// Step 1, or step 2 without an If-Match.
	if hasIM && !strong {
		if !w.im.readable && !reads && w.exists {
			return 400
		}
		return 412
	}
	if !hasIM && w.ius.counts && hasDate && w.ius.order < 0 {
		return 412
	}
	// Step 3, or step 4 without an If-None-Match.
	if hasINM && !w.inm.readable && !reads {
		return 400
	}
	if hasINM && weak {
		if reads {
			return 304
		}
		return 412
	}
	if !hasINM && reads && w.ims.counts && hasDate && w.ims.order >= 0 {
		return 304
	}
	return 0
}

// eachWorld calls f with every combination.
func eachWorld(f func(world)) (n int) {
	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS"} {
		for _, current := range []Validators{both, tagOnly, dateOnly, neither, weakTag} {
			for _, exists := range []bool{true, false} {
				for _, im := range lists {
					for _, inm := range lists {
						for _, ims := range dates {
							for _, ius := range dates {
								n++
								f(world{method: method, im: im, inm: inm, ims: ims, ius: ius, current: current, exists: exists})
							}
						}
					}
				}
			}
		}
	}
	return n
}

func TestEvaluateAgreesWithTheOracle(t *testing.T) {
	n := eachWorld(func(w world) {
		got := Evaluate(w.method, FromHeader(w.header()), w.current, w.exists, RFC9110)
		if want := w.oracle(); got != want {
			t.Fatalf("%s %v of %v (exists: %v) is %d, should be %d", w.method, w.header(), w.current, w.exists, got, want)
		}
	})
	t.Logf("figure: %d combinations", n)
}

// TestPoliciesDiffer shows the only difference between the policies: if the tag matches and
// the date says modified, Combine sends the representation and RFC 9110 does not.
func TestPoliciesDiffer(t *testing.T) {
	differing := 0
	eachWorld(func(w world) {
		p := FromHeader(w.header())
		combine := Evaluate(w.method, p, w.current, w.exists, Combine)
		rfc := Evaluate(w.method, p, w.current, w.exists, RFC9110)
		if combine == rfc {
			return
		}
		differing++
		allowed := rfc == 304 && combine == 0 && p.IfNoneMatch.Present() && p.IfModifiedSince.Valid()
		if !allowed {
			t.Fatalf("%s %v of %v: Combine has %d, RFC9110 %d", w.method, w.header(), w.current, combine, rfc)
		}
	})
	if differing == 0 {
		t.Fatal("the two policies are one")
	}
}

// TestNeverStale holds for both policies and all requests. A client whose list lacks the
// current tag never gets 304. A method that writes never gets 304. A list that cannot be
// read never lets a write through.
func TestNeverStale(t *testing.T) {
	n := eachWorld(func(w world) {
		p := FromHeader(w.header())
		for _, policy := range []Policy{Combine, RFC9110} {
			got := Evaluate(w.method, p, w.current, w.exists, policy)
			lacks := p.IfNoneMatch.Present() && !p.IfNoneMatch.Star() && !p.IfNoneMatch.Weak(w.current.ETag)
			writes := w.method != "GET" && w.method != "HEAD"
			unreadable := !p.IfMatch.Readable() || !p.IfNoneMatch.Readable()
			switch {
			case got == 304 && lacks:
				t.Fatalf("%s %v of %v is a stale 304", w.method, w.header(), w.current)
			case got == 304 && (writes || !w.exists):
				t.Fatalf("%s %v of %v must not be 304", w.method, w.header(), w.current)
			case got == 0 && writes && unreadable && w.method != "OPTIONS":
				t.Fatalf("%s %v of %v writes past an unreadable list", w.method, w.header(), w.current)
			case got != 0 && !p.Any():
				t.Fatalf("%s of %v is %d without a precondition", w.method, w.current, got)
			}
		}
	})
	t.Logf("figure: %d combinations and policies", 2*n)
}
