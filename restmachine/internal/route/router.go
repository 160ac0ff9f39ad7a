// This file finds the pattern for a path. Patterns come in at start and make a table. Then
// paths come in, and the index of a pattern goes out.
//
// The table uses httprouter. It is fast because its tree never backtracks: after each
// prefix there is either one parameter or there are literals. Patterns that cannot share
// a tree go into a stack of trees. The trees are asked in turn, more specific patterns
// first. The usual set of patterns needs one tree.
//
// Two kinds of patterns do not need a tree. Patterns without parameters are always the most
// specific, and a map finds them. Patterns whose only parameter is the last segment come
// next: any other pattern that matches the same path has a parameter where these have a
// literal. A map of the text before the parameter finds them, without an allocation.

package route

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/julienschmidt/httprouter"
)

// Table finds patterns by path. It is immutable and safe for concurrent use.
type Table struct {
	patterns []Pattern
	static   map[string]int // the patterns without parameters, by shape
	lengths  lengths        // of the shapes in static
	ending   map[string]int // the patterns that end in their only parameter, by the text before it
	few      []ending       // the same as a list, where it is short
	layers   []*httprouter.Router
}

// An ending is a pattern that ends in its only parameter, and the text before it.
type ending struct {
	before string
	index  int
}

// most is how many endings are compared one by one. A look into a map costs as much as some six
// comparisons.
const most = 6

// lengths are the lengths of texts, from 64 on taken for one another. A text of another length
// is not among them.
type lengths uint64

func (l *lengths) add(text string)     { *l |= 1 << (len(text) % 64) }
func (l lengths) has(text string) bool { return l&(1<<(len(text)%64)) != 0 }

// Conflict is a pair of patterns that match the same paths: their indices I < J, and a
// sentence that says so.
type Conflict struct {
	I, J int
	Why  string
}

// method is the method under which all patterns are registered. The table knows only paths.
const method = http.MethodGet

// New makes a table of patterns that Parse made. If patterns are in conflict, the first
// is in the table. Each of the others is reported together with the first.
func New(patterns []Pattern) (*Table, []Conflict) {
	t := &Table{patterns: patterns, static: make(map[string]int), ending: make(map[string]int)}
	var conflicts []Conflict
	var dynamic []int
	first := make(map[string]int, len(patterns))
	for i, p := range patterns {
		if j, taken := first[p.shape]; taken {
			conflicts = append(conflicts, Conflict{j, i, patterns[j].Conflict(p)})
			continue
		}
		first[p.shape] = i
		if before, ends := strings.CutSuffix(p.shape, parameterShape); len(p.names) == 0 {
			t.static[p.shape] = i
			t.lengths.add(p.shape)
		} else if ends && len(p.names) == 1 {
			t.ending[before] = i
			t.few = append(t.few, ending{before, i})
		} else {
			dynamic = append(dynamic, i)
		}
	}
	if len(t.few) > most {
		t.few = nil
	}
	t.addLayers(patterns, dynamic)
	return t, conflicts
}

// addLayers puts each pattern into the layer below all more specific patterns that cannot
// share a tree with it. Patterns that match a common path never share a tree. So the first
// layer that knows a path has the most specific pattern for it.
func (t *Table) addLayers(patterns []Pattern, indices []int) {
	slices.SortStableFunc(indices, func(i, j int) int {
		return compare(patterns[i], patterns[j])
	})
	var plans []layer
	for _, i := range indices {
		p := patterns[i]
		n := len(plans)
		for n > 0 && !plans[n-1].clashes(p) {
			n--
		}
		if n == len(plans) {
			plans = append(plans, layer{})
			t.layers = append(t.layers, httprouter.New())
		}
		plans[n].add(p)
		t.layers[n].Handle(method, p.shape, answer(i))
	}
}

// compare orders patterns by specificity. The leftmost difference decides.
func compare(p, q Pattern) int {
	return slices.CompareFunc(p.segments, q.segments, func(a, b segment) int {
		return cmp.Compare(a.kind, b.kind)
	})
}

// A layer is the plan of one tree. For each shape of a path up to a segment, it has the
// kind of that segment. The kind is the same for all patterns of one tree.
type layer map[string]kind

// clashes reports whether p cannot be in the tree. There httprouter would panic.
func (l layer) clashes(p Pattern) bool {
	for prefix, k := range p.places() {
		if other, ok := l[prefix]; ok && other != k {
			return true
		}
	}
	return false
}

func (l layer) add(p Pattern) {
	for prefix, k := range p.places() {
		l[prefix] = k
	}
}

// places yields, for each segment, the shape of the path before it and its kind.
func (p Pattern) places() func(yield func(string, kind) bool) {
	return func(yield func(string, kind) bool) {
		end := 0
		for _, seg := range p.segments {
			end++ // the "/" before the segment
			if !yield(p.shape[:end], seg.kind) {
				return
			}
			end += len(seg.shape)
		}
	}
}

// answer makes a handle that tells which pattern it belongs to. A handle can tell this only
// through its arguments. It uses the key of the first parameter: the parameters belong to
// the caller and are never empty, and their keys are not used otherwise.
func answer(index int) httprouter.Handle {
	key := strconv.Itoa(index)
	return func(_ http.ResponseWriter, _ *http.Request, params httprouter.Params) {
		params[0].Key = key
	}
}

// Find finds the pattern for the escaped path of a request. simple says whether the path
// is simple: see IsSimple. Find returns the index of the pattern and its parameters. A
// path with an invalid percent-encoding matches nothing. Clean finds the other faults.
func (t *Table) Find(path string, simple bool) (index int, params Params, ok bool) {
	asIs := simple || isCanonical(path)
	if !asIs {
		if path, ok = canonical(path); !ok {
			return 0, Params{}, false
		}
	}
	if t.lengths.has(path) {
		if index, ok = t.static[path]; ok {
			return index, Params{pattern: &t.patterns[index], path: path}, true
		}
	}
	if cut := strings.LastIndexByte(path, '/') + 1; cut < len(path) {
		if index, ok = t.endingOf(path[:cut]); ok {
			params = Params{pattern: &t.patterns[index], path: path}
			if !asIs {
				params.decoded = &[]string{decode(path[cut:])}
			}
			return index, params, true
		}
	}
	return t.climb(path, asIs)
}

// endingOf finds the pattern that ends in its only parameter, by the text before it.
func (t *Table) endingOf(before string) (index int, ok bool) {
	if t.few == nil {
		index, ok = t.ending[before]
		return index, ok
	}
	for i := range t.few {
		if t.few[i].before == before {
			return t.few[i].index, true
		}
	}
	return 0, false
}

// climb asks the trees in turn.
func (t *Table) climb(path string, asIs bool) (index int, params Params, ok bool) {
	for _, tree := range t.layers {
		handle, found, _ := tree.Lookup(method, path)
		if handle == nil || hasEmpty(found) {
			continue
		}
		handle(nil, nil, found)
		index, _ = strconv.Atoi(found[0].Key)
		params = Params{pattern: &t.patterns[index], path: path}
		if !asIs {
			params.decoded = decodeAll(found)
		}
		return index, params, true
	}
	return 0, Params{}, false
}

// hasEmpty reports whether a parameter matched an empty segment. httprouter allows this,
// and we do not. The rest of a path begins with "/" here, so it is never empty.
func hasEmpty(params httprouter.Params) bool {
	for i := range params {
		if params[i].Value == "" {
			return true
		}
	}
	return false
}

// decodeAll decodes the values of parameters from the canonical spelling.
func decodeAll(params httprouter.Params) *[]string {
	values := make([]string, len(params))
	for i := range params {
		value := params[i].Value
		if value[0] == '/' { // the rest of a path
			value = value[1:]
		}
		values[i] = decode(value)
	}
	return &values
}

// decode decodes a value from the canonical spelling. Every percent-encoding in it is
// valid.
func decode(canonical string) string {
	decoded, _ := url.PathUnescape(canonical)
	return decoded
}
