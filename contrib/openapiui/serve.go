package openapiui

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/fast"
)

// This file answers requests. In come the name of a file, and what codings the client takes.
// Out comes the file in one of them, with its entity-tag and what a browser may do with it.

// policy lets the page load what is served beside it, and the images that stand in the style
// of Swagger UI, and send requests to its own origin.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// asked is the file that the path names.
type asked struct {
	Name string `path:"path"`
}

// served is a file as content.
type served struct{ *bytes.Reader }

func init() { fast.Call2x2[restmachine.Path[asked], http.Header, *restmachine.Reply[served], error]() } // no user can name them

// open answers with a file.
func (all files) open(at restmachine.Path[asked], fields http.Header) (*restmachine.Reply[served], error) {
	f, ok := all[at.Value.Name]
	if !ok {
		return nil, restmachine.ErrNotFound
	}
	chosen, isZipped := f.plain, f.zipped != nil && takesGzip(fields.Values("Accept-Encoding"))
	if isZipped {
		chosen = f.zipped
	}
	content, err := chosen.content()
	if err != nil {
		return nil, err
	}
	tag, err := chosen.tag()
	if err != nil {
		return nil, err
	}
	reply := restmachine.NewReply(http.StatusOK, served{bytes.NewReader(content)})
	h := reply.Header
	h.Set("Content-Type", f.media)
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	if f.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
	}
	if isZipped {
		h.Set("Content-Encoding", "gzip")
	}
	return reply, nil
}

// takesGzip reports whether a client takes gzip, and likes it no less than content as it is
// (RFC 9110, 12.5.3). A weight that is not a number counts as 0. A client that says nothing
// gets content as it is.
func takesGzip(lines []string) bool {
	weights := map[string]float64{}
	for _, member := range strings.Split(strings.Join(lines, ","), ",") {
		name, parameters, _ := strings.Cut(member, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameters)), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64)
		}
		weights[strings.ToLower(strings.TrimSpace(name))] = weight
	}
	gzip, named := weights["gzip"]
	if !named {
		gzip = max(weights["x-gzip"], weights["*"])
	}
	return gzip > 0 && gzip >= weights["identity"]
}
