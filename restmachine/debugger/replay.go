// This file writes a request down, so that it can be sent again: as a command of curl, and as
// a call of Execute. A record comes in. Both texts go out, with notes on what they lack.

package debugger

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A replay is a request that can be sent again.
type replay struct {
	Curl  string   `json:"curl"`
	Go    string   `json:"go"`
	Notes []string `json:"notes,omitempty"` // what to fill in, and what cannot be sent
}

// implied are the fields that curl and Execute set by themselves.
var implied = []string{"Content-Length", "Transfer-Encoding", "Connection"}

// maxKept is how much of a content an Exchange has.
const maxKept = 64 << 10

// whole reports whether the content is kept, and kept to its end.
func (m *message) whole() bool { return !m.Redacted && !m.Coded && m.Size <= maxKept }

// lack says what is missing of a content that is not whole.
func (m *message) lack() string {
	if m.Redacted || m.Coded {
		return fmt.Sprintf("the %d bytes of content are not kept", m.Size)
	}
	return fmt.Sprintf("only the first %d of the %d bytes of content are kept", maxKept, m.Size)
}

// replayOf writes the request down. base is where the App is served, as in
// http://127.0.0.1:8080.
func replayOf(r *record, base string) replay {
	sh := &shell{}
	p := replay{Go: goCall(r)}
	p.Curl = p.curl(sh, r, base)
	if len(sh.variables) > 0 {
		p.Notes = append(p.Notes, "Set the variables of what is redacted, here and in the shell: "+strings.Join(sh.variables, ", ")+".")
	}
	if m := r.Request; m.Size > 0 && !m.whole() {
		p.Notes = append(p.Notes, "Put the content into a file content.bin: "+m.lack()+".")
	}
	return p
}

// curl returns the command. It notes what curl cannot send.
func (p *replay) curl(sh *shell, r *record, base string) string {
	args := []string{"curl -i"}
	head := r.Method == http.MethodHead
	switch {
	case head:
		args[0] = "curl --head"
	case r.Method != "" && r.Method != http.MethodGet || r.Request.Size > 0:
		args = append(args, "-X "+sh.word(r.Method))
	}
	args = append(args, curlURL(sh, r.Target, base))
	args = append(args, p.curlFields(sh, r)...)
	m, pipe := r.Request, ""
	switch {
	case m.Size == 0:
	case head:
		p.Notes = append(p.Notes, "curl sends no content with HEAD.")
	case !m.whole():
		args = append(args, "--data-binary @content.bin")
	case m.Binary != nil || strings.Contains(m.Content, "\x00"):
		pipe = "printf '" + escaped(m.Content+string(m.Binary)) + "' | "
		args = append(args, "--data-binary @-")
	default:
		args = append(args, "--data-raw "+sh.word(m.Content))
	}
	return pipe + strings.Join(args, " \\\n  ")
}

// curlURL returns the URL, and the options without which curl would change it.
func curlURL(sh *shell, target, base string) string {
	target = legalTarget(target)
	if !strings.HasPrefix(target, "/") {
		return "--request-target " + sh.word(target) + " " + sh.word(base+"/")
	}
	word, options := sh.word(base+target), ""
	if strings.ContainsAny(strings.ReplaceAll(target, redacted, ""), "[]{}") {
		options += "-g "
	}
	if path, _, _ := strings.Cut(target, "?"); strings.Contains(path, "/.") {
		options += "--path-as-is "
	}
	return options + word
}

// legalTarget escapes bytes that cannot be in a target. Execute takes them as they are.
func legalTarget(target string) string {
	var b strings.Builder
	for _, c := range []byte(target) {
		if c <= ' ' || c >= 0x7f || c == '#' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// curlFields returns the options for the fields. curl has fields of its own, which it must be
// told not to send.
func (p *replay) curlFields(sh *shell, r *record) (args []string) {
	for _, name := range sortedNames(r.Request.Header) {
		for _, line := range r.Request.Header[name] {
			switch {
			case slices.Contains(implied, name):
			case !legalField(name, line):
				p.Notes = append(p.Notes, fmt.Sprintf("No client can send the field %q: %q.", cut(name, 100), cut(line, 100)))
			case line == "":
				args = append(args, "-H "+sh.word(name+";"))
			default:
				args = append(args, "-H "+sh.word(name+": "+line))
			}
		}
	}
	own := []string{"Accept", "User-Agent"}
	if r.Request.Size > 0 {
		own = append(own, "Content-Type")
	}
	for _, name := range own {
		if _, ok := r.Request.Header[name]; !ok {
			args = append(args, "-H '"+name+":'")
		}
	}
	if r.Request.Header.Get("Accept-Encoding") != "" {
		args = append(args, "--compressed")
	}
	return args
}

// legalField reports whether a field can be sent (RFC 9110, 5.5 and 5.6.2).
func legalField(name, line string) bool {
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return name != "" && !strings.ContainsAny(line, "\r\n\x00")
}

// goCall returns the call of Execute.
func goCall(r *record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "resp := app.Execute(restmachine.Request{\n\tMethod: %s,\n\tPath:   %s,\n", goString(r.Method), goString(r.Target))
	if len(r.Request.Header) > 0 {
		b.WriteString("\tHeader: http.Header{\n")
		for _, name := range sortedNames(r.Request.Header) {
			if slices.Contains(implied, name) {
				continue
			}
			lines := make([]string, len(r.Request.Header[name]))
			for i, line := range r.Request.Header[name] {
				lines[i] = goString(line)
			}
			fmt.Fprintf(&b, "\t\t%s: {%s},\n", goString(name), strings.Join(lines, ", "))
		}
		b.WriteString("\t},\n")
	}
	switch m := r.Request; {
	case m.Size == 0:
	case m.whole():
		fmt.Fprintf(&b, "\tBody: []byte(%s),\n", goString(m.Content+string(m.Binary)))
	default:
		fmt.Fprintf(&b, "\tBody: nil, // %s\n", m.lack())
	}
	b.WriteString("})")
	return b.String()
}

// goString returns a literal: in backquotes if that is easier to read.
func goString(text string) string {
	literal := strconv.Quote(text)
	if strings.Contains(literal, `\"`) && strconv.CanBackquote(text) && !strings.Contains(text, "\t") {
		return "`" + text + "`"
	}
	return literal
}
