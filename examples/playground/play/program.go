// This file writes the App of a state as a Go program. A State comes in, and the text of a main
// package goes out, formatted as gofmt does. app.go makes the same App without a compiler.

package play

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A writer collects the statements of a program, and the packages that they use.
type writer struct {
	lines   []string
	imports []string
}

// say adds a statement, whose lines are indented as in a function.
func (w *writer) say(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			line = "\t" + line
		}
		w.lines = append(w.lines, line)
	}
}

func (w *writer) use(packages ...string) { w.imports = append(w.imports, packages...) }

// Program returns the App of the state as a program to copy, ready to run.
func (s State) Program() string {
	w := &writer{}
	w.use("context", "log")
	s.sayNew(w)
	s.sayResource(w)
	s.sayGates(w)
	s.sayVariants(w)
	s.sayHandlers(w)

	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	slices.Sort(w.imports)
	for _, name := range slices.Compact(w.imports) {
		b.WriteString("\t" + strconv.Quote(name) + "\n")
	}
	b.WriteString("\n\t\"github.com/restmachine/restmachine-go/restmachine\"\n)\n\n")
	b.WriteString(s.types())
	if s.Exists == "yes" {
		b.WriteString("const text = " + broken(english) + "\n\n")
	}
	if s.speaksGerman() {
		b.WriteString("const german = " + broken(german) + "\n\n")
	}
	b.WriteString("func NewApp() *restmachine.App {\n" + strings.Join(w.lines, "\n") + "\n\treturn app\n}\n\n")
	b.WriteString(mainFunction)
	return b.String()
}

const mainFunction = `func main() {
	log.Fatal(NewApp().ListenAndServe(context.Background(), "localhost:8080"))
}
`

// broken is a text as a Go expression, with a line for each sentence.
func broken(text string) string {
	var lines []string
	for sentence := range strings.SplitAfterSeq(text, ". ") {
		lines = append(lines, strconv.Quote(sentence))
	}
	return strings.Join(lines, " +\n\t")
}

// speaksGerman reports whether the GET chooses between languages.
func (s State) speaksGerman() bool { return has(s.Methods, "GET") && has(s.Languages, "de") }

// types are the types of the program.
func (s State) types() string {
	text := "type Note struct {\n\tID      string `json:\"id\"`\n\tTitle   string `json:\"title\"`\n\tText    string `json:\"text\"`\n\tVersion int    `json:\"version\"`\n}\n\n"
	if s.changes() {
		text = "type Note struct {\n\tID      string    `json:\"id\"`\n\tTitle   string    `json:\"title\"`\n\tText    string    `json:\"text\"`\n\tVersion int       `json:\"version\"`\n\tChanged time.Time `json:\"changed,omitzero\"`\n}\n\n"
	}
	if has(s.Methods, "POST") {
		text += "type Comment struct {\n\tText string `json:\"text\"`\n}\n\n"
	}
	return text
}

// changes reports whether the note has a date.
func (s State) changes() bool { return s.Date != "" }

// sayNew makes the App.
func (s State) sayNew(w *writer) {
	var options []string
	if s.Precedence == "rfc9110" {
		options = append(options, "restmachine.WithPrecedence(restmachine.RFC9110)")
	}
	if s.Negotiation == "strict" {
		options = append(options, "restmachine.WithStrictNegotiation()")
	}
	w.say("app := restmachine.New(" + strings.Join(options, ", ") + ")")
}

func (s State) sayResource(w *writer) {
	note := `&Note{ID: "1", Title: "Milk", Text: text, Version: 2`
	if s.changes() {
		w.use("time")
		changed, _ := time.Parse(dateForm, s.Date)
		note += changed.Format(", Changed: time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)")
	}
	switch s.Exists {
	case "yes":
		w.say("app.ResourceExists(func(path restmachine.PathParams) *Note {\n" +
			"\tif path.Get(\"id\") != \"1\" {\n\t\treturn nil // this note is missing\n\t}\n" +
			"\treturn " + note + "}\n})")
	default:
		w.say("app.ResourceExists(func() *Note { return nil }) // the note is missing")
	}
	switch s.Exists {
	case "gone":
		w.say("app.PreviouslyExisted(func() bool { return true })")
	case "moved":
		w.say(`app.MovedPermanently(func() string { return "/archive/1" })`)
	case "away":
		w.say(`app.MovedTemporarily(func() string { return "/archive/1" })`)
	}
	switch s.Tag {
	case "strong":
		w.use("fmt")
		w.say(`app.GenerateETag(func(n *Note) string { return fmt.Sprintf("v%d", n.Version) })`)
	case "weak":
		w.use("fmt")
		w.say(`app.GenerateETag(func(n *Note) string { return restmachine.WeakETag(fmt.Sprintf("v%d", n.Version)) })`)
	}
	if s.changes() {
		w.say("app.LastModified(func(n *Note) time.Time { return n.Changed })")
	}
	if s.Cache != "none" {
		w.say("app.CacheControl(func(*Note) string { return " + strconv.Quote(s.Cache) + " })")
	}
}

func (s State) sayGates(w *writer) {
	if s.Available == "no" {
		w.say("app.ServiceAvailable(func() bool { return false })")
	}
	switch s.Auth {
	case "token":
		w.use("net/http")
		w.say("app.Authorized(func(h http.Header) bool { return h.Get(\"Authorization\") == \"Bearer " + token + "\" })")
	case "no":
		w.say("app.Authorized(func() bool { return false })")
	}
	switch {
	case s.Forbidden == "all":
		w.say("app.Forbidden(func() bool { return true })")
	case s.Forbidden == "writes":
		w.say("app.Forbidden(func(m restmachine.Method) bool { return !m.Safe() })")
	case s.Forbidden == "note" && s.creates():
		w.say("app.Forbidden(func(restmachine.Optional[*Note]) bool { return true })")
	case s.Forbidden == "note":
		w.say("app.Forbidden(func(*Note) bool { return true })")
	}
	if s.Malformed == "yes" {
		w.use("net/url")
		w.say("app.MalformedRequest(func(query url.Values) bool { return len(query) > 0 })")
	}
	if s.Target == "100" {
		w.use("net/http")
		w.say("app.URITooLong(func(r *http.Request) bool { return len(r.URL.RequestURI()) > 100 })")
	}
	if s.Limit == "1000" {
		w.say("app.MaxBody(1000)")
	}
	if s.Conflict == "yes" {
		w.say("app.IsConflict(func() bool { return true })")
	}
	if s.Require == "yes" {
		w.say("app.RequirePreconditions()")
	}
}

func (s State) sayVariants(w *writer) {
	if has(s.Types, "json") && s.Types != "json" {
		w.say(`app.Provides("application/json", func(n *Note) *Note { return n })`)
	}
	if has(s.Types, "html") {
		w.use("html")
		w.say("app.Provides(\"text/html; charset=utf-8\", func(n *Note) string {\n" +
			"\treturn \"<h1>\" + html.EscapeString(n.Title) + \"</h1>\\n<p>\" + html.EscapeString(n.Text) + \"</p>\\n\"\n})")
	}
	if has(s.Types, "text") {
		w.say("app.Provides(\"text/plain; charset=utf-8\", func(n *Note) []byte {\n" +
			"\treturn []byte(n.Title + \"\\n\\n\" + n.Text + \"\\n\")\n})")
	}
	if s.Languages != "" {
		w.say(`app.Languages("` + strings.ReplaceAll(s.Languages, ",", `", "`) + `")`)
	}
	if s.Codings != "" {
		w.say(`app.Encodings("gzip")`)
	}
	if s.Choices == "yes" {
		w.say("app.MultipleChoices(func() bool { return true })")
	}
}

func (s State) sayHandlers(w *writer) {
	switch {
	case s.speaksGerman():
		w.say(`app.Get("` + notePath + `", func(n *Note, chosen restmachine.Selected) *Note {
	note := *n
	if chosen.Language == "de" {
		note.Title, note.Text = "Milch", german
	}
	return &note
})`)
	case has(s.Methods, "GET"):
		w.say(`app.Get("` + notePath + `", func(n *Note) *Note { return n })`)
	}
	if has(s.Methods, "PUT") {
		s.sayPut(w)
	}
	if has(s.Methods, "PATCH") {
		w.say(`app.Patch("` + notePath + `", func(n *Note, in restmachine.Body[restmachine.MergePatch[*Note]]) (*Note, error) {
	patched, err := in.Value.Apply(n)
	if err != nil {
		return nil, err
	}
` + s.saved("patched", "n") + `
})`)
	}
	if has(s.Methods, "DELETE") {
		w.say("app.Delete(\"" + notePath + "\", func(*Note) error {\n\treturn " + s.refusal(w) + "\n})")
		if s.Delete == "pending" {
			w.say("app.DeleteCompleted(func() bool { return false })")
		}
	}
	if has(s.Methods, "POST") {
		s.sayPost(w)
	}
	s.refusal(w)
}

func (s State) sayPut(w *writer) {
	if s.Create == "no" {
		w.say(`app.Put("` + notePath + `", func(n *Note, in restmachine.Body[Note]) (*Note, error) {
	note := in.Value
` + s.saved("&note", "n") + `
})`)
		return
	}
	w.say(`app.Put("` + notePath + `", func(path restmachine.PathParams, old restmachine.Optional[*Note], in restmachine.Body[Note]) (*Note, error) {
	if !old.OK {
		old.Value = &Note{ID: path.Get("id")}
	}
	note := in.Value
` + s.saved("&note", "old.Value") + `
})`)
}

// saved are the statements that write a note over the old one, and return it.
func (s State) saved(note, old string) string {
	if s.Store != "ok" {
		name := strings.TrimPrefix(note, "&")
		return "\t_ = " + name + " // the store does not take it\n\treturn nil, " + s.refusal(&writer{})
	}
	name := strings.TrimPrefix(note, "&")
	set := "\t" + name + ".ID, " + name + ".Version = " + old + ".ID, " + old + ".Version+1\n"
	if s.changes() {
		set += "\t" + name + ".Changed = time.Now()\n"
	}
	if s.Put == "nothing" {
		return set + "\treturn nil, nil // saved, and the client has it"
	}
	return set + "\treturn " + note + ", nil"
}

// refusal is the error of the store, as an expression.
func (s State) refusal(w *writer) string {
	switch s.Store {
	case "stale":
		return "restmachine.ErrStale"
	case "invalid":
		return `&restmachine.Problem{Status: 422, Detail: "the store does not take these values"}`
	case "fails":
		if s.writes() {
			w.use("errors")
		}
		return `errors.New("the disk is full")`
	}
	return "nil"
}

// writes reports whether the App has a handler that writes.
func (s State) writes() bool { return s.Methods != "" && s.Methods != "GET" }

func (s State) sayPost(w *writer) {
	const at = `"/notes/1/comments/1"`
	reply := map[string]string{
		"created": "restmachine.Created(" + at + ", &in.Value)",
		"content": "restmachine.NewReply(0, &in.Value)",
		"later":   "restmachine.Accepted(" + at + ", &in.Value)",
		"see":     "restmachine.SeeOther[*Comment](" + at + ")",
		"nothing": "restmachine.NoContent[*Comment]()",
	}[s.Post]
	if s.Store != "ok" {
		reply = "nil"
	}
	note := "_ *Note"
	if s.Missing == "yes" {
		note = "_ restmachine.Optional[*Note]"
		w.say("app.AllowMissingPost(func() bool { return true })")
	}
	w.say(`app.Post("` + notePath + `", func(` + note + `, in restmachine.Body[Comment]) (*restmachine.Reply[*Comment], error) {
	return ` + reply + ", " + s.refusal(w) + `
})`)
}
