package restmachine

import (
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
)

// This file writes the problem details of the graph's own refusals (RFC 9457).
// They are by far the most frequent errors, a 412 above all, and so are put
// together without a Problem in between; a law in the tests holds them to the
// same bytes.

// buildRefusal makes the answer of a refusal by the graph. What a 404 and a 412 need
// not do is in functions of its own: the less code they run through, the faster they
// are.
func (x *exchange) buildRefusal() {
	status, at := x.out.status, x.at
	if status != http.StatusNotFound && status != http.StatusPreconditionFailed {
		x.requireFields(status)
	}
	if len(x.out.list) == 0 {
		x.out.share("Vary", varyAccept)
	} else {
		x.addVary(varyAccept)
	}
	var said words
	if at == decision.G11 {
		x.mismatch(&said)
	} else {
		x.refusal(&said, at)
	}
	bare, lines := bareOf(status, at), problemJSON
	body := bare.text
	if said[0] != "" {
		x.text = bare.append(kept(x.text), &said)
		body = x.text
	}
	if x.prefersText() {
		body, lines = []byte((&Problem{Status: status, Title: phrase(status), Detail: said.String()}).text()), problemText
	}
	x.sent.setBytes(body)
	x.out.content = &x.sent
	x.out.share("Content-Type", lines)
	x.out.share("X-Content-Type-Options", noSniff)
}

// prefersText reports whether the client prefers errors as text.
func (x *exchange) prefersText() bool {
	accept := x.header["Accept"]
	if len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == "application/json") {
		return false // what most clients send needs no reading
	}
	i, ok := negotiate.MediaType(accept, problemMedia)
	return ok && i == len(problemMedia)-1
}

// wordless is the problem details of a refusal without words, and what stands
// before and behind words.
type wordless struct {
	status     int
	at         decision.ID
	text       []byte
	head, tail string
}

// bareDetails are those of every edge of the graph, those first that are sent most.
var bareDetails = []*wordless{newBare(http.StatusNotFound, decision.L7), newBare(http.StatusPreconditionFailed, decision.G11)}

func init() {
	for id, row := range decision.HTTP.All() {
		for _, edge := range []decision.ID{row.Yes, row.No} {
			if status := int(edge); edge.IsStatus() && status >= 400 {
				bareDetails = append(bareDetails, newBare(status, id))
			}
		}
	}
}

// bareOf is the problem details of a status at a row.
func bareOf(status int, at decision.ID) *wordless {
	for _, b := range bareDetails {
		if b.at == at && b.status == status {
			return b
		}
	}
	return newBare(status, at)
}

// newBare is the problem details of a status, as Problem.MarshalJSON writes them.
func newBare(status int, at decision.ID) *wordless {
	head := fmt.Sprintf(`{"title":%q,"status":%d`, phrase(status), status)
	tail := fmt.Sprintf(`,"decision":"%v"}`, at)
	return &wordless{status, at, []byte(head + tail), head + `,"detail":"`, `"` + tail}
}

// append appends the problem details with words.
func (b *wordless) append(dst []byte, said *words) []byte {
	dst = append(dst, b.head...)
	for i := range said {
		dst = appendText(dst, said[i])
	}
	return append(dst, b.tail...)
}

// appendText appends text as it stands in a JSON string (RFC 8259, 7), as
// encoding/json writes it: what could end a script in a page is escaped, too.
func appendText(dst []byte, text string) []byte {
	for text != "" {
		plain := 0
		for plain < len(text) && plainBytes[text[plain]] {
			plain++
		}
		dst = append(dst, text[:plain]...)
		if text = text[plain:]; text != "" {
			dst, text = appendRune(dst, text)
		}
	}
	return dst
}

// appendRune appends the first rune of text, escaped where it must be.
func appendRune(dst []byte, text string) (longer []byte, rest string) {
	const hex = "0123456789abcdef"
	r, n := utf8.DecodeRuneInString(text)
	switch rest = text[n:]; {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r)), rest
	case r == utf8.RuneError && n == 1:
		return append(dst, `\ufffd`...), rest
	case r == '\b' || r == '\f' || r == '\n' || r == '\r' || r == '\t':
		return append(dst, '\\', "btn?fr"[r-'\b']), rest
	case r < ' ' || r == '<' || r == '>' || r == '&':
		return append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15]), rest
	case r == '\u2028' || r == '\u2029':
		return append(append(dst, `\u202`...), hex[r&15]), rest
	}
	return append(dst, text[:n]...), rest
}

// plainBytes stand for themselves in a JSON string.
var plainBytes = func() (is [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		is[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return is
}()
