// This file chooses among records. The query of a page comes in, and a filter that passes
// some records goes out.

package debugger

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/restmachine/restmachine-go/decision"
)

// A filter passes the records that the query of a page asks for. The zero filter passes
// all.
type filter struct {
	status string // "304", or "4xx"
	route  string
	node   string // a row that was asked, or the status at the end of the walk
	id     decision.ID
}

// newFilter reads a query. A value that cannot be valid is an error.
func newFilter(q url.Values) (filter, error) {
	f := filter{status: q.Get("status"), route: q.Get("route"), node: q.Get("node")}
	if f.status != "" && !isStatus(f.status) {
		return filter{}, fmt.Errorf("status must be a number like 304 or a class like 4xx, not %q", cut(f.status, 40))
	}
	if f.node != "" {
		if err := f.id.UnmarshalText([]byte(f.node)); err != nil {
			return filter{}, fmt.Errorf("node must be the name of a decision like K13, not %q", cut(f.node, 40))
		}
	}
	return f, nil
}

func isStatus(s string) bool {
	return len(s) == 3 && '0' <= s[0] && s[0] <= '5' && (s[1:] == "xx" || s[1] >= '0' && s[1] <= '9' && s[2] >= '0' && s[2] <= '9')
}

func (f filter) passes(r *record) bool {
	if f.route != "" && f.route != r.Route {
		return false
	}
	if f.status != "" && f.status != strconv.Itoa(r.Status) && !(f.status[1:] == "xx" && int(f.status[0]-'0') == r.Status/100) {
		return false
	}
	return f.id == 0 || f.asked(r)
}

// asked reports whether the exchange was asked the row, or ended with the status.
func (f filter) asked(r *record) bool {
	if f.id.IsStatus() {
		return int(f.id) == r.Trace.Status
	}
	for _, v := range r.Trace.Visits {
		if v.ID == f.id && !v.Folded {
			return true
		}
	}
	return false
}

// query returns the filter as a query.
func (f filter) query() string {
	q := url.Values{}
	for name, value := range map[string]string{"status": f.status, "route": f.route, "node": f.node} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}
