package route

import "testing"

func TestPatternsAreCompared(t *testing.T) {
	for _, row := range []struct {
		p, q                   string
		below, shares, covered bool // q of p
	}{
		{"/projects/{p}/info", "/projects/{p}/tasks", false, true, false},
		{"/projects/{p}/info", "/projects/{other}", false, true, false},
		{"/projects/{p}/info", "/projects/{p}/info/more", true, true, false},
		{"/projects/{p}/info", "/projects/new", false, false, false},
		{"/projects/{p}/info", "/projects/new/info", false, false, false},
		{"/projects/{p}/info", "/projects", false, false, false},
		{"/projects/{p}/info", "/projects/{any...}", false, false, true},
		{"/projects/{p}/info", "/{any...}", false, false, true},
		{"/projects/{p}/info", "/{kind}/{any...}", false, false, true},
		{"/projects/{p}/info", "/projects/new/{any...}", false, false, false},
		{"/projects/{p}/info", "/people/{any...}", false, false, false},
		{"/projects/{p}/info", "/projects/{p}/{any...}", false, true, false},
		{"/projects/{p}/info", "/projects/{p}/info/more/{any...}", true, true, false},
		{"/projects/{p}/tasks/{t}", "/projects/{p}/tasks", false, false, false},
		{"/projects/{p}/tasks/{t}", "/projects/{p}/{any...}", false, false, true},
		{"/me", "/me/info", true, false, false},
		{"/me", "/{any...}", false, false, false},
		{"/files/{path...}", "/files/{id}", false, false, false},
		{"/files/{path...}", "/{any...}", false, false, true},
		{"/{any...}", "/files/{path...}", false, false, false},
		{"/a%20b/{p}", "/a%20b/{q}/x", true, true, false},
		{"/", "/x", false, false, false},
	} {
		p, err := Parse(row.p)
		q, wrong := Parse(row.q)
		if err != nil || wrong != nil {
			t.Fatal(err, wrong)
		}
		if got := q.IsBelow(p); got != row.below {
			t.Errorf("%s is below %s: %v", q, p, got)
		}
		if got := q.SharesRecord(p); got != row.shares {
			t.Errorf("%s shares the record of %s: %v", q, p, got)
		}
		if got := q.Covers(p); got != row.covered {
			t.Errorf("%s covers %s: %v", q, p, got)
		}
	}
}

func TestARestInTheParametersPlace(t *testing.T) {
	for _, row := range []struct {
		group, rest string
		takes       bool
	}{
		{"/projects/{p}", "/projects/{any...}", true},
		{"/projects/{p}/open", "/projects/{any...}", true},
		{"/{tenant}", "/{any...}", true},
		{"/tenants/{t}/projects/{p}", "/tenants/{x}/projects/{any...}", true},
		{"/tenants/{t}/projects/{p}", "/tenants/{any...}", false},
		{"/projects/{p}", "/{any...}", false},
		{"/projects/{p}", "/people/{any...}", false},
		{"/projects/{p}", "/projects/{q}", false},
		{"/projects/{p}", "/projects/{p}/{any...}", false},
		{"/admin", "/{any...}", false},
		{"/", "/{any...}", false},
	} {
		p, err := Parse(row.group)
		q, wrong := Parse(row.rest)
		if err != nil || wrong != nil {
			t.Fatal(err, wrong)
		}
		if got := q.TakesPlaceOf(p); got != row.takes {
			t.Errorf("%s takes the place of %s: %v", q, p, got)
		}
	}
}
