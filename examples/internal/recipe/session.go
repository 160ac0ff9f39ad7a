// This file plays the session of a page: each command in a shell, one after the other. What the
// page shows is compared with what comes.

package recipe

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// play runs the steps of a page against a server at an address.
func play(t *testing.T, page Page, address string) {
	t.Helper()
	shell := openShell(t)
	values := map[string]string{Address: address} // what texts of the page are in this run
	for _, step := range page.Steps {
		if strings.HasPrefix(step.Command, "#") {
			continue // it tells the reader something
		}
		command := step.Command
		for text, value := range values {
			command = strings.ReplaceAll(command, text, value)
		}
		got := strings.ReplaceAll(shell.run(t, command), address, Address)
		if err := Compare(step.Output, got, page.Varies, values); err != nil {
			t.Errorf("%v\n$ %s%s", err, command, got)
		}
	}
}

// A shell is a process that runs commands one after the other, in an empty folder of its own.
type shell struct {
	in  io.Writer
	out *bufio.Reader
}

// quietCurl is curl without its progress, and with an end.
const quietCurl = `curl() { command curl --silent --show-error --max-time 20 "$@"; }
`

func openShell(t *testing.T) shell {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	process := exec.CommandContext(ctx, "sh")
	process.Dir = t.TempDir()
	in, err := process.StdinPipe()
	require.NoError(t, err)
	out, err := process.StdoutPipe()
	require.NoError(t, err)
	process.Stderr = process.Stdout
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		assert.NoError(t, in.Close())
		_, _ = io.Copy(io.Discard, out)
		_ = process.Wait() // with the status of the last command
		cancel()
	})
	_, err = io.WriteString(in, quietCurl)
	require.NoError(t, err)
	return shell{in, bufio.NewReader(out)}
}

// run returns what a command prints. The command cannot read what the shell reads.
func (s shell) run(t *testing.T, command string) string {
	t.Helper()
	const end = "-- the command has ended --"
	_, err := fmt.Fprintf(s.in, "{ %s\n} </dev/null\nprintf '\\n%%s\\n' '%s'\n", strings.TrimSpace(command), end)
	require.NoError(t, err)
	var printed strings.Builder
	for {
		line, err := s.out.ReadString('\n')
		require.NoError(t, err, "the shell ended at: %s\n%s", command, printed.String())
		if line == end+"\n" {
			return strings.ReplaceAll(printed.String(), "\r\n", "\n")
		}
		printed.WriteString(line)
	}
}

// Compare returns an error where an output is not what a page shows. It learns the values of texts
// that vary.
func Compare(shown, got string, varies []string, values map[string]string) error {
	m := matcher{varies, values}
	want, have := trimBlank(strings.Split(shown, "\n")), trimBlank(strings.Split(got, "\n"))
	for isHead(want) {
		for isHead(have) && strings.HasPrefix(have[0], "HTTP/1.1 100 ") {
			_, have = cutHead(have)
		}
		if !isHead(have) {
			return fmt.Errorf("this response did not come: %s", want[0])
		}
		var wantHead, haveHead []string
		wantHead, want = cutHead(want)
		haveHead, have = cutHead(have)
		if !m.line(wantHead[0], haveHead[0]) {
			return fmt.Errorf("shown %s, but it is %s", wantHead[0], haveHead[0])
		}
		for _, field := range wantHead[1:] {
			if !m.any(field, haveHead[1:]) {
				return fmt.Errorf("the response does not have the field that is shown: %s", field)
			}
		}
	}
	for i, line := range want {
		switch {
		case line == "…" && i == len(want)-1:
			return nil
		case i >= len(have):
			return fmt.Errorf("the output does not have the line %q", line)
		case !m.line(line, have[i]):
			return fmt.Errorf("shown: %s\nit is:  %s", line, have[i])
		}
	}
	if len(have) > len(want) {
		return fmt.Errorf("the page does not show the line %q", have[len(want)])
	}
	return nil
}

func isHead(lines []string) bool { return len(lines) > 0 && strings.HasPrefix(lines[0], "HTTP/") }

// cutHead splits lines at the first empty one.
func cutHead(lines []string) (head, rest []string) {
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			return lines[:i], trimBlank(lines[i:])
		}
	}
	return lines, nil
}

// A matcher compares lines. It knows the values of texts that vary, and learns them.
type matcher struct {
	varies []string
	values map[string]string
}

func (m matcher) any(shown string, lines []string) bool {
	for _, line := range lines {
		if m.line(shown, line) {
			return true
		}
	}
	return false
}

// word is what a text that varies may be made of.
const word = `[\w.=~+-]+`

// line reports whether a line is as it is shown.
func (m matcher) line(shown, got string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(shown), "…", ".*")
	var learned []string // by group
	for _, text := range m.varies {
		quoted := regexp.QuoteMeta(text)
		if value, ok := m.values[text]; ok {
			pattern = strings.ReplaceAll(pattern, quoted, regexp.QuoteMeta(value))
		}
		for strings.Contains(pattern, quoted) {
			pattern = strings.Replace(pattern, quoted, fmt.Sprintf("(?P<g%d>%s)", len(learned), word), 1)
			learned = append(learned, text)
		}
	}
	expression := regexp.MustCompile("^" + pattern + "$")
	found := expression.FindStringSubmatch(got)
	if found == nil {
		return false
	}
	values := map[string]string{}
	for i, text := range learned {
		value := found[expression.SubexpIndex(fmt.Sprint("g", i))]
		if before, ok := values[text]; ok && before != value {
			return false
		}
		values[text] = value
	}
	maps.Copy(m.values, values)
	return true
}
