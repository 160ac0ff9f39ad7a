package restmachine

import "github.com/restmachine/restmachine-go/restmachine/internal/declare"

// This file tells what is odd in an App that can start. In come the reports of its plans. Out
// comes each with how odd it is, for the test kit and for tools.

// Report is something odd in the wiring of an App: not a fault, since it may be meant.
// The start of the App logs it, and [App.Describe] prints it.
type Report struct {
	Severity Severity
	Text     string // what is odd, where, and what to do
}

// Severity says how odd a Report is: a Notice or a Risk.
type Severity uint8

const (
	// Notice is of what does nothing, or may surprise: a provider or renderer that nothing uses, a
	// method Validate that is not called, since it is not as Validate() error, or a GET with a
	// Last-Modified and without CacheControl or Expires, so that browsers guess how long it is fresh.
	Notice = Severity(declare.Notice)
	// Risk is of a check that may be off, or that no client can satisfy: a path below a
	// Group's gates that was registered through another Scope, a rest in the place of such
	// a Group's parameter, RequirePreconditions where there is no validator, or a GET behind an
	// Authorized whose CacheControl lets a cache show the answer for one client to another.
	// restmachinetest.Check fails for it.
	Risk = Severity(declare.Risk)
)

// Reports returns what is odd in the App, risks first. It does not start the App. Where
// the App has wiring faults, it returns the error of Validate.
func (a *App) Reports() ([]Report, error) {
	m, err := a.compiled()
	if err != nil {
		return nil, err
	}
	var all []Report
	for _, r := range m.Plans().Reports {
		all = append(all, Report{Severity(r.Severity), r.Text})
	}
	return all, nil
}
