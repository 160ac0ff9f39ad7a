// Spelling invariance: what a request means does not hang on the spaces, empty
// members, field lines, order and date formats that say it (RFC 9110, 5.3,
// 5.6.1, 5.6.7), nor on tags beside the one that counts.

package walk_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

const (
	rfc850  = "Monday, 02-Jan-06 15:04:05 GMT"
	asctime = "Mon Jan _2 15:04:05 2006"
)

// spellings are ways to write a list and a date. In list, @ stands for the
// members and each line for a field line; in date, @ for the date in layout.
var spellings = []struct {
	name   string
	list   string
	date   string
	layout string
}{
	{"as it should be", `@`, "@", http.TimeFormat},
	{"space before", ` @`, " @", rfc850},
	{"space after", `@ `, "@ ", asctime},
	{"tabs on both sides", "\t@\t", "\t@\t", http.TimeFormat},
	{"spaces and tabs", " \t @ \t ", " \t@\t ", rfc850},
	{"an empty member first", `,@`, "@", asctime},
	{"an empty member last", `@,`, "@", rfc850},
	{"empty members on both sides", `, ,@,, ,`, "@", http.TimeFormat},
	{"tabs around commas", "\t,\t@\t,\t", "@\t", asctime},
	{"a miss before", `"x", @`, "@", rfc850},
	{"a miss after", `@, "x"`, "@", asctime},
	{"misses on both sides, no spaces", `"x",@,"y"`, "@", http.TimeFormat},
	{"a weak miss", `W/"x" , @`, " @", asctime},
	{"a miss with a comma inside", `"x,y", @, ","`, "@", rfc850},
	{"misses that nearly hit", `"a1", "A", "A11", "W/A1", @`, "@", http.TimeFormat},
	{"an empty tag", `"", @, W/""`, "@", asctime},
	{"a miss in obs-text", "\"\xfc\", @", "@", rfc850},
	{"a bare miss", `x, @, y`, "@", asctime},
	{"a quoted star", `"*", @`, "@", http.TimeFormat},
	{"a miss on a line before", "\"x\"\n@", "@", rfc850},
	{"a miss on a line after", "@\n\"x\"", "@", asctime},
	{"empty lines", "\n@\n,\n", "@", http.TimeFormat},
	{"members twice", `@, @`, "@", rfc850},
	{"a hundred misses", strings.Repeat(`"x", `, 100) + "@", "@", asctime},
}

// spelled puts the situation into the words of the spelling with the number i.
// A star is no list, so that only blanks may stand beside it.
func (s situation) spelled(i int) restmachine.Request {
	spelling := spellings[i]
	list := func(kind listKind) []string {
		members := [...][]string{
			noList: nil, anyTag: {"*"}, currentTag: {`"A1"`}, currentTagWeak: {`W/"A1"`},
			otherTags: {`"B"`, `W/"B"`, `"C"`}, unreadableList: {`"B" "A1"`},
		}[kind]
		switch {
		case kind == noList:
			return nil
		case kind == anyTag:
			return []string{strings.Replace(spelling.date, "@", "*", 1)}
		case i%2 == 1: // a list has no order
			members = slices.Clone(members)
			slices.Reverse(members)
		}
		value := strings.ReplaceAll(spelling.list, "@", strings.Join(members, ", "))
		return strings.Split(value, "\n")
	}
	since := func(kind sinceKind) []string {
		value := "yesterday"
		switch kind {
		case noSince:
			return nil
		case sinceEarlier, sinceEqual, sinceLater:
			value = printed.Add(time.Duration(int(kind)-int(sinceEqual)) * time.Second).Format(spelling.layout)
		}
		return []string{strings.Replace(spelling.date, "@", value, 1)}
	}
	req := s.request()
	for name, lines := range map[string][]string{
		"If-Match": list(s.ifMatch), "If-Unmodified-Since": since(s.ifUnmodifiedSince),
		"If-None-Match": list(s.ifNoneMatch), "If-Modified-Since": since(s.ifModifiedSince),
	} {
		if lines != nil {
			req.Header[http.CanonicalHeaderKey(name)] = lines
		}
	}
	return req
}

func TestSpellingChangesNothing(t *testing.T) {
	assert.Len(t, spellings, 24)
	all := harness.Figure(t, "spellings")
	random := rand.New(rand.NewPCG(9110, 5))
	for _, s := range sample(random, 400) {
		shelf := newShelf(t, s)
		var first restmachine.Response
		for i, spelling := range spellings {
			req := s.spelled(i)
			shelf.reset(s.place)
			resp := shelf.app.Execute(req)
			all.Add(1)
			restmachinetest.CheckResponse(t, req, resp)
			if i == 0 {
				first = resp
				assert.Equal(t, s.status(), resp.StatusCode, s)
				continue
			}
			assert.Equal(t, first.StatusCode, resp.StatusCode, "%v: %s: %q", s, spelling.name, req.Header)
			if first.StatusCode < 400 { // a problem may quote the request
				assert.Equal(t, undated(first), undated(resp), "%v: %s: %q", s, spelling.name, req.Header)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// sample picks n situations that have a precondition.
func sample(random *rand.Rand, n int) []situation {
	var picked []situation
	for len(picked) < n {
		s := situation{
			policy: []restmachine.Policy{restmachine.Combine, restmachine.RFC9110}[random.IntN(2)],
			method: []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"}[random.IntN(6)],
			place:  place(random.IntN(4)), tag: tagKind(random.IntN(3)), date: dateKind(random.IntN(3)),
			ifMatch: listKind(random.IntN(6)), ifUnmodifiedSince: sinceKind(random.IntN(5)),
			ifNoneMatch: listKind(random.IntN(6)), ifModifiedSince: sinceKind(random.IntN(5)),
		}
		if random.IntN(2) == 0 { // else half of all writes are refused by If-Match
			s.ifMatch = noList
		}
		if s.place == missingPlain && random.IntN(4) > 0 { // it is 404 whatever the fields say
			s.place = existing
		}
		if len(s.request().Header) > 0 {
			picked = append(picked, s)
		}
	}
	return picked
}

// undated is a response less its Date, which two exchanges need not share.
func undated(resp restmachine.Response) restmachine.Response {
	resp.Header = resp.Header.Clone()
	resp.Header.Del("Date")
	return resp
}
