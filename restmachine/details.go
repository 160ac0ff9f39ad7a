package restmachine

import (
	"net/http"
	"strconv"
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
	at := x.endedAt()
	x.detail = x.appendRefusal(x.detail[:0], at)
	body, ok := bareDetails[bareKey{x.out.status, at}]
	if !ok || len(x.detail) > 0 {
		x.text = appendDetails(x.text[:0], x.out.status, at, x.detail)
		body = x.text
	}
	lines := problemJSON
	if x.prefersText() {
		body, lines = []byte((&Problem{Status: x.out.status, Title: http.StatusText(x.out.status), Detail: string(x.detail)}).text()), problemText
	}
	x.sent = ofBytes(body)
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

// bareDetails are the problem details of refusals that need no words.
var bareDetails = map[bareKey][]byte{}

type bareKey struct {
	status int
	at     decision.ID
}

func init() {
	for id, row := range decision.HTTP.All() {
		for _, edge := range []decision.ID{row.Yes, row.No} {
			if status := int(edge); edge.IsStatus() && status >= 400 {
				bareDetails[bareKey{status, id}] = appendDetails(nil, status, id, nil)
			}
		}
	}
}

// appendDetails appends problem details, as Problem.MarshalJSON writes them.
func appendDetails(dst []byte, status int, at decision.ID, detail []byte) []byte {
	dst = append(dst, `{"title":"`...)
	dst = append(dst, http.StatusText(status)...)
	dst = append(dst, `","status":`...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	if len(detail) > 0 {
		dst = append(dst, `,"detail":`...)
		dst = appendText(dst, detail)
	}
	dst = append(dst, `,"decision":"`...)
	dst = append(dst, at.String()...)
	return append(dst, `"}`...)
}

// appendText appends text as a JSON string (RFC 8259, 7), as encoding/json does:
// what could end a script in a page is escaped, too.
func appendText(dst, text []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for len(text) > 0 {
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
