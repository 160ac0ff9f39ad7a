// This file makes the pages about exchanges: the list, and the page of one exchange. A
// request comes in, a page goes out. It also fills the HTML templates of all pages.

package debugger

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/decision"
)

// templates are the pages as HTML. Their data is text, which html/template escapes by its
// place. Only drawings are HTML already.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"class":  func(status int) string { return "s" + strconv.Itoa(status/100) },
	"clock":  func(t time.Time) string { return t.Format("15:04:05.000") },
	"stamp":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"rough":  rough,
	"fields": fieldLines,
	"shown":  func(m message) string { return m.shown() },
}).ParseFS(assets, "assets/*.html"))

// html returns the page inside its frame. Links are relative. They work behind a proxy
// and behind StripPrefix.
func (d *Debugger) html(r *http.Request, p page) ([]byte, error) {
	up := strings.Repeat("../", strings.Count(r.URL.Path, "/")-1)
	if up == "" {
		up = "./"
	}
	var inner, b bytes.Buffer
	if err := templates.ExecuteTemplate(&inner, p.template+".html", struct {
		Up   string
		Data any
	}{up, p.data}); err != nil {
		return nil, err
	}
	err := templates.ExecuteTemplate(&b, "frame.html", struct {
		Up, Title, Page string
		Body            template.HTML
	}{up, p.title, p.template, template.HTML(inner.String())})
	return b.Bytes(), err
}

// rough returns a duration that is easy to read.
func rough(t time.Duration) string {
	switch {
	case t >= time.Second:
		return t.Round(10 * time.Millisecond).String()
	case t >= time.Millisecond:
		return t.Round(10 * time.Microsecond).String()
	}
	return t.Round(100 * time.Nanosecond).String()
}

// fieldLines returns the lines of a header, sorted by name.
func fieldLines(h http.Header) (lines []string) {
	for _, name := range sortedNames(h) {
		for _, line := range h[name] {
			lines = append(lines, name+": "+line)
		}
	}
	return lines
}

// A listing is the data of the list of exchanges.
type listing struct {
	Exchanges []summary `json:"exchanges"` // the newest first
	Kept      int       `json:"kept"`
	Bytes     int       `json:"bytes"`
	Routes    []string  `json:"-"`
	Status    string    `json:"-"`
	Route     string    `json:"-"`
	Node      string    `json:"-"`
	Query     string    `json:"-"`
	Max       int       `json:"-"`
	Nodes     []string  `json:"-"`
}

func (d *Debugger) list(r *http.Request) page {
	f, err := newFilter(r.URL.Query())
	if err != nil {
		return problem(http.StatusBadRequest, err.Error())
	}
	l := listing{Exchanges: []summary{}, Status: f.status, Route: f.route, Node: f.node, Query: f.query(), Max: d.settings.count}
	l.Kept, l.Bytes = d.kept.size()
	for _, one := range d.kept.all(f) {
		l.Exchanges = append(l.Exchanges, one.summary)
	}
	l.Routes = d.paths()
	for id := range decision.HTTP.All() {
		l.Nodes = append(l.Nodes, id.String())
	}
	return page{template: "list", title: "Exchanges", data: l, text: listText(l)}
}

// A view is the data of the page of one exchange.
type view struct {
	*record
	Way     []stretch
	Drawing template.HTML
	Own     bool // whether the graph is the route's own
	Newer   uint64
	Older   uint64
	Replay  replay
	Others  []summary
}

// A visit is a decision as the page shows it.
type visit struct {
	decision.Visit
	Here string // the id of its row in the drawing
	Last bool
}

// Other returns the answer that the row did not give, and where that leads.
func (v visit) Other() string {
	row, ok := decision.HTTP[v.ID]
	switch {
	case !ok || row.Yes == row.No:
		return ""
	case v.Answer == decision.Yes:
		return "no → " + row.No.String()
	case v.Answer == decision.No:
		return "yes → " + row.Yes.String()
	}
	return ""
}

// A stretch is a part of a way: one decision that was asked, or several that were settled.
type stretch struct {
	Settled bool
	Visits  []visit
}

// stretches returns the way of a trace.
func stretches(visits []visit) (way []stretch) {
	for _, v := range visits {
		if n := len(way); n > 0 && v.Folded && way[n-1].Settled {
			way[n-1].Visits = append(way[n-1].Visits, v)
			continue
		}
		way = append(way, stretch{v.Folded, []visit{v}})
	}
	return way
}

// A replayed is the page of an exchange as JSON.
type replayed struct {
	*record
	Replay replay `json:"replay"`
}

func (d *Debugger) exchange(r *http.Request) page {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	one := d.kept.find(id)
	if err != nil || one == nil {
		return missing("This exchange is not kept, or no longer kept.")
	}
	v := view{record: one, Own: r.URL.Query().Get("graph") == "route", Replay: replayOf(one, baseOf(r)), Others: d.others(one)}
	v.Way = stretches(visitsOf(&one.Trace, 0))
	v.Newer, v.Older = d.neighbours(id)
	g := decision.HTTP
	if own := d.graphOf(one.Route, one.Method); v.Own && own != nil {
		g = own
	}
	if v.Drawing, err = d.drawings.svg(g, &one.Trace); err != nil {
		return problem(http.StatusInternalServerError, err.Error())
	}
	return page{template: "exchange", title: one.Method + " " + one.Target, data: v, value: replayed{one, v.Replay}, text: exchangeText(v)}
}

// baseOf returns where the Debugger is served, which is probably where its App is, too.
func baseOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// neighbours returns the IDs of the exchanges after and before one, or 0 if there is none.
func (d *Debugger) neighbours(id uint64) (newer, older uint64) {
	all := d.kept.all(filter{})
	i := slices.IndexFunc(all, func(r *record) bool { return r.ID == id })
	if i > 0 {
		newer = all[i-1].ID
	}
	if i >= 0 && i+1 < len(all) {
		older = all[i+1].ID
	}
	return newer, older
}
