// This file has the list of presets: states worth looking at, each as a link.

package play

import "strings"

// A Preset is a state with a name.
type Preset struct {
	Name   string // what happens, in a few words
	Link   string
	Status int
}

// Presets is what the page offers to begin with.
var Presets = []Preset{
	{"A note is read", "", 200},
	{"Nothing has changed", `field=If-None-Match:+"v2"`, 304},
	{"An old copy is renewed", `field=If-None-Match:+"v1"`, 200},
	{"A matching tag, an older date", `field=If-None-Match:+"v2"&field=If-Modified-Since:+Thu,+01+Jan+2026+00:00:00+GMT`, 200},
	{"A write with the current tag", `method=PUT&field=Content-Type:+application/json&field=If-Match:+"v2"&content={"title":+"Milk",+"text":+"Buy+three+bottles."}`, 200},
	{"A lost update is refused", `method=PUT&field=Content-Type:+application/json&field=If-Match:+"v1"&content={"title":+"Milk",+"text":+"Buy+three+bottles."}`, 412},
	{"A weak tag guards nothing", `tag=weak&method=PUT&field=Content-Type:+application/json&field=If-Match:+W/"v2"&content={"title":+"Milk",+"text":+"Buy+three+bottles."}`, 412},
	{"A write must say what it replaces", `require=yes&method=DELETE`, 428},
	{"A PUT creates", `exists=no&create=yes&method=PUT&field=Content-Type:+application/json&field=If-None-Match:+*&content={"title":+"Milk",+"text":+"Buy+three+bottles."}`, 201},
	{"Only if it is not there yet", `create=yes&method=PUT&field=Content-Type:+application/json&field=If-None-Match:+*&content={"title":+"Milk",+"text":+"Buy+three+bottles."}`, 412},
	{"A comment is created", `methods=GET,POST&method=POST&field=Content-Type:+application/json&content={"text":+"Oat+milk,+please."}`, 201},
	{"The store saw another write", `store=stale&method=PUT&field=Content-Type:+application/json&content={"title":+"Milk",+"text":+"Buy+three+bottles."}`, 409},
	{"A deletion takes its time", `delete=pending&method=DELETE`, 202},
	{"German, as text, compressed", `types=json,text&languages=en,de&codings=gzip&field=Accept:+text/plain&field=Accept-Language:+de&field=Accept-Encoding:+gzip`, 200},
	{"The first ten bytes", `types=text&field=Range:+bytes%3D0-9`, 206},
	{"Nothing that the client takes", `field=Accept:+image/png`, 406},
	{"Content of the wrong type", `method=PUT&field=Content-Type:+application/xml&content=%3Ctitle%3EMilk%3C/title%3E`, 415},
	{"Content that is too long", `limit=1000&method=PUT&field=Content-Type:+application/json&content=` + long, 413},
	{"A method without a handler", `methods=GET&method=DELETE`, 405},
	{"Nobody knows you", `auth=token`, 401},
	{"Not for you", `forbidden=writes&method=DELETE`, 403},
	{"It is gone", `exists=gone`, 410},
	{"It has moved", `exists=moved`, 301},
	{"Closed for today", `available=no`, 503},
}

// long is more content than the limit of 1,000 bytes.
var long = `{"text":+"` + strings.Repeat("milk+", 200) + `"}`
