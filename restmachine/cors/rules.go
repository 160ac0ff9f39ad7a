package cors

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file makes the fields of responses. In come a Policy, once, and then the origin of each
// request. Out come the fields, which are made before any request wherever that can be.

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	exposeHeaders    = "Access-Control-Expose-Headers"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	maxAge           = "Access-Control-Max-Age"
	requestMethod    = "Access-Control-Request-Method"
)

// sendable are the request fields that scripts may always send: those of preconditions and
// ranges, those that say what the content is and what is asked for, and the token that a script
// has of its own. Three of them a browser takes anyway, but not with every value.
var sendable = []string{"Accept", "Accept-Language", "Authorization", "Content-Language", "Content-Type", "If-Match", "If-Modified-Since",
	"If-None-Match", "If-Range", "If-Unmodified-Since", "Last-Event-ID", "Range"}

// readable are the response fields that scripts may always read, of those that a browser does
// not show by itself.
var readable = []string{"Accept-Patch", "Accept-Ranges", "Allow", "Content-Disposition", "Content-Location", "Content-Range", "ETag",
	"Link", "Location", "Retry-After", "WWW-Authenticate"}

// rules are a Policy as it is asked.
type rules struct {
	any      bool                   // all origins are taken
	known    map[string]http.Header // the fields of responses to the origins that are named
	patterns []origin
	match    func(origin string) bool

	granted   http.Header // the fields of responses to every origin that is taken, but the origin
	refused   http.Header // of responses to all others
	preflight http.Header // of answers to preflights, but origin and methods
}

func newRules(p Policy) *rules {
	r := &rules{any: slices.Contains(p.Origins, "*"), known: map[string]http.Header{}, match: p.Match}
	vary := "Origin, " + requestMethod
	r.granted = http.Header{exposeHeaders: {joined(readable, p.Expose)}, allowCredentials: nil}
	r.refused = http.Header{allowOrigin: nil, allowCredentials: nil, exposeHeaders: nil}
	if p.Credentials {
		r.granted[allowCredentials] = []string{"true"}
	}
	if r.any {
		vary = requestMethod
		r.granted[allowOrigin] = []string{"*"}
	} else {
		r.granted["Vary"], r.refused["Vary"] = []string{"Origin"}, []string{"Origin"}
	}
	r.preflight = http.Header{
		allowCredentials: r.granted[allowCredentials],
		allowHeaders:     {joined(sendable, p.Headers)},
		maxAge:           {strconv.Itoa(int(p.maxAge() / time.Second))},
		exposeHeaders:    nil,
		"Vary":           {vary},
	}
	for _, text := range p.Origins {
		if o, wrong := parse(text); wrong == "" && o.subdomains {
			r.patterns = append(r.patterns, o)
		} else if wrong == "" {
			r.known[text] = r.grant(text)
		}
	}
	if p.Null {
		r.known["null"] = r.grant("null")
	}
	return r
}

func (p Policy) maxAge() time.Duration {
	if p.MaxAge == 0 {
		return defaultMaxAge
	}
	return p.MaxAge
}

// grant are the fields of responses to an origin that is taken.
func (r *rules) grant(origin string) http.Header {
	h := maps.Clone(r.granted)
	h[allowOrigin] = []string{origin}
	return h
}

// fields are those of one response. methods is "" but for a preflight.
func (r *rules) fields(origin, methods string) http.Header {
	h, known := r.known[origin]
	switch {
	case r.any:
		h = r.granted
	case known:
	case r.takes(origin):
		h = r.grant(origin)
	default:
		h = r.refused
	}
	if methods == "" {
		return h
	}
	answer := maps.Clone(r.preflight)
	if answer[allowOrigin] = h[allowOrigin]; answer[allowOrigin] == nil {
		return http.Header{"Vary": r.preflight["Vary"], allowOrigin: nil, allowCredentials: nil, exposeHeaders: nil}
	}
	answer[allowMethods] = []string{methods}
	return answer
}

// takes reports whether an origin that is not named is taken.
func (r *rules) takes(text string) bool {
	if len(r.patterns) == 0 && r.match == nil {
		return false
	}
	o, wrong := parse(text)
	if wrong != "" || o.subdomains {
		return false
	}
	return slices.ContainsFunc(r.patterns, o.isBelow) || r.match != nil && r.match(text)
}

// denied are the fields of every response where Deny holds.
func denied(_, _ string) http.Header { return nothing }

var nothing = http.Header{allowOrigin: nil, allowCredentials: nil, exposeHeaders: nil}

// joined are names, and those of more that are not among them.
func joined(names, more []string) string {
	all := slices.Clone(names)
	for _, name := range more {
		if !slices.ContainsFunc(all, func(n string) bool { return strings.EqualFold(n, name) }) {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}
