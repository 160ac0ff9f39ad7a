// This file holds the ID: the target of an edge, either a place in the graph or a
// status, as one integer. IDs turn into text and back. The name of a place is
// computed from its coordinates, once for all places.

package decision

import (
	"fmt"
	"strconv"
	"sync"
)

// An ID is the target of an edge of a [Graph]. An ID from 100 to 599 is a status
// code. Any other ID except 0 is a coordinate on webmachine's diagram: a column (a
// letter) and a row (a number), for example B13. A row that the diagram does not have
// also has a sub-row (a letter), for example G7b. The zero ID is neither.
type ID uint16

// The high byte holds the letter of the column, so each coordinate is greater than
// any status. Below it, five bits hold the row and three bits hold the sub-row.
const (
	colBits = 8
	rowBits = 3
	maxRow  = 1<<(colBits-rowBits) - 1
	maxSub  = 1<<rowBits - 1
)

// IsStatus reports whether the ID is a status code.
func (id ID) IsStatus() bool { return 100 <= id && id <= 599 }

// Column returns the letter of the column, 'A' to 'Z', or 0 if the ID is not a
// coordinate.
func (id ID) Column() byte {
	if col := byte(id >> colBits); 'A' <= col && col <= 'Z' {
		return col
	}
	return 0
}

// Row returns the number of the row, 1 to 31, or 0 if the ID is not a coordinate.
func (id ID) Row() int {
	if id.Column() == 0 {
		return 0
	}
	return int(id>>rowBits) & maxRow
}

// Sub returns the number of the sub-row: 0 for none, 1 for a, and so on to 7 for g.
func (id ID) Sub() int {
	if id.Column() == 0 {
		return 0
	}
	return int(id) & maxSub
}

// String returns the name of the place, for example "G7b", or the status code, for
// example "304". The name of a place is not allocated.
func (id ID) String() string {
	row, sub := id>>rowBits&maxRow, id&maxSub
	switch {
	case id.IsStatus():
		return strconv.Itoa(int(id))
	case id < firstPlace || id > lastPlace || row == 0:
		return fmt.Sprintf("ID(%d)", uint16(id))
	}
	at, size := int(id-firstPlace)*maxName, 2
	if row > 9 {
		size++
	}
	if sub > 0 {
		size++
	}
	return placeNames()[at : at+size]
}

const (
	firstPlace ID = 'A' << colBits
	lastPlace  ID = 'Z'<<colBits + 1<<colBits - 1
	maxName       = 4 // the longest name, for example "G17b", in bytes
)

// placeNames returns the names of all places, in the order of their IDs. Each has the room
// of the longest. A single name is cut out of this text.
var placeNames = sync.OnceValue(func() string {
	var all []byte
	for id := firstPlace; id <= lastPlace; id++ {
		begin := len(all)
		all = strconv.AppendInt(append(all, id.Column()), int64(id.Row()), 10)
		if id.Sub() > 0 {
			all = append(all, 'a'+byte(id.Sub())-1)
		}
		all = append(all, "    "[len(all)-begin:]...)
	}
	return string(all)
})

// MarshalText returns what String returns. An ID that is not a status and not a
// coordinate is an error.
func (id ID) MarshalText() ([]byte, error) {
	if !id.IsStatus() && id.Row() == 0 {
		return nil, fmt.Errorf("decision: %v is not a place or a status", id)
	}
	return []byte(id.String()), nil
}

// UnmarshalText reads what [ID.MarshalText] writes, and nothing else.
func (id *ID) UnmarshalText(text []byte) error {
	read, ok := parseID(string(text))
	// There is one way to write an ID: "B03" and "+304" are not IDs.
	if !ok || read.String() != string(text) {
		return fmt.Errorf("decision: %q is not a place or a status", text)
	}
	*id = read
	return nil
}

// parseID reads a name leniently. The caller compares the result's name with the
// input.
func parseID(name string) (ID, bool) {
	if n, err := strconv.ParseUint(name, 10, 16); err == nil {
		return ID(n), ID(n).IsStatus()
	}
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return 0, false
	}
	col, rest, sub := ID(name[0]), name[1:], ID(0)
	if last := len(rest) - 1; last >= 0 && 'a' <= rest[last] && rest[last] < 'a'+maxSub {
		sub, rest = ID(rest[last]-'a')+1, rest[:last]
	}
	row, err := strconv.ParseUint(rest, 10, 16)
	if err != nil || row < 1 || row > maxRow {
		return 0, false
	}
	return col<<colBits + ID(row)<<rowBits + sub, true
}
