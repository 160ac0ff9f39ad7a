// Package play answers one request to one App, both of which are chosen on the page of the
// playground. A [State] comes in, written as the fragment of a link. The [Answer] goes out: the
// response, the way through the graph, the program, and the curl line. It runs in the browser and
// in tests: it does not know of JavaScript.
package play

import "slices"

// A State is what the page shows: what is true of the resource, and the request.
type State struct {
	// What is true. Each is one of the options of the [Setting] of the same name.
	Exists, Tag, Available, Auth, Forbidden, Malformed, Target, Limit, Conflict, Choices string
	Create, Missing, Put, Post, Delete, Store, Require, Precedence, Negotiation, Cache   string
	// Sets: names of options, separated by commas, in the order of the Setting.
	Methods, Types, Languages, Codings string
	// Date is when the note changed last, as in 2026-01-15T10:00:00, or "".
	Date string

	// The request.
	Method, Path, Content string
	Fields                []Field
}

// A Field is a line of the header of a request or response.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Setting is something that can be chosen about the App. Its first option is the default; of a
// set, all that are marked are.
type Setting struct {
	Name    string   // in links
	Label   string   // on the page
	Group   string   // under which heading of the page
	Set     bool     // any number of the options
	Options []Option // none: a date
	of      func(*State) *string
	unset   string // the default of a set or date
}

// An Option is one choice.
type Option struct{ Name, Label string }

// Default is the value of a state in which nothing was chosen.
func (s Setting) Default() string {
	if s.Set || len(s.Options) == 0 {
		return s.unset
	}
	return s.Options[0].Name
}

// Value is what is chosen in a state.
func (s Setting) Value(of State) string { return *s.of(&of) }

// has reports whether there is an option of that name.
func (s Setting) has(name string) bool {
	return slices.ContainsFunc(s.Options, func(o Option) bool { return o.Name == name })
}

// The headings of the settings.
const (
	resource = "The note"
	methods  = "Methods"
	variants = "What is offered"
	gates    = "Who may, and when"
	policy   = "How strict"
)

// Groups returns the headings in their order.
func Groups() []string { return []string{resource, methods, variants, gates, policy} }

// Settings is all that can be chosen about the App.
var Settings = []Setting{
	{Name: "exists", Label: "Note 1", Group: resource, of: func(s *State) *string { return &s.Exists }, Options: []Option{
		{"yes", "exists"}, {"no", "never existed"}, {"gone", "is gone"}, {"moved", "moved for good"}, {"away", "moved for now"}}},
	{Name: "tag", Label: "Entity-tag", Group: resource, of: func(s *State) *string { return &s.Tag }, Options: []Option{
		{"strong", `strong: "v2"`}, {"weak", `weak: W/"v2"`}, {"none", "none"}}},
	{Name: "date", Label: "Last modified", Group: resource, unset: "2026-01-15T10:00:00", of: func(s *State) *string { return &s.Date }},
	{Name: "cache", Label: "Cache-Control", Group: resource, of: func(s *State) *string { return &s.Cache }, Options: []Option{
		{"none", "not said"}, {"no-cache", "no-cache"}, {"max-age=60", "max-age=60"}}},

	{Name: "methods", Label: "Handlers for", Group: methods, Set: true, unset: "GET,PUT,PATCH,DELETE", of: func(s *State) *string { return &s.Methods }, Options: []Option{
		{"GET", "GET"}, {"PUT", "PUT"}, {"PATCH", "PATCH"}, {"DELETE", "DELETE"}, {"POST", "POST"}}},
	{Name: "create", Label: "PUT to a missing note", Group: methods, of: func(s *State) *string { return &s.Create }, Options: []Option{
		{"no", "is refused"}, {"yes", "creates it"}}},
	{Name: "put", Label: "PUT and PATCH return", Group: methods, of: func(s *State) *string { return &s.Put }, Options: []Option{
		{"note", "the note"}, {"nothing", "nothing"}}},
	{Name: "delete", Label: "DELETE", Group: methods, of: func(s *State) *string { return &s.Delete }, Options: []Option{
		{"done", "is done at once"}, {"pending", "takes its time"}}},
	{Name: "post", Label: "POST of a comment", Group: methods, of: func(s *State) *string { return &s.Post }, Options: []Option{
		{"created", "creates it"}, {"content", "returns it"}, {"nothing", "returns nothing"}, {"later", "is accepted for later"}, {"see", "sends the client elsewhere"}}},
	{Name: "missing", Label: "POST to a missing note", Group: methods, of: func(s *State) *string { return &s.Missing }, Options: []Option{
		{"no", "is refused"}, {"yes", "is processed"}}},
	{Name: "store", Label: "The store, on a write", Group: methods, of: func(s *State) *string { return &s.Store }, Options: []Option{
		{"ok", "writes"}, {"stale", "was changed by somebody else"}, {"invalid", "refuses the values"}, {"fails", "fails"}}},

	{Name: "types", Label: "Media types", Group: variants, Set: true, unset: "json", of: func(s *State) *string { return &s.Types }, Options: []Option{
		{"json", "JSON"}, {"html", "HTML"}, {"text", "plain text, with ranges"}}},
	{Name: "languages", Label: "Languages", Group: variants, Set: true, of: func(s *State) *string { return &s.Languages }, Options: []Option{
		{"en", "English"}, {"de", "German"}}},
	{Name: "codings", Label: "Codings", Group: variants, Set: true, of: func(s *State) *string { return &s.Codings }, Options: []Option{
		{"gzip", "gzip"}}},
	{Name: "choices", Label: "Multiple choices", Group: variants, of: func(s *State) *string { return &s.Choices }, Options: []Option{
		{"no", "no"}, {"yes", "yes: the client chooses"}}},

	{Name: "available", Label: "The service", Group: gates, of: func(s *State) *string { return &s.Available }, Options: []Option{
		{"yes", "is available"}, {"no", "is not available"}}},
	{Name: "auth", Label: "Authorized", Group: gates, of: func(s *State) *string { return &s.Auth }, Options: []Option{
		{"open", "is everybody"}, {"token", "is who has the token"}, {"no", "is nobody"}}},
	{Name: "forbidden", Label: "Forbidden", Group: gates, of: func(s *State) *string { return &s.Forbidden }, Options: []Option{
		{"no", "is nothing"}, {"writes", "are writes"}, {"note", "is this note"}, {"all", "is everything"}}},
	{Name: "conflict", Label: "PUT and PATCH", Group: gates, of: func(s *State) *string { return &s.Conflict }, Options: []Option{
		{"no", "agree with the note"}, {"yes", "are in conflict with it"}}},

	{Name: "require", Label: "A write without a precondition", Group: policy, of: func(s *State) *string { return &s.Require }, Options: []Option{
		{"no", "is taken"}, {"yes", "is refused"}}},
	{Name: "precedence", Label: "A tag and a date together", Group: policy, of: func(s *State) *string { return &s.Precedence }, Options: []Option{
		{"combine", "304 if both agree"}, {"rfc9110", "only the tag counts"}}},
	{Name: "negotiation", Label: "A language that is not offered", Group: policy, of: func(s *State) *string { return &s.Negotiation }, Options: []Option{
		{"lenient", "gets the first"}, {"strict", "is refused"}}},
	{Name: "malformed", Label: "A query", Group: policy, of: func(s *State) *string { return &s.Malformed }, Options: []Option{
		{"no", "is ignored"}, {"yes", "is malformed"}}},
	{Name: "target", Label: "Longest target", Group: policy, of: func(s *State) *string { return &s.Target }, Options: []Option{
		{"8192", "8 KiB"}, {"100", "100 bytes"}}},
	{Name: "limit", Label: "Longest content", Group: policy, of: func(s *State) *string { return &s.Limit }, Options: []Option{
		{"1048576", "1 MiB"}, {"1000", "1,000 bytes"}}},
}

// The default request.
const (
	defaultMethod  = "GET"
	defaultPath    = "/notes/1"
	missingPath    = "/notes/2"
	noteContent    = `{"title": "Milk", "text": "Buy three bottles."}`
	commentContent = `{"text": "Oat milk, please."}`
	patchType      = "application/merge-patch+json"
)

// New returns the state in which nothing was chosen.
func New() State {
	s := State{Method: defaultMethod, Path: defaultPath}
	for _, setting := range Settings {
		*setting.of(&s) = setting.Default()
	}
	return s
}
