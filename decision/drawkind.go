// This file sorts the rows of the graph into blocks by subject. An ID comes in, the
// block's title and colours go out. Drawings use them as tints. The coordinates of a
// row tell its block.

package decision

import "slices"

// A kind is the subject of the rows in a block.
type kind struct {
	class, title string
	tint, dark   string // colours on a light and on a dark background
	areas        []area
}

// An area holds the places from one column to another and from one row to another.
type area struct {
	from, to    byte
	first, last int
}

// kinds are the groups of the table, in its order.
var kinds = []kind{
	{"system", "System and request", "#e4e9ef", "#2a323c", []area{{'B', 'B', 1, maxRow}}},
	{"negotiation", "Proactive negotiation", "#ece3fb", "#352a4b", []area{{'C', 'F', 1, maxRow}}},
	{"resource", "The target resource", "#d8f1e5", "#1d3b30", []area{{'G', 'G', 1, 7}}},
	{"preconditions", "Preconditions", "#dbeafc", "#1f3450", []area{{'G', 'G', 8, maxRow}, {'H', 'L', 10, maxRow}}},
	{"missing", "No current representation", "#fde8d3", "#46311e", []area{{'H', 'P', 1, 9}}},
	{"method", "The method", "#fcf1bf", "#403a1a", []area{{'M', 'N', 10, maxRow}, {'O', 'O', 10, 18}, {'P', 'P', 10, 11}}},
	{"content", "Content of the answer", "#fbe0ea", "#472a39", []area{{'O', 'O', 19, maxRow}, {'P', 'P', 12, maxRow}}},
}

// kind returns the subject of the row. A place outside all blocks has the zero kind.
func (id ID) kind() kind {
	for _, k := range kinds {
		for _, a := range k.areas {
			if a.from <= id.Column() && id.Column() <= a.to && a.first <= id.Row() && id.Row() <= a.last {
				return k
			}
		}
	}
	return kind{}
}

// legend returns the kinds of the rows in the graph.
func (g Graph) legend() []kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k kind) bool {
		for id := range g {
			if id.kind().class == k.class {
				return false
			}
		}
		return true
	})
}
