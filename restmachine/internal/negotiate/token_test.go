// These tests check the choice by Accept-Charset and by Accept-Encoding.

package negotiate

import (
	"strings"
	"testing"
)

var (
	utf8Latin    = lines("utf-8", "iso-8859-1")
	gzipIdentity = lines("gzip", "identity")
	identityGzip = lines("identity", "gzip")
)

var charsetRows = []choice{
	{"absent", nil, utf8Latin, "utf-8", "any charset, 12.5.2"},
	{"empty", lines(""), utf8Latin, "utf-8", "says nothing"},
	{"named", lines("ISO-8859-1"), utf8Latin, "iso-8859-1", "case-insensitive"},
	{"weights", lines("utf-8;q=0.1, iso-8859-1;q=0.2"), utf8Latin, "iso-8859-1", ""},
	{"latin1 is not special", lines("koi8-r"), utf8Latin, "", "RFC 2616 gave it weight 1; RFC 9110 does not"},
	{"star", lines("koi8-r, *;q=0.1"), utf8Latin, "utf-8", "what is not named"},
	{"star refused", lines("iso-8859-1;q=0.1, *;q=0"), utf8Latin, "iso-8859-1", "named beats *"},
	{"named refused", lines("utf-8;q=0, *"), utf8Latin, "iso-8859-1", "named beats *"},
	{"nothing left", lines("*;q=0"), utf8Latin, "", ""},
	{"two lines", lines("utf-8;q=0.5", "iso-8859-1"), utf8Latin, "iso-8859-1", "one list"},
	{"unreadable", lines("utf-8;level=1, é, ;q=1"), utf8Latin, "utf-8", "only a weight may follow; counts as absent"},
	{"weight without zero", lines("utf-8;q=.1, iso-8859-1;q=.2"), utf8Latin, "iso-8859-1", "clients send it"},
	{"weight of almost nothing", lines("iso-8859-1;q=0.0001"), utf8Latin, "iso-8859-1", "only zero excludes"},
	{"no offers", nil, nil, "", "nothing to choose from"},
}

func TestCharset(t *testing.T) { check(t, Charset, charsetRows) }

var codingRows = []choice{
	{"absent", nil, gzipIdentity, "identity", "the plain answer to who does not ask"},
	{"absent, no identity", nil, lines("gzip"), "gzip", "any coding is acceptable, 12.5.3"},
	{"empty", lines(""), gzipIdentity, "identity", "an empty field wants no coding, 12.5.3"},
	{"empty, no identity", lines(" "), lines("gzip"), "", "an empty field wants no coding"},
	{"unreadable", lines("gzip;q=2"), gzipIdentity, "identity", "counts as absent"},
	{"gzip", lines("gzip"), gzipIdentity, "gzip", "named"},
	{"gzip, identity first", lines("gzip"), identityGzip, "gzip", "unnamed identity is the last resort"},
	{"gzip at low weight", lines("gzip;q=0.001"), identityGzip, "gzip", "still asked for"},
	{"gzip refused", lines("gzip;q=0"), gzipIdentity, "identity", "unless excluded"},
	{"x-gzip", lines("x-gzip"), gzipIdentity, "gzip", "8.4.1.3"},
	{"X-Compress", lines("X-Compress"), lines("compress", "identity"), "compress", "8.4.1.1"},
	{"unknown only", lines("br"), gzipIdentity, "identity", "not excluded: never 406, 12.5.3"},
	{"browser", lines("gzip, deflate, br, zstd"), gzipIdentity, "gzip", "what browsers send"},
	{"order of offers", lines("gzip, br"), lines("br", "gzip", "identity"), "br", "equal weights"},
	{"weights", lines("gzip;q=0.9, br;q=0.8"), lines("br", "gzip", "identity"), "gzip", ""},
	{"identity named, equal", lines("gzip, identity"), identityGzip, "gzip", "the named coding beats identity"},
	{"identity named, higher", lines("gzip;q=0.5, identity"), gzipIdentity, "identity", "1 against 0.5"},
	{"identity named, lower", lines("gzip;q=1.0, identity; q=0.5, *;q=0"), gzipIdentity, "gzip", "example of 12.5.3"},
	{"star", lines("*"), identityGzip, "identity", "equal weights, order of offers"},
	{"star, gzip first", lines("*"), gzipIdentity, "gzip", "equal weights, order of offers"},
	{"star above gzip", lines("gzip;q=0.5, *"), gzipIdentity, "identity", "* speaks of identity, at 1"},
	{"named among stars", lines("gzip, *"), lines("identity", "br", "gzip"), "gzip", "a named coding beats identity"},
	{"identity refused", lines("identity;q=0"), gzipIdentity, "", "and gzip was not asked for"},
	{"identity refused, gzip", lines("identity;q=0, gzip"), identityGzip, "gzip", ""},
	{"all refused", lines("*;q=0"), gzipIdentity, "", "identity included, 12.5.3"},
	{"all but identity", lines("*;q=0, identity"), gzipIdentity, "identity", "named beats *"},
	{"all but gzip", lines("*;q=0", "gzip;q=0.1"), gzipIdentity, "gzip", "named beats *, over two lines"},
	{"case", lines("GZIP"), lines("Identity", "gzip"), "gzip", "codings are case-insensitive, 8.4.1"},
	{"weight without zero", lines("gzip;q=.5, identity;q=.4"), identityGzip, "gzip", "clients send it"},
	{"no offers", lines("gzip"), nil, "", "nothing to choose from"},
	{"101st member", lines(strings.Repeat("x,", 100) + "gzip"), gzipIdentity, "identity", "only 100 count"},
}

func TestCoding(t *testing.T) { check(t, Coding, codingRows) }
