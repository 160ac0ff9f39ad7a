package represent

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// Whatever was asked before, and by whomever, a tag is what Quote makes of it.
func TestTagsAreAsQuoted(t *testing.T) {
	var kept Tags
	said := []string{"", "1", "2", `"1"`, `W/"1"`, `W/1`, "a b", `a"b`, "a\x00", "a\x7f", "ü", strings.Repeat("x", 64),
		strings.Repeat("x", 65), strings.Repeat("x", 2000), `"`, `""`, "*", "W/"}
	for n := range 1000 { // some meet in one place
		said = append(said, strconv.Itoa(n))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				for _, s := range said {
					got, err := kept.quote(s)
					want, failed := conditional.Quote(s)
					if got != want || (err == nil) != (failed == nil) {
						t.Errorf("%q is %q, %v, not %q, %v", s, got, err, want, failed)
					}
				}
			}
		})
	}
	all.Wait()
	for range 100 {
		_, _ = kept.quote("1042")
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = kept.quote("1042") }); n != 0 {
		t.Errorf("a tag that is sent over and over costs %v allocations", n)
	}
}

// The tag that a client sent is taken for what was said only where Quote would make
// it of that.
func TestSentTagsAreAsQuoted(t *testing.T) {
	for _, sent := range []string{`"1"`, `"12"`, `W/"1"`, "\"\xfc\"", `""`, `"a\b"`, `"'"`} {
		if list := conditional.ParseList([]string{sent}, true); !list.IsTag() {
			t.Fatalf("%s is no tag", sent)
		}
		for _, said := range []string{"1", "12", `"1`, "/", "\xfc", "", "a\b", "'", `W/"1"`} {
			if tag, err := conditional.Quote(said); IsQuoted(sent, said) && (err != nil || string(tag) != sent) {
				t.Errorf("%q was taken for %s, and is %q, %v", said, sent, tag, err)
			}
		}
	}
}
