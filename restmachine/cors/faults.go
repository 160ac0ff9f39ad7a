package cors

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// This file finds what cannot be meant. In comes a Policy. Out come its faults, all of them, each
// with what to do. What a browser refuses fails only there, and says little: it is found here.

// longest is how long the browser with the most patience keeps the answer to a preflight.
const longest = 24 * time.Hour

// faults are what is wrong with the Policy.
func (p Policy) faults() []string {
	all := p.originFaults()
	all = append(all, p.nameFaults("Headers", p.Headers, "send", isForbidden)...)
	all = append(all, p.nameFaults("Expose", p.Expose, "read", isHidden)...)
	switch {
	case p.MaxAge < 0:
		all = append(all, fmt.Sprintf("MaxAge: %v is negative; 0 means %v, and 1 that browsers ask before each request", p.MaxAge, defaultMaxAge))
	case p.MaxAge > longest:
		all = append(all, fmt.Sprintf("MaxAge: no browser keeps an answer for %v; write 24 hours or less", p.MaxAge))
	}
	return all
}

// nameFaults are what is wrong with a list of fields. withheld are the names that browsers keep from
// scripts: these cannot send the field, or read it.
func (p Policy) nameFaults(list string, names []string, verb string, withheld func(name string) bool) (all []string) {
	for _, name := range names {
		switch {
		case name == "*" && p.Credentials:
			all = append(all, list+`: with Credentials browsers read "*" as the name of a field; name the fields`)
		case name == "*":
		case !isToken(name):
			all = append(all, fmt.Sprintf("%s: %q is not the name of a field; write one name in each element", list, name))
		case withheld(name):
			all = append(all, fmt.Sprintf("%s: no browser lets a script %s %s; remove it", list, verb, name))
		}
	}
	return all
}

// originFaults are what is wrong with the origins that the Policy takes.
func (p Policy) originFaults() (all []string) {
	takesAll := slices.Contains(p.Origins, "*")
	switch {
	case len(p.Origins) == 0 && p.Match == nil && !p.Null:
		all = append(all, "it lets nobody in; name the Origins, or say so by cors.Deny")
	case takesAll && (len(p.Origins) > 1 || p.Match != nil || p.Null):
		all = append(all, `Origins: "*" takes all pages; write it alone, or name the origins without it`)
	}
	if takesAll && p.Credentials {
		all = append(all, `Origins: browsers refuse "*" with Credentials, since every page could then do what the user can; name the origins`)
	}
	if p.Null && p.Credentials {
		all = append(all, `Null: any page can make its origin "null", so with Credentials every page could do what the user can; remove one of the two`)
	}
	for _, text := range p.Origins {
		switch text {
		case "*":
		case "null":
			all = append(all, `Origins: any page can make its origin "null"; if all may come, write "*", and if only such pages, Null: true`)
		default:
			if _, wrong := parse(text); wrong != "" {
				all = append(all, fmt.Sprintf("Origins: %q never is an origin: %s", text, advice(text, wrong)))
			}
		}
	}
	return all
}

// advice is what is wrong with an origin, and what was probably meant.
func advice(text, wrong string) string {
	meant := strings.ToLower(strings.TrimSpace(text))
	if scheme, rest, found := strings.Cut(meant, "://"); found {
		rest, _, _ = strings.Cut(rest, "/")
		meant = scheme + "://" + strings.TrimSuffix(rest, ":"+defaultPorts[scheme])
	} else if meant != "" {
		meant = "https://" + meant
	}
	if _, still := parse(meant); still != "" || meant == text {
		return wrong
	}
	return fmt.Sprintf("%s; write %q", wrong, meant)
}

// isToken reports whether a field can have a name (RFC 9110, 5.6.2).
func isToken(name string) bool {
	return name != "" && consistsOf(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-.^_`|~")
}

// forbidden are the request fields that browsers keep from scripts (Fetch standard, "forbidden
// request-header").
var forbidden = []string{"accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
	"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin", "referer", "set-cookie",
	"te", "trailer", "transfer-encoding", "upgrade", "via"}

func isForbidden(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains(forbidden, name) || strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}

// isHidden reports whether browsers keep a response field from scripts (Fetch standard, "forbidden
// response-header name").
func isHidden(name string) bool {
	return strings.EqualFold(name, "Set-Cookie") || strings.EqualFold(name, "Set-Cookie2")
}
