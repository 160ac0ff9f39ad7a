package header

import (
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// A header that need not be copied is one that a copy would equal, and legal.
func TestAsReceivedIsReceived(t *testing.T) {
	rng := rand.New(rand.NewPCG(9110, 5))
	word := func(alphabet string, most int) string {
		var b strings.Builder
		for range rng.IntN(most + 1) {
			b.WriteByte(alphabet[rng.IntN(len(alphabet))])
		}
		return b.String()
	}
	as := 0
	for range 50000 {
		name, value := word("AZaz09-_! :", 4), word("x \t,\r\n\x00\x7f\u00fc", 3)
		h := http.Header{name: {value}}
		want := reflect.DeepEqual(Received(h), h) && Legal(h)
		if got := IsAsReceived(h); got != want {
			t.Fatalf("%q: %q is as received: %v", name, value, got)
		}
		if want {
			as++
		}
	}
	if as < 1000 {
		t.Errorf("only %d headers were as received", as)
	}
	if IsAsReceived(http.Header{"X": nil}) {
		t.Error("a name without lines is as if it were not there")
	}
}
