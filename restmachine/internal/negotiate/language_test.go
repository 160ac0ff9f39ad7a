// These tests check the choice by Accept-Language.

package negotiate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

var deEn = lines("de", "en")

var languageRows = []choice{
	{"absent", nil, deEn, "de", "any language, 12.5.4"},
	{"empty", lines(""), deEn, "de", "says nothing"},
	{"exact", lines("en"), deEn, "en", ""},
	{"case", lines("EN"), deEn, "en", "tags are case-insensitive"},
	{"lookup", lines("de-CH"), lines("en", "de"), "de", "RFC 4647, 3.4"},
	{"filter", lines("de"), lines("en", "de-CH"), "de-CH", "RFC 4647, 3.3.1"},
	{"siblings", lines("de-CH"), lines("de-AT"), "", "neither lies within the other"},
	{"prefix is by subtag", lines("de"), lines("den"), "", "Slavey is not German"},
	{"none", lines("fr"), deEn, "", ""},
	{"example", lines("da, en-gb;q=0.8, en;q=0.7"), lines("en-US", "en-GB"), "en-GB", "the example of 12.5.4"},
	{"browser", lines("de-CH,de;q=0.9,en;q=0.8"), lines("en", "de"), "de", "0.9 against 0.8"},
	{"exact before lookup", lines("en-GB"), lines("en", "en-GB"), "en-GB", "equal weight, but en is only near"},
	{"exact before lookup, other language", lines("fr, de-CH"), lines("de", "fr"), "fr", "equal weight"},
	{"order of offers", lines("en, de"), deEn, "de", "the order of the field does not count"},
	{"filter ties with exact", lines("de"), lines("de-CH", "de"), "de-CH", "both are German: the service's order"},
	{"own weight", lines("en-GB, fr;q=0.9, en;q=0.7"), lines("en", "fr"), "fr", "what is said of en counts, not what of en-GB"},
	{"specific weight", lines("de;q=0.9, de-CH;q=0.5, en;q=0.6"), lines("de-CH", "en"), "en", "0.5 against 0.6"},
	{"star", lines("*"), deEn, "de", ""},
	{"star is last", lines("en, *"), deEn, "en", "equal weight, but named"},
	{"star by weight", lines("en;q=0.5, *"), deEn, "de", "1 against 0.5"},
	{"lookup over star", lines("de-CH;q=0.9, *;q=0.1"), lines("fr", "de"), "de", "nearer than *"},
	{"refused", lines("de;q=0, *"), deEn, "en", ""},
	{"refused with all within", lines("de;q=0, *"), lines("de-CH", "en"), "en", "de covers de-CH"},
	{"refused, but not what is wider", lines("de-CH;q=0, *"), lines("de"), "de", "a Swiss no is no German no"},
	{"all refused", lines("*;q=0"), deEn, "", ""},
	{"two lines", lines("de;q=0.5", "en"), deEn, "en", "one list"},
	{"malformed ignored", lines("en_US, toolonglanguage, 1de, de-, -de, *-CH, en;q=0.1"), deEn, "en", ""},
	{"all malformed", lines("en_US"), deEn, "de", "counts as absent"},
	{"old code", lines("iw"), lines("en", "he"), "he", "the registry made iw he"},
	{"script by region", lines("zh-TW"), lines("zh-Hans", "zh-Hant"), "zh-Hant", "Taiwan writes Hant"},
	{"language over script", lines("zh-TW"), lines("zh"), "zh", "still Chinese"},
	{"regional parent", lines("es-MX"), lines("es-ES", "es-419"), "es-419", "Latin America"},
	{"unregistered offer", lines("qqq-zz"), lines("en", "qqq-zz"), "qqq-zz", "compared by text"},
	{"private use", lines("x-klingon"), lines("en", "x-klingon"), "x-klingon", ""},
	{"longest, registered last", lines("zh-Hant-TW"), lines("zh", "zh-Hant"), "zh-Hant", "RFC 4647, 3.4"},
	{"longest, registered first", lines("zh-Hant-TW"), lines("zh-Hant", "zh"), "zh-Hant", "RFC 4647, 3.4"},
	{"longest of three", lines("de-CH-1996-x-a"), lines("de", "de-CH", "de-CH-1996"), "de-CH-1996", "RFC 4647, 3.4"},
	{"longest by CLDR", lines("es-MX"), lines("es", "es-419"), "es-419", "Latin America is nearer than Spanish"},
	{"longest by script", lines("zh-TW"), lines("zh", "zh-Hant"), "zh-Hant", "Taiwan writes Hant"},
	{"longest is of one range", lines("de-CH, zh-Hant-TW"), lines("de", "zh-Hant"), "de", "two ranges: the service's order"},
	{"longest by weight", lines("zh-Hant-TW;q=0.5, de-CH"), lines("zh", "zh-Hant", "de"), "de", "1 against 0.5"},
	{"longest in another case", lines("ZH-hant-tw"), lines("ZH", "zh-HANT"), "zh-HANT", ""},
	{"weight without zero", lines("de;q=.3, en;q=.4"), deEn, "en", "clients send it"},
	{"no offers", lines("*"), nil, "", "nothing to choose from"},
	{"long tag", lines("en" + strings.Repeat("-a", 500_000) + ", de;q=0.1"), deEn, "de", "ignored, CVE-2022-32149"},
}

func TestLanguage(t *testing.T) { check(t, Language, languageRows) }

func TestIsLanguageRange(t *testing.T) {
	for s, want := range map[string]bool{
		"*": true, "d": true, "de": true, "de-CH-1996": true, "x-1": true, "abcdefgh-12345678": true,
		"": false, "-": false, "de-": false, "-de": false, "de--CH": false, "1de": false, "abcdefghi": false,
		"de-123456789": false, "de-*": false, "d\xc5": false, "de@": false, "de[": false,
	} {
		assert.Equal(t, want, isLanguageRange(s), "%q", s)
	}
}

func BenchmarkLanguage(b *testing.B) {
	for _, row := range []struct{ name, accept string }{
		{"browser", "de-CH,de;q=0.9,en;q=0.8"},
		{"hostile", strings.Repeat("zh-abcd-tw-abcde-fghij-u-co-phonebk-ca-gregory,", 200)},
	} {
		asked := lines(row.accept)
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Language(asked, deEn)
			}
		})
	}
}
