// These tests hold lenient reading to a law: it never changes the outcome for a field that
// is well formed. They compare with a reading that knows the grammar of RFC 9110 and
// nothing else.

package negotiate

import (
	"math"
	"mime"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const aToken = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"

var (
	qvalue      = regexp.MustCompile(`^(0(\.[0-9]{0,3})?|1(\.0{0,3})?)$`)
	mediaMember = regexp.MustCompile(`^(\*/\*|` + aToken + `/\*|` + aToken + `/` + aToken + `)([ \t]*;[ \t]*` + aToken + `=` + aToken + `)*$`)
)

// strictWeight reads a qvalue by its grammar; -1 where it is not one.
func strictWeight(s string) int {
	if !qvalue.MatchString(s) {
		return -1
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return -1
	}
	return int(math.Round(f * maxWeight))
}

// strictRange is a range of Accept, read by its grammar.
type strictRange struct {
	typ, subtype string
	params       map[string]string
	weight       int
}

// strictRanges are the ranges of a field. ok is false where the grammar does not have the
// field, or package mime reads it otherwise.
func strictRanges(field []string) (all []strictRange, ok bool) {
	for member := range strings.SplitSeq(strings.Join(field, ","), ",") {
		if member = strings.Trim(member, " \t"); member == "" {
			continue
		}
		media, params, err := mime.ParseMediaType(member)
		if err != nil || !mediaMember.MatchString(member) || strings.Contains(member[strings.Index(member, "/"):], "*") && !strings.Contains(member, "/*") {
			return nil, false
		}
		r := strictRange{params: params, weight: maxWeight}
		r.typ, r.subtype, _ = strings.Cut(media, "/")
		if q, weighted := params["q"]; weighted {
			r.weight = strictWeight(q)
			delete(params, "q")
		}
		if r.weight < 0 || r.typ == "*" && r.subtype != "*" || strings.Contains(strings.TrimPrefix(member, "*/"), "*=") {
			return nil, false
		}
		all = append(all, r)
	}
	return all, len(all) > 0 && len(all) <= maxMembers
}

// strictChoice is RFC 9110, 12.5.1: the index of the offer, or -1.
func strictChoice(ranges []strictRange, offers []string) int {
	chosen, highest := -1, 0
	for i, offer := range offers {
		media, has, err := mime.ParseMediaType(offer)
		if err != nil {
			continue
		}
		typ, subtype, _ := strings.Cut(media, "/")
		best, weight := -1, 0
		for _, r := range ranges {
			level := 2000
			switch {
			case r.typ == "*":
				level = 0
			case r.typ != typ:
				continue
			case r.subtype == "*":
				level = 1000
			case r.subtype != subtype:
				continue
			}
			matches := true
			for name, value := range r.params {
				own, found := has[name]
				if found && strings.EqualFold(own, value) {
					level++
				} else if found || name != "charset" {
					matches = false
				}
			}
			if matches && level > best {
				best, weight = level, r.weight
			} else if matches && level == best {
				weight = max(weight, r.weight)
			}
		}
		if weight > highest {
			chosen, highest = i, weight
		}
	}
	return chosen
}

// isPlain reports whether package mime reads offers as we do.
func isPlain(offers []string) bool {
	for _, offer := range offers {
		if !mediaMember.MatchString(offer) || strings.Contains(offer, "*") {
			return false
		}
		if _, _, err := mime.ParseMediaType(offer); err != nil {
			return false
		}
	}
	return true
}

// checkLaw: what a strict reading chooses, MediaType chooses.
func checkLaw(t *testing.T, asked, offers []string) (applies bool) {
	t.Helper()
	ranges, ok := strictRanges(asked)
	if !ok || !isPlain(offers) {
		return false
	}
	want := strictChoice(ranges, offers)
	if want < 0 {
		return false
	}
	got, _ := MediaType(asked, offers)
	require.Equal(t, want, got, "%q of %q", asked, offers)
	return true
}

// TestLenientReadingChangesNothing plays the table, and all fields of up to three members of
// a few kinds.
func TestLenientReadingChangesNothing(t *testing.T) {
	applied := 0
	for _, row := range mediaRows {
		if checkLaw(t, row.asked, row.offers) {
			applied++
		}
	}
	kinds := lines("text/html", "text/html;level=1", "text/*", "*/*", "application/json", "application/json;indent=4", "text/html;charset=utf-8")
	weights := lines("", ";q=0", ";q=0.5", ";q=0.501", ";q=1.000")
	var members []string
	for _, kind := range kinds {
		for _, weight := range weights {
			members = append(members, kind+weight)
		}
	}
	offers := lines("application/json", "text/html;level=1", "text/html", "text/html;charset=latin1")
	for _, a := range members {
		for _, b := range members {
			for _, field := range [][]string{lines(a), lines(a, b), lines(a + ", " + b + ", text/plain;q=0.1")} {
				if checkLaw(t, field, offers) {
					applied++
				}
			}
		}
	}
	assert.Greater(t, applied, 2000, "the law had something to say")
}

func FuzzLenient(f *testing.F) {
	for _, row := range mediaRows {
		if len(row.offers) > 0 {
			f.Add(strings.Join(row.asked, "\n"), strings.Join(row.offers, "\n"))
		}
	}
	f.Fuzz(func(t *testing.T, field, offered string) {
		checkLaw(t, strings.Split(field, "\n"), strings.Split(offered, "\n"))
		for q := range strings.FieldsFuncSeq(field, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }) {
			if want := strictWeight(q); want >= 0 {
				got, ok := readQvalue(q)
				require.True(t, ok, q)
				require.Equal(t, want, got, q)
			} else if got, ok := readQvalue(q); ok {
				require.LessOrEqual(t, got, maxWeight)
				require.Equal(t, strings.Trim(q, "0.") != "", got > 0, "only zero excludes: %q", q)
			}
		}
	})
}
