// LockKey: under which key a write is locked, where the fact may be given, and how it
// may refuse.

package exchange_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestLockKey is asked ahead of every write, wherever it was given, and may end
// it.
func TestLockKey(t *testing.T) {
	for i, place := range []string{"App", "Group", "Resource"} {
		var seen []string
		var refusal error
		p := harness.NewProbe(t, harness.Leaves(func(app, group, resource *restmachine.Facts) {
			[]*restmachine.Facts{app, group, resource}[i].LockKey(func(c *harness.Clock, path restmachine.PathParams) (string, error) {
				seen = append(seen, fmt.Sprint(c.Year, path.Get("id")))
				return "key", refusal
			})
		}))
		p.Want(200, "GET", "/g/leaves/here", "")
		assert.Empty(t, seen, "%s: reads are not locked", place)
		p.Want(204, "DELETE", "/g/leaves/here", "")
		assert.Equal(t, []string{"2015here"}, seen, place)
		refusal = &restmachine.Problem{Status: 423}
		p.Want(423, "DELETE", "/g/leaves/here", "")
		refusal = harness.ErrSecret
		p.Want(500, "PUT", "/g/leaves/here", "{}")
	}
}
