// An answer is yes, no, or a status that ends the walk.

package decision

import (
	"fmt"
	"strconv"
)

// An Answer to a row is [No], [Yes] or, made by [Status], a status that ends the
// walk at once. The zero Answer is No.
type Answer int16

// The answers that follow an edge.
const (
	No  Answer = 0
	Yes Answer = 1
)

// Bool returns [Yes] for true, [No] for false.
func Bool(b bool) Answer {
	if b {
		return Yes
	}
	return No
}

// Status returns the answer that ends the walk with this status. A code that is
// none (below 100 or above 599) becomes 500: a fault must never pass for a yes.
func Status(code int) Answer {
	if code < 100 || code > 599 {
		return 500
	}
	return Answer(code)
}

// String returns "yes", "no" or the status.
func (a Answer) String() string {
	switch a {
	case No:
		return "no"
	case Yes:
		return "yes"
	default:
		return strconv.Itoa(int(a))
	}
}

// MarshalText returns what String does.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads "yes", "no" or a status, and nothing else.
func (a *Answer) UnmarshalText(text []byte) error {
	switch s := string(text); s {
	case "no":
		*a = No
	case "yes":
		*a = Yes
	default:
		code, err := strconv.Atoi(s)
		if err != nil || Status(code).String() != s {
			return fmt.Errorf("decision: %q is neither yes nor no nor a status", s)
		}
		*a = Status(code)
	}
	return nil
}
