package walk

import "github.com/restmachine/restmachine-go/restmachine/internal/plan"

// WithoutUsual calls f, in which Apps are compiled whose usual requests are walked row by row, too.
func WithoutUsual(f func()) {
	was := usual
	usual = func(*plan.Method) bool { return false }
	defer func() { usual = was }()
	f()
}
