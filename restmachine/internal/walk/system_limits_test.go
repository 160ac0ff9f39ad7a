// What the graph refuses though no fact says so: unknown methods, long targets, long
// content, and paths that cannot be.

package walk_test

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestSystemLimits: what no fact has to say.
func TestSystemLimits(t *testing.T) {
	p := harness.NewProbe(t, harness.Leaves(func(_, _, r *restmachine.Facts) { r.MaxBody(16) }))
	for _, method := range []string{"FROB", "get", "Put", "PROPFIND"} {
		p.Want(501, method, "/g/leaves/here", "")
	}
	for _, method := range []string{"TRACE", "CONNECT"} {
		assert.Equal(t, "DELETE, GET, HEAD, PATCH, POST, PUT, OPTIONS", p.Want(405, method, "/g/leaves/here", "").Header.Get("Allow"))
	}
	p.Want(414, "GET", "/g/leaves/here?"+strings.Repeat("x", 8<<10), "")
	p.Want(200, "GET", "/g/leaves/here?"+strings.Repeat("x", 8000-len("/g/leaves/here?")), "")
	p.Want(413, "PUT", "/g/leaves/here", `{"version":      1}`)
	p.Want(200, "PUT", "/g/leaves/here", `{"version":   1}`)
	p.Want(400, "PUT", "/g/leaves/here", `{}`, "Content-Range", "bytes 0-1/2")
	for _, path := range []string{"/g/leaves/a%00b", "/g/leaves/%ff", "/g/leaves/a%0d%0ab", "g/leaves/here", "*"} {
		p.Want(400, "GET", path, "")
	}
}

func TestKnownMethodMakesMethodsKnown(t *testing.T) {
	p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) {
		app.KnownMethod(func(m restmachine.Method) bool { return m == "GET" || m == "PROPFIND" })
	}))
	p.Want(200, "GET", "/g/leaves/here", "")
	p.Want(405, "PROPFIND", "/g/leaves/here", "")
	p.Want(501, "DELETE", "/g/leaves/here", "")
	p.Want(501, "DELETE", "/elsewhere", "")
}

// TestFactsThatLetAllPassChangeNothing: with a fact that refuses nobody, and without it, each
// request has one answer.
func TestFactsThatLetAllPassChangeNothing(t *testing.T) {
	no, yes, none := func() bool { return false }, func() bool { return true }, func() string { return "" }
	makeApp := func(say func(f *restmachine.Facts)) *harness.Probe {
		return harness.NewProbe(t, harness.Leaves(func(app, _, r *restmachine.Facts) {
			say(app)
			r.MaxBody(16)
			r.GenerateETag(func(*harness.Leaf) string { return "1" })
		}))
	}
	without := answersOf(makeApp(func(*restmachine.Facts) {}))
	for name, say := range map[string]func(f *restmachine.Facts){
		"ServiceAvailable":    func(f *restmachine.Facts) { f.ServiceAvailable(yes) },
		"URITooLong":          func(f *restmachine.Facts) { f.URITooLong(no) },
		"MethodAllowed":       func(f *restmachine.Facts) { f.MethodAllowed(yes) },
		"MalformedRequest":    func(f *restmachine.Facts) { f.MalformedRequest(no) },
		"Authorized":          func(f *restmachine.Facts) { f.Authorized(yes) },
		"Forbidden":           func(f *restmachine.Facts) { f.Forbidden(no) },
		"ValidContentHeaders": func(f *restmachine.Facts) { f.ValidContentHeaders(yes) },
		"KnownContentType":    func(f *restmachine.Facts) { f.KnownContentType(yes) },
		"ValidEntityLength":   func(f *restmachine.Facts) { f.ValidEntityLength(yes) },
		"IsConflict":          func(f *restmachine.Facts) { f.IsConflict(no) },
		"DeleteCompleted":     func(f *restmachine.Facts) { f.DeleteCompleted(yes) },
		"MultipleChoices":     func(f *restmachine.Facts) { f.MultipleChoices(no) },
		"AllowMissingPost":    func(f *restmachine.Facts) { f.AllowMissingPost(no) },
		"PreviouslyExisted":   func(f *restmachine.Facts) { f.PreviouslyExisted(no) },
		"MovedPermanently":    func(f *restmachine.Facts) { f.MovedPermanently(none) },
		"MovedTemporarily":    func(f *restmachine.Facts) { f.MovedTemporarily(none) },
		"FinishRequest":       func(f *restmachine.Facts) { f.FinishRequest(func() {}) },
		"Variances":           func(f *restmachine.Facts) { f.Variances(func() []string { return nil }) },
		"CacheControl":        func(f *restmachine.Facts) { f.CacheControl(func(*harness.Leaf) string { return "" }) },
	} {
		said := makeApp(say)
		for _, one := range without {
			assert.Equal(t, one.response, said.App.Execute(one.request), "%s: %+v", name, one.request)
			if one.request.Path == "*" {
				continue
			}
			w, r := httptest.NewRecorder(), httptest.NewRequest(one.request.Method, one.request.Path, bytes.NewReader(one.request.Body))
			r.Header = one.request.Header
			said.App.ServeHTTP(w, r)
			assert.Equal(t, one.response.StatusCode, w.Code, "%s: %+v, by HTTP", name, one.request)
		}
	}
}

// An answered request is one beside its response.
type answered struct {
	request  restmachine.Request
	response restmachine.Response
}

// answersOf sends requests that pass each row ahead of the content.
func answersOf(p *harness.Probe) (all []answered) {
	for _, method := range []string{"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "FROB"} {
		for _, path := range []string{"/g/leaves/here", "/g/leaves/gone", "/g/plain", "/g/nowhere", "/nowhere", "/g/leaves/%ff", "*"} {
			for _, fields := range [][]string{
				nil, {"Content-Type", "text/csv"}, {"Content-Type", "x"}, {"Content-Encoding", "gzip"}, {"Content-Range", "bytes 0-1/2"},
				{"If-Match", `"1"`}, {"If-Match", `"2"`}, {"If-None-Match", "*"}, {"If-None-Match", `"1"`}, {"Accept", "image/png"},
			} {
				for _, body := range []string{"", "{}", `{"version":       1}`} {
					request := harness.RequestOf(method, path, body, fields...)
					all = append(all, answered{request, p.App.Execute(request)})
				}
			}
		}
	}
	return all
}
