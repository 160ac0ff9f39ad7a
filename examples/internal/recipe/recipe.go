// Package recipe holds a page of the cookbook to its program. In come the test of a program and
// its App. Out come errors: an excerpt that the program does not have, and a line of a console
// that is not what the program answers.
//
// A page is docs/cookbook/NAME.md, and its program is in examples/cookbook/NAME. CheckFile is for
// another page of the guide.
//
//   - Each block of go stands in one file of the program, in the same order. A line "// …" stands for
//     what was left out.
//   - All blocks of console are one session of a shell. A line that begins with "$ " is a command,
//     and goes on in the next line if it ends with a backslash. The lines below are its output. A command
//     that begins with # is for the reader.
//   - Of the fields of a response (curl -i) a block shows those that matter, in any order. Content is
//     shown whole. In a line, "…" stands for any text, and as a line of its own for the rest. A
//     100 Continue, which comes before the response, is left out.
//   - A comment "<!-- varies: A, B -->" names texts that are others in each run, such as a tag. The
//     first output that shows one tells what it is this time, and later commands use that.
//   - A comment "<!-- needs: A, B -->" names programs beside curl. Where one is missing, the session is
//     skipped.
package recipe

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Address is where the programs of the cookbook listen, and what their pages show.
const Address = "127.0.0.1:8080"

// A Page is one page of the cookbook.
type Page struct {
	Prose  string              // without the blocks
	Blocks map[string][]string // by language
	Steps  []Step              // of the blocks of console
	Varies []string            // texts that are others in each run
	Needs  []string            // programs that the session calls
}

// A Step is a command and what it shows.
type Step struct{ Command, Output string }

// Beside returns the absolute name of a file, from the folder of the test. The name goes through that
// folder, also where the file is outside of the module: so go test sees that the file has changed,
// and does not show a result of before (it watches the files below the module, by their names).
func Beside(t *testing.T, name string) string {
	t.Helper()
	folder, err := os.Getwd()
	require.NoError(t, err)
	return folder + "/" + name // filepath.Join would take the folder out
}

// Read reads the page of the program in the folder of the test.
func Read(t *testing.T) Page {
	t.Helper()
	folder, err := os.Getwd()
	require.NoError(t, err)
	return readFile(t, "../../../docs/cookbook/"+filepath.Base(folder)+".md")
}

// readFile reads a page by its name, from the folder of the test.
func readFile(t *testing.T, name string) Page {
	t.Helper()
	text, err := os.ReadFile(Beside(t, name))
	require.NoError(t, err, "each recipe has a page")
	return Parse(string(text))
}

// Check holds the page of the program in the folder of the test to that program. The App must be new: a
// session begins with what a reader finds who has just started the program.
func Check(t *testing.T, app http.Handler) {
	t.Helper()
	check(t, Read(t), app)
}

// CheckFile is Check for another page of the guide, by its name from the folder of the test.
func CheckFile(t *testing.T, name string, app http.Handler) {
	t.Helper()
	check(t, readFile(t, name), app)
}

func check(t *testing.T, page Page, app http.Handler) {
	t.Helper()
	for _, excerpt := range page.Blocks["go"] {
		assert.True(t, slices.ContainsFunc(sources(t), func(source string) bool { return Stands(excerpt, source) }),
			"no file of the program has this excerpt of the page:\n%s", excerpt)
	}
	t.Run("session", func(t *testing.T) { Session(t, page, app) })
}

// Session plays the session of a page against its App. Where a program is missing that the session
// needs, it is skipped.
func Session(t *testing.T, page Page, app http.Handler) {
	t.Helper()
	for _, program := range append(page.Needs, "curl") {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	server := httptest.NewServer(app)
	defer server.Close()
	play(t, page, strings.TrimPrefix(server.URL, "http://"))
}

// sources are the Go files of the folder.
func sources(t *testing.T) (all []string) {
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		all = append(all, string(text))
	}
	return all
}

// Parse reads a page.
func Parse(text string) Page {
	p := Page{Blocks: map[string][]string{}}
	var prose strings.Builder
	var language, block string
	inside := false
	for line := range strings.Lines(text) {
		fence, isFence := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "```")
		switch {
		case isFence && inside:
			p.Blocks[language] = append(p.Blocks[language], block)
			inside, block = false, ""
		case isFence:
			inside, language = true, fence
		case inside:
			block += line
		default:
			prose.WriteString(line)
		}
		if !inside {
			p.Varies = append(p.Varies, namesIn(line, "varies")...)
			p.Needs = append(p.Needs, namesIn(line, "needs")...)
		}
	}
	p.Prose = prose.String()
	for _, block := range p.Blocks["console"] {
		p.Steps = append(p.Steps, steps(block)...)
	}
	return p
}

// namesIn are the names in a comment of one kind, if the line is one.
func namesIn(line, kind string) (names []string) {
	list, ok := strings.CutPrefix(line, "<!-- "+kind+":")
	list, _, ended := strings.Cut(list, "-->")
	if !ok || !ended {
		return nil
	}
	for name := range strings.SplitSeq(list, ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return names
}

// steps reads a block of console.
func steps(block string) (all []Step) {
	goesOn := false
	for line := range strings.Lines(block) {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch last := len(all) - 1; {
		case goesOn:
			all[last].Command += line
		case isCommand:
			all = append(all, Step{Command: command})
		case last >= 0:
			all[last].Output += line
		}
		goesOn = (goesOn || isCommand) && strings.HasSuffix(line, "\\\n")
	}
	return all
}

// left is the line that stands for what an excerpt leaves out.
const left = "// …"

// Stands reports whether an excerpt stands in a source, however deep it is indented there. Its
// parts, between the lines that stand for what was left out, follow one another.
func Stands(excerpt, source string) bool {
	rest := strings.Split(source, "\n")
	var part []string
	for _, line := range append(strings.Split(excerpt, "\n"), left) {
		if strings.TrimSpace(line) != left {
			part = append(part, line)
			continue
		}
		end := find(trimBlank(part), rest)
		if end < 0 {
			return false
		}
		rest, part = rest[end:], nil
	}
	return true
}

// find returns where the lines of a part end in the lines of a source; -1: they are not there.
func find(part, source []string) int {
	if len(part) == 0 {
		return 0
	}
	for i := 0; i+len(part) <= len(source); i++ {
		indent, ok := strings.CutSuffix(source[i], part[0])
		if ok && strings.TrimLeft(indent, "\t") == "" && isAt(part, source[i:], indent) {
			return i + len(part)
		}
	}
	return -1
}

func isAt(part, source []string, indent string) bool {
	for j, line := range part {
		if source[j] != indent+line && (line != "" || source[j] != "") {
			return false
		}
	}
	return true
}

// trimBlank takes empty lines off both ends.
func trimBlank(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
