// These tests check the choice by Accept, and the comparison of media types.

package negotiate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// choice is a row of the tables of this package: the field, the offers, and the offer
// that must be chosen, or "" if none is acceptable.
type choice struct {
	name   string
	asked  []string
	offers []string
	want   string
	reason string
}

func lines(l ...string) []string { return l }

// check runs choose with each row of a table.
func check(t *testing.T, choose func(asked, offers []string) (int, bool), rows []choice) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			index, ok := choose(row.asked, row.offers)
			if row.want == "" {
				assert.False(t, ok, row.reason)
				assert.Equal(t, -1, index, row.reason)
				return
			}
			if assert.True(t, ok, row.reason) {
				assert.Equal(t, row.want, row.offers[index], row.reason)
			}
		})
	}
}

const (
	browser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
	pressed = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
)

var jsonHTML = lines("application/json", "text/html")

var mediaRows = []choice{
	{"absent", nil, jsonHTML, "application/json", "no field: any type is acceptable, 12.5.1"},
	{"empty line", lines(""), jsonHTML, "application/json", "no member says nothing"},
	{"only commas", lines(" , ,,"), jsonHTML, "application/json", "empty members do not count, 5.6.1.2"},
	{"no offers", lines("*/*"), nil, "", "nothing to choose from"},
	{"no offers, absent", nil, nil, "", "nothing to choose from"},
	{"exact", lines("text/html"), jsonHTML, "text/html", "named"},
	{"case", lines("TEXT/Html"), jsonHTML, "text/html", "types are case-insensitive, 8.3.1"},
	{"none", lines("image/png"), jsonHTML, "", "not listed: not acceptable"},
	{"subtype wildcard", lines("text/*"), jsonHTML, "text/html", "media range"},
	{"any", lines("*/*"), jsonHTML, "application/json", "a tie goes to the order of offers"},
	{"browser", lines(browser), jsonHTML, "text/html", "weight 1 beats 0.8"},
	{"tie", lines("text/html, application/json"), jsonHTML, "application/json", "the order of the field does not count"},
	{"weights", lines("text/html;q=0.4, application/json;q=0.6"), jsonHTML, "application/json", ""},
	{"thousandths", lines("text/html;q=0.501, application/json;q=0.5"), jsonHTML, "text/html", "three digits count"},
	{"q=0 excludes", lines("text/html;q=0"), lines("text/html"), "", "12.4.2"},
	{"q=0 is more specific", lines("*/*, application/json;q=0"), jsonHTML, "text/html", "specificity overrides weight"},
	{"q=0.000", lines("*/*, application/json;q=0.000"), jsonHTML, "text/html", "zero however written"},
	{"type over any", lines("*/*;q=0.9, text/*;q=0.1"), jsonHTML, "application/json", "text/* speaks of text/html"},
	{"two lines", lines("application/json;q=0.1", "text/html"), jsonHTML, "text/html", "lines are one list, 5.3"},
	{"said twice", lines("text/html;q=0, text/html"), jsonHTML, "text/html", "the kinder word counts"},
	{"upper-case Q", lines("application/json;Q=0.1, text/html;q=0.2"), jsonHTML, "text/html", "parameter names fold"},
	{"q first", lines("text/plain;q=0.2;format=flowed, text/plain;q=0.1"), lines("text/plain;format=flowed"),
		"text/plain;format=flowed", "the weight may stand anywhere, 12.5.1"},
	{"parameter wins", lines(pressed), lines("text/html", "text/plain;format=fixed", "text/plain;format=flowed"),
		"text/plain;format=flowed", "the example of 12.5.1"},
	{"parameter loses", lines(pressed), lines("text/plain;format=fixed", "image/jpeg"), "image/jpeg", "0.4 against 0.5"},
	{"parameter of the range lacks", lines("text/html;level=1"), lines("text/html"), "text/html", "nothing else matches"},
	{"indent", lines("application/json; indent=4"), jsonHTML, "application/json", "a wish, and nothing else matches"},
	{"indent, of two", lines("application/json; indent=4"), lines("text/html", "application/json"), "application/json", "still JSON"},
	{"indent, with another range", lines("application/json; indent=4, text/html;q=0.1"), jsonHTML, "text/html", "what matches as it stands goes first"},
	{"indent, excluded", lines("application/json; indent=4, application/json;q=0"), jsonHTML, "", "it is said of JSON itself"},
	{"indent, all excluded", lines("*/*;q=0, application/json; indent=4"), jsonHTML, "application/json", "said of JSON, and so more specific"},
	{"indent, refused", lines("application/json; indent=4;q=0"), jsonHTML, "", "no range takes anything"},
	{"two loose, weights", lines("application/json;a=1;q=0.1, text/html;a=1;q=0.2"), jsonHTML, "text/html", "weights count"},
	{"another value", lines("text/html;level=2"), lines("text/html;level=1"), "", "a contradiction, and no lack"},
	{"another value beside a lack", lines("text/html;level=2;a=1"), lines("text/html;level=1", "text/html"), "text/html", "the second contradicts nothing"},
	{"older Java", lines("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), lines("application/json"), "application/json", "sun.net.www.protocol.http"},
	{"older Java, HTML", lines("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), jsonHTML, "text/html", "1 against 0.2"},
	{"lone star", lines("*"), jsonHTML, "application/json", "read as */*"},
	{"lone star is the least specific", lines("*, application/json;q=0.1"), jsonHTML, "text/html", "as */* is"},
	{"lone star refuses", lines("*;q=0, text/html"), jsonHTML, "text/html", "as */*;q=0 does"},
	{"lone star, unreadable", lines("*;q=2, *x, **, */html"), jsonHTML, "application/json", "counts as absent"},
	{"weight without zero", lines("text/html;q=.5, application/json;q=.6"), jsonHTML, "application/json", ""},
	{"weight of many digits", lines("text/html;q=0.12345, application/json;q=0.12399"), jsonHTML, "application/json", "a tie: three digits count"},
	{"weight of almost nothing", lines("text/html;q=0.00001"), jsonHTML, "text/html", "only zero excludes"},
	{"parameter of the offer", lines("text/html"), lines("text/html;level=1"), "text/html;level=1", "the range does not care"},
	{"quoted value", lines(`text/html;level="1"`), lines("text/html;level=1"), "text/html;level=1", "same value, 5.6.6"},
	{"escaped value", lines(`text/html;level="\1"`), lines("text/html;level=1"), "text/html;level=1", "quoted-pair, 5.6.4"},
	{"comma in quotes", lines(`text/html;x=",", application/json;q=0.5`), jsonHTML, "application/json", "not a separator"},
	{"q in quotes", lines(`application/json;x="q=0;", text/html;q=0.5`), lines("text/html"), "text/html", "not a weight"},
	{"empty parameter", lines("text/html;;q=0.5;, application/json;q=0.1"), jsonHTML, "text/html", "5.6.6 allows it"},
	{"spaces", lines(" text/html \t;\t q=0.5 , application/json ;q=0.1"), jsonHTML, "text/html", "OWS around ;"},
	{"charset unsaid", lines("application/json;charset=utf-8"), jsonHTML, "application/json", "the offer does not contradict"},
	{"charset contradicted", lines("text/plain;charset=utf-8"), lines("text/plain;charset=latin1"), "", "another charset"},
	{"charset same", lines("text/plain;charset=UTF-8"), lines("text/plain;charset=utf-8"), "text/plain;charset=utf-8", "case, 8.3.2"},
	{"one unreadable", lines("text/html;q=2, application/json"), lines("text/html", "application/json"), "application/json", "ignored"},
	{"all unreadable", lines("text;q=1, /html, */html, ;q=1"), jsonHTML, "application/json", "counts as absent"},
	{"unreadable excludes nothing", lines("*/*;q=zero"), jsonHTML, "application/json", "q=zero is not a weight"},
	{"two weights", lines("text/html;q=1;q=0, application/json;q=0.1"), jsonHTML, "application/json", "a contradiction is unreadable"},
	{"open quote", lines(`text/html;x="`, "application/json"), jsonHTML, "application/json", "it ends with its line"},
	{"101st member", lines(strings.Repeat("a/b,", 100) + "text/html"), jsonHTML, "", "only 100 count"},
	{"100th member", lines(strings.Repeat("a/b,,", 99) + "text/html"), jsonHTML, "text/html", "empty ones are not counted"},
	{"bad offer", lines("*/*"), lines("html", "text/html"), "text/html", "an offer that is not a media type matches nothing"},
}

func TestMediaType(t *testing.T) { check(t, MediaType, mediaRows) }

func TestMatch(t *testing.T) {
	for _, row := range []struct {
		mediaRange, mediaType string
		want                  bool
		reason                string
	}{
		{"application/json", "application/json", true, "the same"},
		{"application/json", "Application/JSON; charset=utf-8", true, "parameters of the type do not matter"},
		{"application/json", "application/json ;", true, "an empty parameter is none"},
		{"application/json", "application/problem+json", false, "IsJSON is for that"},
		{"text/*", "text/csv", true, "type wildcard"},
		{"text/*", "application/json", false, "another type"},
		{"*/*", "application/json", true, "anything"},
		{"*/*", "json", false, "but it must be a media type"},
		{"*/*", "", false, "empty"},
		{"text/csv", "text/*", false, "the type is not a range"},
		{"text/csv", "*/*", false, "the type is not a range"},
		{"text/csv; header=present", "text/csv", false, "the range has a parameter"},
		{"text/csv; header=present", `text/csv; x=1; HEADER="Present"`, true, "case and quotes do not matter"},
		{"text/csv; header=present", "text/csv; header=absent", false, "another value"},
		{"text/*; charset=utf-8", "text/csv", false, "no leniency for charset here: content is not a wish"},
		{"text/csv; q=1", "text/csv; q=1", true, "q is a parameter like others outside of Accept"},
		{"*/csv", "text/csv", false, "no such range"},
		{"text/csv", "text/csv, text/csv", false, "a list is not a media type"},
		{"text/csv", "text/csv; charset", false, "a parameter needs a value"},
		{"text/csv", "text/csv charset=utf-8", false, "a parameter needs its ;"},
		{"text", "text", false, "no media types"},
	} {
		t.Run(row.mediaRange+" "+row.mediaType, func(t *testing.T) {
			assert.Equal(t, row.want, Match(row.mediaRange, row.mediaType), row.reason)
		})
	}
}

func TestIsJSON(t *testing.T) {
	for mediaType, want := range map[string]bool{
		"application/json":                true,
		"Application/JSON; charset=utf-8": true,
		"application/problem+json":        true,
		"application/VND.X+JSON":          true,
		"application/vnd.x.dispatch+json": true,
		"application/merge-patch+json":    false,
		"application/JSON-Patch+json":     false,
		"application/vnd.x.patch+json":    false,
		"model/gltf+json":                 true,
		"application/+json":               false,
		"text/json":                       false,
		"application/jsonp":               false,
		"application/json-seq":            false,
		"application/x;y=+json":           false,
		"json":                            false,
		"+json":                           false,
		"":                                false,
	} {
		assert.Equal(t, want, IsJSON(mediaType), mediaType)
	}
}

// folded returns a type without its parameters, in lower case.
func folded(m mediaType) string { return strings.ToLower(m.typ + "/" + m.subtype) }

func TestReadMediaType(t *testing.T) {
	for _, row := range []struct {
		mediaType, typ string
		params         map[string]string
		reason         string
	}{
		{"text/plain", "text/plain", nil, "no parameters"},
		{" Text/PLAIN;\tCharset=UTF-8", "text/plain", map[string]string{"charset": "UTF-8"}, "values keep their case"},
		{`a/b;x="q \"r\\";y=`, "", nil, "a token value is never empty"},
		{`a/b;x="q \"r\\";y=""`, "a/b", map[string]string{"x": `q "r\`, "y": ""}, "quoted values"},
		{"a/b;x=1;X=2", "a/b", map[string]string{"x": "1"}, "the first counts"},
		{"a/b;", "a/b", nil, "an empty parameter"},
		{"a", "", nil, "no subtype"},
		{"a/", "", nil, "no subtype"},
		{"/b", "", nil, "no type"},
		{"a/b/c", "", nil, "one slash"},
		{"a/b;x = 1", "", nil, "no space around ="},
		{`a/b;x="1`, "", nil, "no closing quote"},
		{`a/b;x="1\`, "", nil, "half a quoted-pair"},
		{"a/b;x=\"\r\n\"", "", nil, "control characters"},
		{"é/b", "", nil, "not a token"},
	} {
		t.Run(row.mediaType, func(t *testing.T) {
			m, ok := readMediaType(row.mediaType)
			assert.Equal(t, row.typ != "", ok, row.reason)
			if ok {
				assert.Equal(t, row.typ, folded(m), row.reason)
			}
			for name, want := range row.params {
				value, found := lookup(m.params, name)
				assert.True(t, found, row.reason)
				assert.Equal(t, want, unquote(value), row.reason)
			}
		})
	}
}

func TestQvalue(t *testing.T) {
	for s, want := range map[string]int{
		"0": 0, "0.": 0, "0.0": 0, "0.000": 0, "0.5": 500, "0.05": 50, "0.005": 5, "0.123": 123,
		"1": 1000, "1.": 1000, "1.0": 1000, "1.000": 1000,
		// Not in the grammar, and sent by clients.
		".5": 500, ".2": 200, ".05": 50, ".0": 0, "0.12345": 123, "0.99999": 999, "0.0000": 0, "1.0000": 1000,
		"0.0001": 1, ".00001": 1, "0." + strings.Repeat("0", 100_000): 0, "0." + strings.Repeat("9", 100_000): 999,
		"": -1, ".": -1, "..": -1, "1.001": -1, "1.0001": -1, "1." + strings.Repeat("0", 1000) + "1": -1, "2": -1, "2.": -1,
		"-1": -1, "-.5": -1, "+1": -1, "1e0": -1, "NaN": -1, "01": -1, "00.5": -1, "0,5": -1, "0.5 ": -1, `"1"`: -1, "1e9": -1,
		"0.x": -1, "0.5x": -1, ".x": -1, "0.0005x": -1, "0.5.5": -1, "10": -1, "1.5": -1,
	} {
		got, ok := readQvalue(s)
		if !ok {
			got = -1
		}
		assert.Equal(t, want, got, "%.20q", s)
	}
}

// Every GET goes this way: fields that real clients send do not allocate.
func TestMediaTypeAllocatesNothing(t *testing.T) {
	for _, accept := range []string{"application/json", "*/*", browser, pressed} {
		asked, offers := lines(accept), lines("application/json", "text/html;charset=utf-8")
		assert.Zero(t, testing.AllocsPerRun(100, func() { MediaType(asked, offers) }), accept)
	}
	assert.Zero(t, testing.AllocsPerRun(100, func() { Match("text/*", "text/csv; charset=utf-8") }))
	asked := lines("gzip, deflate, br, zstd")
	assert.Zero(t, testing.AllocsPerRun(100, func() { Coding(asked, gzipIdentity) }))
}

func BenchmarkMediaType(b *testing.B) {
	offers := lines("application/json", "text/html;charset=utf-8")
	for _, row := range []struct{ name, accept string }{
		{"json", "application/json"}, {"any", "*/*"}, {"browser", browser},
		{"hostile", strings.Repeat(`a/b;c="\"d";e=f;q=0.123,`, 200)},
	} {
		asked := lines(row.accept)
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				MediaType(asked, offers)
			}
		})
	}
}
