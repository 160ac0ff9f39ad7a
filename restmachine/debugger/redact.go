// This file hides secrets. The texts of an exchange come in: its target, its fields, its
// content, its reasons and errors. The same texts go out, with a mark in the place of each
// secret value. The name of a value says whether it is a secret.

package debugger

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// redacted stands where a secret was.
const redacted = "[redacted]"

// secretWords are parts of names. A value whose name has one of them is a secret.
var secretWords = []string{"token", "key", "secret", "password"}

// known are the names that the words do not decide: true for secrets. They are as plain
// returns them.
var known = map[string]bool{
	"authorization": true, "proxyauthorization": true, "cookie": true, "setcookie": true,
	"idempotencykey":  false, // names a request, and opens nothing (draft-ietf-httpapi-idempotency-key-header)
	"secwebsocketkey": false, // a nonce that protects nothing (RFC 6455, 10.8)
	"surrogatekey":    false, "publickey": false, "keyword": false, "keywords": false,
}

// plain returns the name without what people write in several ways: case, - and _.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
}

// secret reports whether the values of this name are hidden.
func (s *settings) secret(name string) bool {
	if s.open || name == "" {
		return false
	}
	name = plain(name)
	if hidden, ok := s.named[name]; ok {
		return hidden
	}
	if hidden, ok := known[name]; ok {
		return hidden
	}
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// A veil hides the secrets of one exchange. First each text is passed to the method for its
// form, which finds secrets by their names. Then each text is passed to scrubbed, which
// finds the same values where they stand without a name.
type veil struct {
	*settings
	patterns []string // the routes that have a secret parameter
	found    map[string]bool
	scrubber *strings.Replacer
}

// Values of fewer bytes are hidden only where they have a name. Otherwise a key "id" would
// hide a part of each second word.
const minScrubbed = 6

// maxFound bounds the work for hostile content.
const maxFound = 200

// note notes a secret value, in all forms in which a text may quote it.
func (v *veil) note(values ...string) {
	for _, value := range values {
		if v.found == nil {
			v.found = map[string]bool{}
		}
		if len(value) < minScrubbed || len(v.found) >= maxFound || strings.Contains(redacted, value) {
			continue
		}
		v.found[value] = true
		if decoded, err := url.QueryUnescape(value); err == nil && decoded != value && len(decoded) >= minScrubbed {
			v.found[decoded] = true
		}
		v.found[url.QueryEscape(value)] = true
		v.found[url.PathEscape(value)] = true
		v.found[quotedInside(value)] = true
	}
}

// scrubbed returns the text without the values that were noted.
func (v *veil) scrubbed(text string) string {
	if len(v.found) == 0 || text == "" {
		return text
	}
	if v.scrubber == nil {
		var pairs []string
		values := slices.Collect(func(yield func(string) bool) {
			for value := range v.found {
				if !yield(value) {
					return
				}
			}
		})
		slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
		for _, value := range values {
			pairs = append(pairs, value, redacted)
		}
		v.scrubber = strings.NewReplacer(pairs...)
	}
	return v.scrubber.Replace(text)
}

// target hides the secrets of a request target, or of a reference to one.
func (v *veil) target(target, route string) string {
	path, query, found := strings.Cut(target, "?")
	path = v.path(path, route)
	if !found {
		return path
	}
	return path + "?" + v.pairs(query, inForm)
}

// path hides the parameters of a path, or of its beginning, whose names in the pattern say
// that they are secrets. The path is one of this route.
func (v *veil) path(path, pattern string) string {
	if !v.hasSecret(pattern) {
		return path
	}
	names, parts := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, name := range names[:min(len(names), len(parts))] {
		name, isParam := strings.CutPrefix(name, "{")
		name, isRest := strings.CutSuffix(strings.TrimSuffix(name, "}"), "...")
		if !isParam || !v.secret(name) || parts[i] == "" {
			continue
		}
		if isRest {
			v.note(strings.Join(parts[i:], "/"))
			return strings.Join(append(parts[:i], redacted), "/")
		}
		v.note(parts[i])
		parts[i] = redacted
	}
	return strings.Join(parts, "/")
}

// fits reports whether the path may be one of the pattern.
func fits(path, pattern string) bool {
	names, parts := strings.Split(pattern, "/"), strings.Split(path, "/")
	rest := strings.HasSuffix(pattern, "...}")
	if len(parts) < len(names) || len(parts) > len(names) && !rest {
		return false
	}
	for i, name := range names {
		if !strings.HasPrefix(name, "{") && name != parts[i] {
			return false
		}
	}
	return true
}

// hasSecret reports whether a pattern has a parameter that is a secret.
func (s *settings) hasSecret(pattern string) bool {
	for _, part := range strings.Split(pattern, "/") {
		if strings.HasPrefix(part, "{") && s.secret(strings.Trim(part, "{.}")) {
			return true
		}
	}
	return false
}

// field hides the secrets of a field line.
func (v *veil) field(name, line string) string {
	if v.secret(name) {
		v.note(line)
		v.noteCredentials(name, line)
		return redacted
	}
	switch name {
	case "Location", "Content-Location", "Referer":
		line = v.reference(line)
	}
	return v.text(line)
}

// reference hides the secrets of a URI, whose path may be that of any route.
func (v *veil) reference(uri string) string {
	at := 0 // where the path begins
	if i := strings.Index(uri, "://"); i >= 0 {
		n := strings.IndexByte(uri[i+3:], '/')
		if n < 0 {
			return uri
		}
		at = i + 3 + n
	}
	path, query, found := strings.Cut(uri[at:], "?")
	for _, pattern := range v.patterns {
		if fits(path, pattern) {
			path = v.path(path, pattern)
		}
	}
	if found {
		path += "?" + v.pairs(query, inForm)
	}
	return uri[:at] + path
}

// noteCredentials notes the parts of a field with credentials that a text may quote alone.
func (v *veil) noteCredentials(name, line string) {
	switch name {
	case "Authorization", "Proxy-Authorization":
		scheme, rest, _ := strings.Cut(line, " ")
		v.note(strings.TrimSpace(rest))
		if strings.EqualFold(scheme, "Basic") {
			plain, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
			user, password, _ := strings.Cut(string(plain), ":")
			v.note(user, password)
		}
	case "Cookie":
		for _, pair := range strings.Split(line, ";") {
			_, value, _ := strings.Cut(pair, "=")
			v.note(strings.Trim(value, ` "`))
		}
	case "Set-Cookie":
		pair, _, _ := strings.Cut(line, ";")
		_, value, _ := strings.Cut(pair, "=")
		v.note(strings.Trim(value, ` "`))
	}
}

// content hides the secrets of content, by its media type.
func (v *veil) content(h http.Header, content string) string {
	if v.open {
		return content
	}
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch strings.ToLower(strings.TrimSpace(media)) {
	case "application/x-www-form-urlencoded":
		return v.pairs(content, inForm)
	case "multipart/form-data":
		return v.parts(content)
	}
	return v.pairs(v.members(content), inContent)
}

// text hides the secrets of a text that may quote anything: a reason, an error.
func (v *veil) text(text string) string { return v.pairs(v.members(text), inText) }
