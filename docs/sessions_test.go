// The curl sessions of docs/start.md are what really comes. In go the page's program and its
// commands. The program is built and run on a free port, and each command is played against it.
// IDs, tags and dates differ each time, so they are compared by their form.

package docs_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A shell has the variables of a session, and plays its curl commands.
type shell struct {
	variables map[string]string
	seen      map[string]string // what the page shows, and what stands for it in this run
}

// changing are the texts that differ in each run: an ID, a tag without its version, a date.
var changing = regexp.MustCompile(`\b[A-Z2-7]{26}\b|\b[a-z0-9]{10,16}(?:-\d+\b)|\b\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT`)

var length = regexp.MustCompile(`Content-Length: \d+`)

// form is a response with a word for each text that changes, and for the length of content
// with such a text. The version of a tag stays.
func form(response string) string {
	if _, content, _ := strings.Cut(response, "\n\n"); changing.MatchString(content) {
		response = length.ReplaceAllString(response, "Content-Length: CHANGING")
	}
	return changing.ReplaceAllStringFunc(response, func(found string) string {
		if _, version, isTag := strings.Cut(found, "-"); isTag {
			return "TAG-" + version
		}
		return "CHANGING"
	})
}

// learn keeps which of this run's texts stands for which of the page's.
func (s *shell) learn(shown, got string) {
	theirs, ours := changing.FindAllString(shown, -1), changing.FindAllString(got, -1)
	for i := range min(len(theirs), len(ours)) {
		s.seen[theirs[i]] = ours[i]
	}
}

// words splits a command as a shell does: by spaces, with both kinds of quotes, and with variables.
func (s *shell) words(line string) (words []string) {
	line = changing.ReplaceAllStringFunc(line, func(found string) string {
		if ours, ok := s.seen[found]; ok {
			return ours
		}
		return found
	})
	var word strings.Builder
	quote, inside := rune(0), false
	plain := func(text string) string {
		return os.Expand(text, func(name string) string { return s.variables[name] })
	}
	var open strings.Builder // not in single quotes
	flush := func() { word.WriteString(plain(open.String())); open.Reset() }
	for _, r := range line {
		switch {
		case quote == 0 && (r == '\'' || r == '"'):
			flush()
			quote, inside = r, true
		case r == quote && quote != 0:
			if quote == '"' {
				flush()
			}
			quote = 0
		case quote == '\'':
			word.WriteRune(r)
		case quote == 0 && r == ' ':
			flush()
			if word.Len() > 0 || inside {
				words = append(words, word.String())
			}
			word.Reset()
			inside = false
		default:
			open.WriteRune(r)
		}
	}
	flush()
	return append(words, word.String())
}

// curl plays a command, and returns what curl -i prints.
func (s *shell) curl(t *testing.T, words []string) string {
	t.Helper()
	method, target, content := "", "", ""
	fields := http.Header{}
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "-i":
		case "-X":
			i++
			method = words[i]
		case "-H":
			i++
			name, value, _ := strings.Cut(words[i], ": ")
			fields.Set(name, value)
		case "-d":
			i++
			content = words[i]
		default:
			target = words[i]
		}
	}
	if content != "" && method == "" {
		method = http.MethodPost
	}
	if content != "" && fields.Get("Content-Type") == "" {
		fields.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(content))
	require.NoError(t, err)
	req.Header = fields
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	lines := []string{}
	for name, values := range resp.Header {
		lines = append(lines, name+": "+values[0])
	}
	slices.Sort(lines)
	return fmt.Sprintf("%s %s\n%s\n\n%s", resp.Proto, resp.Status, strings.Join(lines, "\n"), body)
}

// play plays the sessions of a page: each command of a console block against what stands below
// it, and each command of another block against the status in its remark.
func (s *shell) play(t *testing.T, p page) (played int) {
	t.Helper()
	for _, b := range p.blocks {
		if b.lang != "console" && b.lang != "sh" {
			continue
		}
		lines := strings.Split(strings.TrimSuffix(b.text, "\n"), "\n")
		for i := 0; i < len(lines); i++ {
			line, isCommand := strings.CutPrefix(lines[i], "$ ")
			if b.lang == "console" && !isCommand {
				continue
			}
			line, remark, _ := strings.Cut(line, " # ")
			words := s.words(strings.TrimSpace(line))
			name, _, isAssignment := strings.Cut(words[0], "=")
			switch {
			case isAssignment && len(words) == 1 && s.variables[name] == "":
				_, s.variables[name], _ = strings.Cut(words[0], "=")
			case words[0] == "curl":
				got := s.curl(t, words[1:])
				played++
				if b.lang == "sh" {
					assert.Contains(t, got, " "+remark[:3]+" ", "%s: %s", p.name, line)
					continue
				}
				shown := lines[i+1:]
				if end := slices.IndexFunc(shown, func(l string) bool { return strings.HasPrefix(l, "$ ") }); end >= 0 {
					shown = shown[:end]
				}
				s.learn(strings.Join(sorted(shown), "\n"), got)
				assert.Equal(t, form(strings.Join(sorted(shown), "\n")), form(strings.TrimRight(got, "\n")), "%s: %s", p.name, line)
			}
		}
	}
	return played
}

// sorted is a response with its fields in the order of their names.
func sorted(response []string) []string {
	end := slices.Index(response, "")
	if end < 0 {
		end = len(response)
	}
	fields := slices.Sorted(slices.Values(response[1:end]))
	return slices.Concat(response[:1], fields, response[end:])
}

func TestTheSessionsOfTheGuideAreTrue(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	p := readPage(t, "docs/start.md")
	program := strings.Replace(p.sources()["main"][0], `"127.0.0.1:8080"`, `"127.0.0.1:0"`, 1)
	temp := t.TempDir()
	binary := filepath.Join(temp, "tasks")
	build(t, binary, map[string]string{"main.go": program}, "build")
	running := exec.CommandContext(t.Context(), binary)
	log, err := running.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, running.Start())
	defer func() { _ = running.Wait() }()
	defer func() { _ = running.Process.Kill() }()
	first, err := bufio.NewReader(log).ReadString('\n')
	require.NoError(t, err)
	_, address, found := strings.Cut(strings.TrimSpace(first), "address=")
	require.True(t, found, first)
	s := shell{variables: map[string]string{"at": "http://" + address}, seen: map[string]string{}}
	require.Equal(t, 8, s.play(t, p), "the commands of docs/start.md")
}
