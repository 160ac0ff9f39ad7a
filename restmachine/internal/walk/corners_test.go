// Corner cases of conditional requests and of what surrounds them, by the names
// that a survey of servers gave them: A lists of tags, B weak and strong, C star
// and missing things, D dates, E both at once, F order and messages, G writes
// and variants, H ranges, I the protocol, J the three rules. Each runs in process and over TCP,
// with the bytes of its header fields as they are on the wire.
//
// A case that is one exchange stands in testdata/corners: its name and what is
// special about it, how the resource differs from the usual one, the method, the
// header field lines, and the status. A case that takes an App or a judgement of
// its own is in corners_*_test.go:
//
//	A8 a comma inside a tag
//	where the tag is "A,1"
//	GET
//	If-None-Match: "A,1"
//	=> 304
//
// The usual resource is at /x. It has the strong tag "A1" and was changed half a
// second after Mon, 15 Jan 2024 10:00:00 GMT.

package walk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestCornersOfLists(t *testing.T)  { runCorners(t, "testdata/corners/A.txt") }
func TestCornersOfWeak(t *testing.T)   { runCorners(t, "testdata/corners/B.txt") }
func TestCornersOfStar(t *testing.T)   { runCorners(t, "testdata/corners/C.txt") }
func TestCornersOfDates(t *testing.T)  { runCorners(t, "testdata/corners/D.txt") }
func TestCornersOfBoth(t *testing.T)   { runCorners(t, "testdata/corners/E.txt") }
func TestCornersOfRanges(t *testing.T) { runCorners(t, "testdata/corners/H.txt") }

// notOurs are the corner cases that say nothing about a library of this kind,
// with the reason.
var notOurs = map[string]string{
	"G7":  "whether a tag outlives the resource that it was made for is the application's choice of tag",
	"G8":  "whether a tag is made of the content or of a version is the application's choice, too",
	"I4":  "net/http answers OPTIONS * itself, before any handler",
	"I10": "net/http refuses HTTP/0.9, two Hosts and the like before any handler",
	"I11": "net/http decides between Content-Length and Transfer-Encoding",
}

// TestCornersAreComplete asserts that each corner case has a test or a reason.
func TestCornersAreComplete(t *testing.T) {
	tested := map[string]bool{
		"G14": true, // TestCornersOfGeneratedTags
		"H15": true, // TestCornerH15
		"I1":  true, // TestCornersOfMessages, with the next four
		"I2":  true,
		"I3":  true,
		"I9":  true,
		"I14": true,
	}
	files, err := filepath.Glob(filepath.Join("testdata", "corners", "*.txt"))
	require.NoError(t, err)
	for _, file := range files {
		for _, c := range readCorners(t, file) {
			tested[strings.Fields(c.name)[0]] = true
		}
	}
	for _, table := range [][]ownCorner{orderCorners, writeCorners, variantCorners, protocolCorners, ruleCorners} {
		for _, c := range table {
			tested[strings.Fields(c.name)[0]] = true
		}
	}
	for _, section := range []struct {
		letter string
		cases  int
	}{{"A", 29}, {"B", 6}, {"C", 17}, {"D", 24}, {"E", 14}, {"F", 14}, {"G", 18}, {"H", 20}, {"I", 15}, {"J", 9}} {
		for i := 1; i <= section.cases; i++ {
			id := fmt.Sprint(section.letter, i)
			assert.True(t, tested[id] != (notOurs[id] != ""), "%s has neither a test nor a reason, or both", id)
		}
	}
}

// A corner is a request to a memo, and the status it should have.
type corner struct {
	name   string // the id of the case, and what is special about it
	method string
	lines  string             // header field lines, one below the other
	in     []func(*memoState) // how the memo differs from the usual one
	want   int
}

// conditions are what a line that begins with "where" can say, beside "the tag is".
var conditions = map[string]func(*memoState){
	"there is no tag":                                withTag(""),
	"there is no date":                               withDate(time.Time{}),
	"the date is the epoch":                          withDate(time.Unix(0, 0)),
	"the date is in an hour":                         withDate(time.Now().Add(time.Hour)),
	"the date is in another zone":                    withDate(printed.In(time.FixedZone("", 9000))),
	"there is no content":                            withText(""),
	"nothing is there":                               inPlace(missingPlain),
	"nothing is there, and a write could create it":  inPlace(missingCreatable),
	"it is there, and a write could have created it": inPlace(existingCreatable),
	"tags are read strictly":                         withOption(restmachine.WithStrictTags()),
	"the tag decides alone":                          withOption(restmachine.WithPrecedence(restmachine.RFC9110)),
}

// spelledOut are the bytes that a case cannot show, and what is too long or too
// late for a file.
var spelledOut = strings.NewReplacer(
	"<TAB>", "\t", "<NUL>", "\x00", "<CR>", "\r", "<obs-text>", "\xfc",
	"<ten thousand tags>", strings.TrimSuffix(strings.Repeat(`"0123456", `, 10_000), ", "),
	"<a year of two digits, 40 years ago>", inTwoDigits(-40),
	"<a year of two digits, in 45 years>", inTwoDigits(45),
	"<a year of two digits, in 55 years>", inTwoDigits(55),
)

// inTwoDigits is a date of the RFC 850 format, years from now. Its weekday is
// seldom right, which D13 allows.
func inTwoDigits(years int) string {
	return fmt.Sprintf("Monday, 15-Jan-%02d 10:00:00 GMT", (time.Now().Year()+years)%100)
}

// readCorners reads the cases of a file. A line that begins with # is a comment.
func readCorners(t *testing.T, file string) (all []corner) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for block := range strings.SplitSeq(string(text), "\n\n") {
		if !strings.HasPrefix(block, "#") {
			all = append(all, readCorner(t, strings.Split(strings.TrimSuffix(block, "\n"), "\n")))
		}
	}
	require.NotEmpty(t, all, file)
	return all
}

func readCorner(t *testing.T, block []string) corner {
	t.Helper()
	require.Greater(t, len(block), 2, "%q", block)
	c, rest := corner{name: block[0]}, block[1:]
	for ; strings.HasPrefix(rest[0], "where "); rest = rest[1:] {
		said := strings.TrimPrefix(rest[0], "where ")
		condition := conditions[said]
		if tag, ok := strings.CutPrefix(said, "the tag is "); ok {
			condition = withTag(spelledOut.Replace(tag))
		}
		require.NotNil(t, condition, "%s: %s", c.name, said)
		c.in = append(c.in, condition)
	}
	last := len(rest) - 1
	status, ok := strings.CutPrefix(rest[last], "=> ")
	require.True(t, ok, "%s ends with its status: %q", c.name, rest[last])
	var err error
	c.want, err = strconv.Atoi(status)
	require.NoError(t, err, c.name)
	c.method, c.lines = rest[0], spelledOut.Replace(strings.Join(rest[1:last], "\n"))
	return c
}

// runCorners runs the cases of a file both ways. A write that is a success has happened once,
// and one that is none has changed nothing.
func runCorners(t *testing.T, file string) {
	for _, c := range readCorners(t, file) {
		t.Run(c.name, func(t *testing.T) {
			var writes *int
			build := func() *restmachine.App {
				var app *restmachine.App
				app, writes = newMemo(c.in)
				return app
			}
			talk(t, build, func(t *testing.T, say say) {
				resp := say(c.method+" /x", c.lines)
				assert.Equal(t, c.want, resp.StatusCode, string(resp.Body))
				if c.want < 300 && c.method != "GET" && c.method != "HEAD" {
					assert.Equal(t, 1, *writes, "writes")
				}
				req, _ := parsedMessage(c.method+" /x", c.lines)
				restmachinetest.CheckUnchanged(t, req, resp, 0, *writes)
			})
		})
	}
}
