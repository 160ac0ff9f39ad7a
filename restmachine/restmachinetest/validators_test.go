// These tests check that CheckValidators finds each tag and date that does not tell the truth.

package restmachinetest_test

import (
	crypto "crypto/rand"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// newSheet is an App of one page with a tag and a date. Both may be nil.
func newSheet(tag func(*page) string, date func(*page) time.Time, languages ...string) *restmachine.App {
	d := newDesk()
	app := restmachine.New(quiet)
	app.ResourceExists(func() *page { return d.page(1) })
	if tag != nil {
		app.GenerateETag(tag)
	}
	if date != nil {
		app.LastModified(date)
	}
	app.Languages(languages...)
	app.Get("/page", func(p *page) *page { return p }).Put(func(p *page, in restmachine.Body[page]) *page { return d.keep(1, in.Value.Text) })
	app.Provides("text/plain", func(p *page, at restmachine.Selected) string { return p.Text + " in " + at.Language })
	app.Provides("application/json", func(p *page) *page { return p })
	return app
}

func TestCheckValidators(t *testing.T) {
	version := func(p *page) string { return strconv.Itoa(p.version) }
	for name, row := range map[string]struct {
		tag       func(*page) string
		date      func(*page) time.Time
		languages []string
		says      string // "": all is right
	}{
		"a version":              {tag: version},
		"a version in languages": {tag: version, languages: []string{"en", "de"}},
		"a hash":                 {tag: func(p *page) string { return restmachine.HashETag(p) }},
		"a weak version":         {tag: func(p *page) string { return restmachine.WeakETag(version(p)) }},
		"no validator":           {},
		"a date that goes on":    {tag: version, date: func(p *page) time.Time { return changed.Add(time.Duration(p.version) * time.Second) }},
		"a date and no tag":      {date: func(p *page) time.Time { return changed.Add(time.Duration(p.version) * time.Hour) }},

		"a tag by chance":        {tag: func(*page) string { return fmt.Sprint(rand.Uint64()) }, says: "its entity-tag moves though nothing was written"},
		"a weak tag by chance":   {tag: func(*page) string { return fmt.Sprintf(`W/"%d"`, rand.Uint64()) }, says: "its entity-tag moves though nothing was written"},
		"a tag that stays":       {tag: func(*page) string { return "1" }, says: "changed after PUT /page and its entity-tag stayed \"1\""},
		"a weak tag that stays":  {tag: func(*page) string { return `W/"1"` }, says: "changed after PUT /page and its entity-tag stayed W/\"1\""},
		"a tag that comes again": {tag: func(p *page) string { return strconv.Itoa(p.version % 3) }, says: "again, which stood for other content before"},
		"a date that goes back":  {tag: version, date: func(p *page) time.Time { return changed.Add(time.Duration(-p.version) * time.Second) }, says: "a date must not go back"},
		"a date that stays":      {date: func(*page) time.Time { return changed }, says: "two changes in one second look like one"},
		"a date of now":          {date: func(*page) time.Time { return time.Now() }, says: "its Last-Modified moves though nothing was written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := strings.Join(reports(t, func(t testing.TB) {
				restmachinetest.CheckValidators(t, newSheet(row.tag, row.date, row.languages...))
			}), "\n")
			if row.says == "" {
				assert.Empty(t, all)
			} else {
				assert.Contains(t, all, row.says)
			}
		})
	}
}

// TestCheckValidatorsOfVariants: two languages have other bytes, so they cannot share a strong tag.
func TestCheckValidatorsOfVariants(t *testing.T) {
	app := newSheet(func(p *page) string { return strconv.Itoa(p.version) }, nil, "en", "de")
	app.FinishRequest(func(resp *restmachine.Response) {
		if tag, _, cut := strings.Cut(resp.Header.Get("ETag"), ";"); cut {
			resp.Header.Set("ETag", tag+`"`)
		}
	})
	all := strings.Join(reports(t, func(t testing.TB) { restmachinetest.CheckValidators(t, app) }), "\n")
	assert.Contains(t, all, `"1" is the tag of`)
}

// TestCheckValidatorsOfFields: a field of the representation that changes is another representation.
func TestCheckValidatorsOfFields(t *testing.T) {
	type lines []string
	newList := func(link func(all lines) string, tag func(all lines, link string) string) *restmachine.App {
		var mu sync.Mutex
		kept := lines{"first", "second"}
		all := func() lines { mu.Lock(); defer mu.Unlock(); return slices.Clone(kept) }
		app := restmachine.New(quiet)
		app.GenerateETag(func() string { return restmachine.HashETag(tag(all()[:2], link(all()))) })
		app.Get("/lines", func() *restmachine.Reply[lines] {
			return &restmachine.Reply[lines]{Header: header("Link", link(all()), "X-Request-Id", crypto.Text()), Entity: all()[:2]}
		}).Post(func(in restmachine.Body[string]) { mu.Lock(); defer mu.Unlock(); kept = append(kept, in.Value) })
		return app
	}
	next := func(all lines) string { return fmt.Sprintf("</lines?after=2>; rel=next; total=%d", len(all)) }
	moving := func(lines) string { return "</lines?at=" + crypto.Text() + ">; rel=next" }
	withLink := func(all lines, link string) string { return fmt.Sprint(all, link) }
	without := func(all lines, _ string) string { return fmt.Sprint(all) }
	for name, row := range map[string]struct {
		app  *restmachine.App
		says string
	}{
		"the tag has the Link":            {newList(next, withLink), ""},
		"the tag leaves out the Link":     {newList(next, without), "GET /lines changed after POST /lines and its entity-tag stayed"},
		"a Link that moves by itself":     {newList(moving, without), ""},
		"a tag of a Link that moves, too": {newList(moving, withLink), "its entity-tag moves though nothing was written"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, check := range []func(testing.TB, *restmachine.App){
				func(t testing.TB, app *restmachine.App) { restmachinetest.CheckValidators(t, app) },
				func(t testing.TB, app *restmachine.App) { restmachinetest.Explore(t, app) },
			} {
				all := strings.Join(reports(t, func(t testing.TB) { check(t, row.app) }), "\n")
				if row.says == "" {
					assert.NotContains(t, all, "fatal")
					assert.NotContains(t, all, "entity-tag")
				} else {
					assert.Contains(t, all, row.says)
				}
			}
		})
	}
}
