// Package cors lets pages of other origins use an App from their scripts, by the CORS protocol of
// the Fetch standard.
//
//	cors.Allow(app, cors.Policy{Origins: []string{"https://app.example.com"}})
//
// A script of that origin may then call every method that a path handles, may send If-Match and
// the other fields of preconditions, and sees every answer: its ETag, and also a 304, a 401, a
// 404, a 412 or a 500. Pages of all other origins see nothing.
//
// # What it does
//
// A preflight is an OPTIONS by which a browser asks before it sends what the page wants. It is
// answered with the methods that this very path handles. It is answered before anything else is
// asked, since it carries nothing that shows who the user is: neither ServiceAvailable nor
// MalformedRequest nor Authorized can refuse it, and nothing is loaded. On an unknown path it
// is answered, too, so that the page sees the 404. An OPTIONS that is not a preflight stays what
// it is.
//
// Every response of the place carries the fields, behind all FinishRequest facts. Where they
// depend on the origin, Vary says so, also to requests without an Origin: else a cache would
// give the answer of one origin to another.
//
// # What it does not do
//
// CORS says which scripts may read answers. It does not keep requests out: a form or an <img>
// of any page sends what does not need a preflight, with the user's cookies, and so does every
// program that is not a browser. That is for [restmachine.Facts.Authorized], and for cookies
// with SameSite.
//
// Access-Control-Allow-Private-Network is not sent: no standard has it, and Chromium has given
// its preflights up for a question to the user.
package cors

import (
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is what users say. In come a place and a Policy. Out comes a Sharing of the façade.

// Policy says which pages may use a place from their scripts, and how. The zero Policy lets
// nobody in and is a wiring fault, and so is everything that browsers refuse.
type Policy struct {
	// Origins are those of the pages, each written as browsers write it: "https://example.com",
	// or "http://localhost:5173" with a port that is not the default of the scheme. There is
	// no path and no slash at the end.
	//
	// "https://*.example.com" stands for all subdomains, at any depth, and not for
	// "https://example.com". Trust all of them, also those that others may register: never
	// write this of a domain such as github.io. "*" alone stands for all pages.
	Origins []string

	// Match takes an origin that Origins do not name, if it returns true. Compare the whole
	// origin: strings.HasSuffix(origin, "example.com") takes https://evilexample.com. It is
	// called for each response to such an origin, in many goroutines at once, and only with an
	// origin that a browser can write, never with "null". Default: nil, which takes none.
	Match func(origin string) bool

	// Null takes the origin "null": sandboxed frames, files, and some redirects. Any page can
	// make itself one of these, so it takes everybody, and is a fault beside Credentials.
	// Default: false.
	Null bool

	// Credentials lets scripts send the cookies that a browser keeps, and client certificates, and
	// see the answer (fetch with credentials: "include"). A page of these origins can then do
	// what the user can. A token that a script sends in Authorization is not meant, and does
	// not need it. Browsers refuse it together with "*", so that is a fault. Default: false.
	Credentials bool

	// Headers are request fields that scripts may send beside those that are always allowed:
	// Accept, Accept-Language, Authorization, Content-Language, Content-Type, If-Match,
	// If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Last-Event-ID and Range.
	// "*" stands for all; with Credentials browsers do not take it so, and it is a fault.
	// Default: none.
	Headers []string

	// Expose are response fields that scripts may read beside those that browsers always show
	// (Cache-Control, Content-Language, Content-Length, Content-Type, Expires, Last-Modified and
	// Pragma) and those that are always exposed: Accept-Patch, Accept-Ranges, Allow,
	// Content-Disposition, Content-Location, Content-Range, ETag, Link, Location, Retry-After
	// and WWW-Authenticate. "*" stands for all, but not with Credentials. Default: none.
	Expose []string

	// MaxAge is how long a browser may keep the answer to a preflight, in whole seconds. Chromium
	// keeps it for 2 hours at the most, Firefox for 24; more is a fault. With less than a
	// second browsers ask before each request. Default: 10 minutes.
	MaxAge time.Duration
}

// Allow gives a place its Policy: the whole App, a Group, or one Resource. Of several above a
// path the nearest alone holds, and it holds as a whole. A Policy that cannot be meant is a
// wiring fault (see [restmachine.App.Validate]), and so are two at one place. Call Allow before
// the App starts; it keeps copies of the lists.
func Allow(place restmachine.Place, p Policy) {
	restmachine.Share(place, restmachine.Sharing{By: "cors.Allow", Faults: p.faults(), Fields: newRules(p).fields})
}

// Deny takes a place out of what an Allow further out lets in: pages of other origins see
// nothing there. Without an Allow they do so anyway.
func Deny(place restmachine.Place) {
	restmachine.Share(place, restmachine.Sharing{By: "cors.Deny", Fields: denied})
}

// defaultMaxAge is how long browsers keep the answer to a preflight where a Policy does not say.
const defaultMaxAge = 10 * time.Minute
