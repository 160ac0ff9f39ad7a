package walk

import "github.com/restmachine/restmachine-go/restmachine/internal/plan"

// WithoutExpress calls f, in which Apps are compiled whose every request is walked.
func WithoutExpress(f func()) {
	expressFor = func(*plan.Method, *Program) *express { return nil }
	defer func() { expressFor = expressOf }()
	f()
}

// HasExpress reports whether a method of an App that was compiled has an express.
func (w *Way) HasExpress() bool { return w.express != nil }
