package answer

import (
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file lets pages of other origins see the response, whatever its status. In comes what
// the nearest Sharing says of the request's origin. Out come the response's fields.

// share sets what the Sharing says, behind all hooks: none of them can lose it. Where the
// Sharing panics, the answer stays, no page of another origin sees it, and no cache keeps it.
func (a *Answer) share() {
	origin, methods := "", ""
	if lines := a.x.Lines("Origin"); len(lines) == 1 {
		origin = lines[0]
	}
	if a.x.Plan.IsPreflight {
		methods = a.shareable()
	}
	var said http.Header
	err := exchange.Protect(func() error {
		said = a.x.Plan.Sharing.Fields(origin, methods)
		return nil
	})
	if err != nil {
		a.x.LogError(err)
		said = http.Header{"Cache-Control": noStore, allowOrigin: nil}
	}
	for name, lines := range said {
		a.shareField(name, lines)
	}
}

// ShareRefusal shares the response of an App that does not run. A preflight is answered as ever:
// a page does not learn why one failed, but sees the answer to the request that follows.
func (a *Answer) ShareRefusal(resp *plan.Response) {
	if !a.x.Plan.IsPreflight {
		a.merge(resp.Header)
		a.share()
		resp.Header = a.header()
		return
	}
	a.begin(http.StatusOK)
	a.fillOptions(a.x.Plan)
	a.Finish()
	_ = a.Respond(resp) // nothing of it is read
	resp.Body = nil
}

const (
	allowOrigin   = "Access-Control-Allow-Origin"
	exposeHeaders = "Access-Control-Expose-Headers"
)

// shareField sets one field. One that lists fields keeps what others wrote to it. One without
// lines is taken away.
func (a *Answer) shareField(name string, lines []string) {
	for _, line := range lines {
		if !header.LegalName(name) || !header.LegalValue(line) {
			a.x.LogError(&illegalField{name, line})
			return
		}
	}
	switch {
	case len(lines) == 0:
		a.remove(func(set string) bool { return set == name })
	case name == "Vary" && a.Get(name) != nil:
		a.addVary(fieldNames(lines))
	case name == exposeHeaders && a.Get(name) != nil:
		a.Set(name, strings.Join(declare.Union(fieldNames(a.Get(name)), fieldNames(lines)), ", "))
	default:
		a.Share(name, lines)
	}
}

// shareable are the methods that a page of another origin may use here. On an unknown path these
// are all that the App knows: the page is to see the 404, and not an error of its browser.
func (a *Answer) shareable() string {
	p := a.x.Plan
	if !p.Unknown {
		return a.allow("")
	}
	return strings.Join(append([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete}, p.Plans.Others...), ", ")
}
