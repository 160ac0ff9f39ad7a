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

// buildRefusal makes the answer of a refusal by the graph.
func (x *exchange) buildRefusal() {
	x.requireFields(x.out.status)
	x.addVary(varyAccept)
	at := x.at
	x.detail = x.appendRefusal(kept(x.detail), at)
	bare := bareOf(x.out.status, at)
	body := bare.text
	if len(x.detail) > 0 {
		x.text = bare.append(kept(x.text), x.detail)
		body = x.text
	}
	lines := problemJSON
	if x.prefersText() {
		body, lines = []byte((&Problem{Status: x.out.status, Title: http.StatusText(x.out.status), Detail: string(x.detail)}).text()), problemText
	}
	x.sent.setBytes(body)
	x.out.content = &x.sent
	x.out.share("Content-Type", lines)
	x.finishProblem(x.out.status)
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

// wordless is the problem details of a refusal without words, and where the words
// would stand.
type wordless struct {
	status int
	at     decision.ID
	gap    int
	text   []byte
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
	text := fmt.Appendf(nil, `{"title":%q,"status":%d`, http.StatusText(status), status)
	gap := len(text)
	return &wordless{status, at, gap, fmt.Appendf(text, `,"decision":"%v"}`, at)}
}

// append appends the problem details with words.
func (b *wordless) append(dst, words []byte) []byte {
	dst = append(dst, b.text[:b.gap]...)
	dst = append(dst, `,"detail":`...)
	dst = appendText(dst, words)
	return append(dst, b.text[b.gap:]...)
}

// appendText appends text as a JSON string (RFC 8259, 7), as encoding/json does:
// what could end a script in a page is escaped, too.
func appendText(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for len(text) > 0 {
		plain := 0
		for plain < len(text) && plainBytes[text[plain]] {
			plain++
		}
		dst = append(dst, text[:plain]...)
		if text = text[plain:]; len(text) == 0 {
			break
		}
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1:
			dst = append(dst, `\ufffd`...)
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\b' || r == '\f' || r == '\n' || r == '\r' || r == '\t':
			dst = append(dst, '\\', "btn?fr"[r-'\b'])
		case r < ' ' || r == '<' || r == '>' || r == '&':
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		case r == '\u2028' || r == '\u2029':
			dst = append(dst, `\u202`...)
			dst = append(dst, hex[r&15])
		default:
			dst = append(dst, text[:n]...)
		}
		text = text[n:]
	}
	return append(dst, '"')
}

// plainBytes stand for themselves in a JSON string.
var plainBytes = func() (is [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		is[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return is
}()
