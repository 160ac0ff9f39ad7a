// This file holds the answer that a row of the graph receives: yes, no, or a
// status that ends the walk. It turns a bool or a status code into an answer, and
// an answer into text and back.

package decision

import (
	"fmt"
	"strconv"
)

// An Answer is the answer to a row: [No], [Yes], or a status. [Status] makes a
// status, and a status ends the walk at once. The zero Answer is No.
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

// Status returns the answer that ends the walk with this status. A code below 100
// or above 599 is not a status: it becomes 500. A fault therefore never passes for
// a yes.
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
			return fmt.Errorf("decision: %q is not yes, no or a status", s)
		}
		*a = Status(code)
	}
	return nil
}
