// The mutations: what servers get wrong, done to ours.

package main

// A mutation is a fault, and the edits that make it.
type mutation struct {
	name  string
	edits []edit
}

// An edit replaces text that is in a file exactly once.
type edit struct{ file, old, new string }

const (
	graph         = "decision/table.go"
	answer        = "restmachine/answer.go"
	acts          = "restmachine/acts.go"
	preconditions = "restmachine/preconditions.go"
	resource      = "restmachine/resource.go"
	negotiation   = "restmachine/questions.go"
	leaps         = "restmachine/leaps.go"
	variants      = "restmachine/tags.go"
	descriptions  = "restmachine/description.go"
	walk          = "restmachine/walk.go"
	render        = "restmachine/render.go"
	uri           = "restmachine/uri.go"
	wired         = "restmachine/internal/wire/wire.go"
	ranges        = "restmachine/ranges.go"
	evaluate      = "restmachine/conditional/precondition.go"
	list          = "restmachine/conditional/list.go"
	dates         = "restmachine/conditional/httpdate.go"
	tags          = "restmachine/conditional/etag.go"
)

// Where the App's graph and conditional.Evaluate each have a rule, each is
// broken on its own.
var mutations = []mutation{
	{"If-Match compares weakly", []edit{{preconditions, "&p.IfMatch, true)", "&p.IfMatch, false)"}}},
	{"If-Match compares weakly, in Evaluate", []edit{{evaluate, "p.IfMatch.scan(v.ETag, true)", "p.IfMatch.scan(v.ETag, false)"}}},
	{"If-None-Match compares strongly", []edit{{preconditions, "&p.IfNoneMatch, false)", "&p.IfNoneMatch, true)"}}},

	{"no match falls through to If-Modified-Since", []edit{{graph, `K13:  {J18, M16, `, `K13:  {J18, L13, `}}},
	{"no match falls through to the date, in Evaluate", []edit{{evaluate,
		"case !list.star && !list.match:\n\t\treturn 0\n", "case !list.star && !list.match:\n\t\treturn p.ifModified(v, reads)\n"}}},
	{"a match is not enough under RFC9110", []edit{{preconditions, "openIf(p.m.options.precedence == conditional.Combine, no)", "open"}}},
	{"a match is always enough", []edit{{preconditions, "openIf(p.m.options.precedence == conditional.Combine, no)", "no"}}},
	{"If-Unmodified-Since counts beside If-Match", []edit{{graph, "G11:  {I12, 412, ", "G11:  {H10, 412, "}}},

	{"If-Modified-Since counts for every method", []edit{{preconditions, "openIf(p.reads(), no)", "open"}}},
	{"If-Modified-Since counts for every method, in Evaluate", []edit{{evaluate, "reads && known && !modified", "known && !modified"}}},
	{"304 answers every method", []edit{{graph, `J18:  {J19, 412, `, `J18:  {J19, 304, `}}},

	{"dates are compared with their fractions", []edit{{dates, "return lastModified.Unix() > date.Unix()", "return lastModified.After(date)"}}},
	{"an equal date is a later one", []edit{{dates, "return lastModified.Unix() > date.Unix()", "return lastModified.Unix() >= date.Unix()"}}},
	{"the form of RFC 850 is not read", []edit{{dates, "return parseRFC850(s, time.Now())", "return time.Time{}, false"}}},

	{"If-Match: * accepts what is missing", []edit{{resource, "decision.H7: ifThe(present(ifMatch)),",
		"decision.H7: ifThe(func(p *conditional.Preconditions) bool { return p.IfMatch.Present() && !p.IfMatch.Star() }),"},
		{resource, "import (\n", "import (\n\t\"github.com/restmachine/restmachine-go/restmachine/conditional\"\n"}}},
	{"If-Match: * accepts what is missing, in Evaluate", []edit{{evaluate, "case p.IfMatch.Present():", "case p.IfMatch.Present() && !p.IfMatch.Star():"}}},
	{"only the first field line counts", []edit{{list, "l := List{lines: lines, strict: strict}", "lines = lines[:min(len(lines), 1)]\n\tl := List{lines: lines, strict: strict}"}}},
	{"a quoted star is a star", []edit{
		{list, "switch trimOWS(line) {", "switch strings.Trim(trimOWS(line), `\"`) {"},
		{list, `l.single = ok && rest == ""`, "l.single = ok && rest == \"\" && lines[0] != `\"*\"`"}}},
	{"quotes are trimmed off a tag that begins with none", []edit{{list, "return s[:end], s[end:], true", "return s[:end], strings.TrimPrefix(s[end:], `\"`), true"}}},
	{"an unreadable list lets a write pass", []edit{{preconditions, "decision.J13b: byPlan((*method).reads),", "decision.J13b: byPlan(func(*method) bool { return true }),"}}},
	{"a lower-case w marks a weak tag", []edit{{tags, `s, weak = strings.CutPrefix(s, "W/")`,
		"if s, weak = strings.CutPrefix(s, \"W/\"); !weak {\n\t\ts, weak = strings.CutPrefix(s, \"w/\")\n\t}"}}},

	{"a precondition comes before the 406", []edit{{negotiation, "return decision.Bool(ok)\n", "return decision.Bool(ok || x.preconditions().Any())\n"}}},
	{"304 without its ETag", []edit{{answer, "tagged, err := x.fillTag(current)\n\tif err == nil && !tagged", "tagged, err := false, error(nil)\n\tif err == nil && !tagged"}}},
	{"304 with content", []edit{
		{answer, "a.status == http.StatusNotModified || a.status", "a.status"},
		{answer, "return x.fillNotModified()", "x.sent.setBytes([]byte(\"{}\"))\n\t\tx.out.content = &x.sent\n\t\treturn x.fillNotModified()"}}},
	{"304 without its Vary", []edit{{answer, "\t\terr = x.fillDate(current)\n\t}\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn x.fillVary()", "\t\terr = x.fillDate(current)\n\t}\n\treturn err"}}},
	{"PUT answers with the old tag", []edit{{answer,
		"x.out.set(\"Content-Location\", x.ownURI())\n\t\t}\n\t\treturn x.fillValidators(r)", "x.out.set(\"Content-Location\", x.ownURI())\n\t\t}\n\t\treturn x.fillValidators(x.current())"}}},
	{"the lock is given up before the write", []edit{{acts, "value, err := x.handle(x.plan.action)", "x.lock.release()\n\tvalue, err := x.handle(x.plan.action)"}}},
	{"If-Range compares weakly", []edit{{ranges, "conditional.StrongMatch(sent, tag)", "conditional.WeakMatch(sent, tag)"}}},
	{"a read compares with every variant", []edit{{variants, "r.single || x.plan.reads()", "r.single"}}},
	{"a hash is that of the first rendering", []edit{{variants, "x.hashOf(r, i, &c)", "x.hashOf(r, min(i, 0), &c)"}}},
	{"content that comes coded is coded again", []edit{{render, " || r.coded()", ""}}},
	{"preconditions of a GET that fails count", []edit{{descriptions, "(reads || p.get.dynamic)", "p.get.dynamic"}}},
	{"a write begins anew without its content", []edit{{walk, " || x.feed != nil && x.feed.begun", ""}}},
	{"what a refusing Reply has done is kept", []edit{{walk, "ended == nil && status >= 400", "ended == nil && status >= 600"}}},
	{"an escaped slash separates", []edit{{uri, "x.path = u.RawPath", "x.path = u.EscapedPath()"}}},
	{"a Direct callback's only error is lost", []edit{{wired, "if f.Err {\n\t\t*r", "if f.Err && f.In == nil {\n\t\t*r"}}},
	{"a HEAD has ranges", []edit{{acts, "openIf(p.name == http.MethodGet, no)", "openIf(p.reads(), no)"}}},

	{"a leap passes If-Unmodified-Since", []edit{{leaps, "case p.IfUnmodifiedSince.Present():", "case false:"}}},
	{"a leap passes an unreadable list", []edit{{leaps, "p.IfNoneMatch.IsTag()", "!p.IfNoneMatch.Star()"}}},
	{"a leap compares If-Match weakly", []edit{{leaps, "&p.IfMatch, true)", "&p.IfMatch, false)"}}},
	{"a leap lets every If-Match pass", []edit{{leaps, "case !matches:", "case !matches && x.malformed != \"\":"}}},
	{"a leap passes what stands behind a match", []edit{{leaps, "case p.IfNoneMatch.Present() || reads && p.IfModifiedSince.Present():", "case false:"}}},
	{"a leap compares If-None-Match strongly", []edit{{leaps, "!p.IfNoneMatch.Weak(tag)", "!p.IfNoneMatch.Strong(tag)"}}},
	{"a leap calls a match enough", []edit{{leaps, "case p.IfModifiedSince.Present():\n\t\treturn weaklyMatched", "case false:\n\t\treturn weaklyMatched"}}},
	{"a leap takes the same date for a later one", []edit{{leaps, "if conditional.ModifiedAfter(last, p.IfModifiedSince.Time()) {", "if !last.Before(p.IfModifiedSince.Time()) {"}}},
	{"a leap passes Accept", []edit{{leaps, " || len(p.media) > 0 && !takesFirst(x.header[\"Accept\"], p.media)", ""}}},
	{"a leap passes a path that cannot be read", []edit{{leaps, ` || x.malformed != ""`, ""}}},
	{"a leap passes a Content-Range", []edit{{leaps, ` || len(x.header["Content-Range"]) > 0`, ""}}},
	{"a leap passes a Content-Encoding", []edit{{leaps, ` && len(x.header["Content-Encoding"]) == 0`, ""}}},
	{"a leap passes those who are not authorized", []edit{{leaps, "kind(k) != kindForbidden", "kind(k) != kindForbidden && kind(k) != kindAuthorized"}}},
}
