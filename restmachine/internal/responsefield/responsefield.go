// Package responsefield knows which response fields a document of an App tells by itself, which
// no document has to tell, and which somebody has to say. In comes the name of a field. Out comes
// which of the three it is, and why. The fact Field, package openapi and CheckDocument go by this
// one table.
package responsefield

import "net/textproto"

// own are the fields that the library writes, or derives from facts, with what says them. The
// document tells them by itself.
var own = map[string]string{
	"Etag":              "GenerateETag or AutoETag",
	"Last-Modified":     "LastModified",
	"Vary":              "Provides, Languages, Encodings, a Header[T] or Variances",
	"Location":          "Location, or a Reply such as Created or SeeOther",
	"Content-Location":  "the library, where a write answers with the representation",
	"Content-Language":  "Languages",
	"Content-Encoding":  "Encodings",
	"Content-Range":     "the library, for a GET of bytes or of a file",
	"Accept-Ranges":     "the library, for a GET of bytes or of a file",
	"Allow":             "the library, by the handlers of the path",
	"Accept":            "the library, by Body and Accepts",
	"Accept-Patch":      "the library, by Body and Accepts",
	"Accept-Encoding":   "the library, for content in a coding that nobody reads",
	"Www-Authenticate":  "Authorized",
	"X-Accel-Buffering": "the library, for an EventStream",
}

// message are the fields of each message, of the connection and of what stands between client and
// server. They say nothing of the resource, so a document does not tell them.
var message = map[string]string{
	"Content-Type":      "OpenAPI tells it as the media type of the content, and ignores a header of that name (OpenAPI 3.1.1, 4.8.17.1)",
	"Content-Length":    "each content may have it (RFC 9110, 8.6)",
	"Date":              "each response of a server with a clock has it (RFC 9110, 6.6.1)",
	"Server":            "the server may say what it is (RFC 9110, 10.2.4)",
	"Connection":        "it is of one connection (RFC 9110, 7.6.1)",
	"Keep-Alive":        "it is of one connection (RFC 9110, 7.6.1)",
	"Upgrade":           "it is of one connection (RFC 9110, 7.8)",
	"Transfer-Encoding": "it is of one connection (RFC 9112, 6.1)",
	"Trailer":           "it is of the framing of one message (RFC 9110, 6.6.2)",
	"Via":               "proxies add it (RFC 9110, 7.6.3)",
	"Age":               "caches add it (RFC 9111, 5.1)",
	"Alt-Svc":           "it is of the server, whatever is asked (RFC 7838, 3)",
}

// browser are the fields that only a browser acts on. A program that was made from a document does
// not read them; scripts of a page do not even get to see most of them. Package cors and middleware
// set them on each answer.
var browser = map[string]bool{
	"Access-Control-Allow-Origin":          true,
	"Access-Control-Allow-Credentials":     true,
	"Access-Control-Allow-Headers":         true,
	"Access-Control-Allow-Methods":         true,
	"Access-Control-Allow-Private-Network": true,
	"Access-Control-Expose-Headers":        true,
	"Access-Control-Max-Age":               true,
	"Timing-Allow-Origin":                  true,
	"Content-Security-Policy":              true,
	"Content-Security-Policy-Report-Only":  true,
	"Cross-Origin-Embedder-Policy":         true,
	"Cross-Origin-Opener-Policy":           true,
	"Cross-Origin-Resource-Policy":         true,
	"Origin-Agent-Cluster":                 true,
	"Permissions-Policy":                   true,
	"Referrer-Policy":                      true,
	"Strict-Transport-Security":            true,
	"X-Content-Type-Options":               true, // the library sets it on errors, too
	"X-Frame-Options":                      true,
}

// Own says what tells a document of a field that the library writes by itself; "" for any other.
func Own(name string) string { return own[textproto.CanonicalMIMEHeaderKey(name)] }

// brought are the fields among own that a Reply may bring by itself, where no fact says them.
var brought = map[string]bool{"Etag": true, "Last-Modified": true, "Location": true, "Content-Location": true, "Content-Language": true}

// MayBeBrought reports whether a Reply may bring a field that the document tells by itself elsewhere.
func MayBeBrought(name string) bool { return brought[textproto.CanonicalMIMEHeaderKey(name)] }

// Spelled is a name as RFC 9110 writes it, where Go's canonical form is another.
func Spelled(name string) string {
	switch name {
	case "Etag":
		return "ETag"
	case "Www-Authenticate":
		return "WWW-Authenticate"
	}
	return name
}

// OfMessage says why no document tells a field of each message; "" for any other.
func OfMessage(name string) string { return message[textproto.CanonicalMIMEHeaderKey(name)] }

// IsExempt reports whether an answer may carry a field that its document does not tell: one of
// each message, or one for browsers alone.
func IsExempt(name string) bool {
	return OfMessage(name) != "" || browser[textproto.CanonicalMIMEHeaderKey(name)]
}
