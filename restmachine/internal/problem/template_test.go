package problem

import (
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/decision"
)

// TestDetailsAreProblems holds the short way of writing a refusal to the long
// one: the same bytes.
func TestDetailsAreProblems(t *testing.T) {
	for _, detail := range []string{"", "plain", `If-Match "1" does not match`, "tab\tnewline\nreturn\rback\bfeed\fbell\a",
		`<script>&</script>`, `back\slash`, "grüße, 世界", "\u2028\u2029", "bad \xff byte", "\x7f"} {
		long, err := (&Details{Status: 412, Title: http.StatusText(412), Detail: detail,
			Extensions: map[string]any{"decision": "G11"}}).MarshalJSON()
		require.NoError(t, err)
		assert.Equal(t, string(long), written(detail), "%q", detail)
	}
}

func written(detail string) string {
	b := NewTemplate(412, decision.G11)
	if detail == "" {
		return string(b.Bare)
	}
	half := len(detail) / 2
	for half > 0 && !utf8.RuneStart(detail[half]) {
		half--
	}
	return string(b.Append(nil, &Detail{"", detail[:half], "", detail[half:]}))
}
