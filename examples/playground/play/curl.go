// This file writes the request of a state as a line for curl. A State comes in, and a line for a
// POSIX shell goes out.

package play

import "strings"

// server is the address at which the program of the state listens.
const server = "http://localhost:8080"

// Curl returns the request as a command for a shell.
func (s State) Curl() string {
	parts := []string{"curl -i"}
	switch {
	case s.Method == "HEAD":
		parts[0] = "curl -I"
	case s.Method != defaultMethod || s.Content != "":
		parts = append(parts, "-X "+quote(s.Method))
	}
	parts = append(parts, quote(server+s.Path))
	for _, f := range s.Fields {
		if f.Value == "" {
			parts = append(parts, "-H "+quote(f.Name+";")) // how curl spells a field without a value
			continue
		}
		parts = append(parts, "-H "+quote(f.Name+": "+f.Value))
	}
	if s.Content != "" {
		parts = append(parts, "--data-binary "+quote(s.Content))
		if !s.sends("Content-Type") {
			parts = append(parts, "-H 'Content-Type:'") // curl adds one of its own otherwise
		}
	}
	return strings.Join(parts, " \\\n  ")
}

// sends reports whether the request has a field.
func (s State) sends(name string) bool {
	for _, f := range s.Fields {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// quote quotes a text for a POSIX shell, where it needs it.
func quote(s string) string {
	if isPlain(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// isPlain reports whether a shell takes a word as it is.
func isPlain(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:,", r))
	})
}
