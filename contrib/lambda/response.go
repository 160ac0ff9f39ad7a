package lambda

import (
	"encoding/base64"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is what all kinds of answers have in common. In comes a response. Out come its
// content, as text or base64, and its fields in the forms that the kinds want.

// hopByHop are the fields of one connection (RFC 9110, 7.6.1): between the App and the service
// there is not one.
var hopByHop = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"}

// forService is a header as a service in front may see it.
func forService(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, lines := range h {
		if name = http.CanonicalHeaderKey(name); len(lines) > 0 && !slices.Contains(hopByHop, name) {
			out[name] = append(out[name], lines...)
		}
	}
	return out
}

// encoded is the content of a response as JSON can hold it.
func encoded(resp restmachine.Response) (body string, isBase64 bool) {
	if len(resp.Body) == 0 || isText(resp.Header) && utf8.Valid(resp.Body) {
		return string(resp.Body), false
	}
	return base64.StdEncoding.EncodeToString(resp.Body), true
}

// isText reports whether the fields of a response say that its content is text in UTF-8.
func isText(h http.Header) bool {
	for _, line := range h["Content-Encoding"] {
		if !strings.EqualFold(strings.TrimSpace(line), "identity") {
			return false
		}
	}
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return false
	}
	switch strings.ToLower(params["charset"]) {
	case "", "utf-8", "utf8", "us-ascii":
	default:
		return false
	}
	return isTextType(media)
}

// textTypes are the types beside text/… that are text. One with a suffix, such as
// application/problem+json, is what its suffix says.
var textTypes = []string{
	"application/ecmascript", "application/graphql", "application/javascript", "application/json", "application/jsonl",
	"application/ndjson", "application/sql", "application/toml", "application/x-ndjson", "application/x-www-form-urlencoded",
	"application/xml", "application/xml-dtd", "application/yaml",
}

func isTextType(media string) bool {
	suffix := media[strings.LastIndexByte(media, '+')+1:]
	return strings.HasPrefix(media, "text/") || slices.Contains(textTypes, media) ||
		slices.Contains([]string{"json", "xml", "yaml"}, suffix)
}

// joined is a header with one line for each field (RFC 9110, 5.3). Set-Cookie cannot be joined,
// and is returned beside it.
func joined(h http.Header) (fields map[string]string, cookies []string) {
	fields = make(map[string]string, len(h))
	for name, lines := range h {
		if name == "Set-Cookie" {
			cookies = lines
		} else {
			fields[name] = strings.Join(lines, ", ")
		}
	}
	return fields, cookies
}
