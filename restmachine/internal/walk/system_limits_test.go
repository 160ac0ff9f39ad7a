// What the graph refuses though no fact says so: unknown methods, long targets, long
// content, and paths that cannot be.

package walk_test

import (
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
