// These tests check the table itself: how it is written, and how it decides.

package decision

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHTTPIsWellFormed(t *testing.T) {
	assert.NoError(t, HTTP.Check(Start))
}

// The page keeps what doc.go says about it. A name has the coordinates of its
// constant. Every edge leads downwards. Every row cites a section. The table is one
// page.
func TestTableReadsAsPromised(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "table.go", nil, parser.ParseComments)
	require.NoError(t, err)
	assert.Less(t, fset.File(file.Pos()).LineCount(), 110, "one page")

	comments := map[int]string{} // by line
	for _, c := range file.Comments {
		comments[fset.Position(c.Pos()).Line] = c.Text()
	}
	line := map[string]int{}
	rows := tableRows(file)
	require.Len(t, rows, len(HTTP))
	for _, kv := range rows {
		line[kv.Key.(*ast.Ident).Name] = fset.Position(kv.Pos()).Line
	}
	section := regexp.MustCompile(`^(RFC (6585|5789), )?\d+(\.\d+)*\b`)
	for _, kv := range rows {
		name := kv.Key.(*ast.Ident).Name
		at := line[name]
		assert.Regexp(t, section, comments[at], "%s cites no section", name)

		var id ID
		require.NoError(t, id.UnmarshalText([]byte(name)))
		cells := kv.Value.(*ast.CompositeLit).Elts
		label, _ := strconv.Unquote(cells[2].(*ast.BasicLit).Value)
		assert.Equal(t, label, HTTP[id].Label, "the constant %s has other coordinates", name)
		for _, cell := range cells[:2] {
			if to, ok := cell.(*ast.Ident); ok {
				assert.Greater(t, line[to.Name], at, "%s-%s leads upwards", name, to.Name)
			}
		}
	}
}

// The blocks of the drawing are the groups of the page, in the order of the page.
func TestKindsAreTheGroupsOfTheTable(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "table.go", nil, parser.ParseComments)
	require.NoError(t, err)
	groups := []string{"System and request checks.", "Proactive negotiation.", "The target resource.",
		"Preconditions on a current representation.", "No current representation.", "The method.", "The content of the answer."}
	require.Len(t, kinds, len(groups))
	comments := map[int]string{} // by line
	for _, c := range file.Comments {
		comments[fset.Position(c.Pos()).Line] = strings.TrimSpace(c.Text())
	}
	group := -1
	for _, kv := range tableRows(file) {
		if at := fset.Position(kv.Pos()).Line; group+1 < len(groups) && comments[at-1] == groups[group+1] {
			group++
		}
		var id ID
		require.NoError(t, id.UnmarshalText([]byte(kv.Key.(*ast.Ident).Name)))
		assert.Equal(t, kinds[group].class, id.kind().class, "%v, of %q", id, groups[group])
	}
	assert.Equal(t, len(groups)-1, group)
}

// tableRows returns the rows of HTTP as they are written.
func tableRows(file *ast.File) (rows []*ast.KeyValueExpr) {
	ast.Inspect(file, func(n ast.Node) bool {
		kv, ok := n.(*ast.KeyValueExpr)
		if ok {
			rows = append(rows, kv)
		}
		return !ok
	})
	return rows
}

// walk is the plain interpreter. The tests compare everything else with it. It returns
// the rows of the path and the status at its end.
func walk(g Graph, id ID, answer func(ID) Answer) (path []ID, status int) {
	for !id.IsStatus() {
		path = append(path, id)
		switch answer(id) {
		case Yes:
			id = g[id].Yes
		case No:
			id = g[id].No
		default:
			return path, int(answer(id))
		}
	}
	return path, int(id)
}

// A yes is the set of rows that answer yes. All other rows answer no.
type yes map[ID]bool

// on returns the set with the answers of these rows reversed.
func (y yes) on(ids ...ID) yes {
	turned := yes{}
	for id, is := range y {
		turned[id] = is
	}
	for _, id := range ids {
		turned[id] = !turned[id]
	}
	return turned
}

func (y yes) answer(id ID) Answer { return Bool(y[id]) }

var (
	// fine answers for a request that nothing stops: the resource exists, and its
	// acts succeed.
	fine = yes{}.on(B13, B12, B10, B8, B6, B5, B4, C4, D5, E6, F7, G5, G6, G7, G7b,
		G10, J13, H8, P4, P12, M20, M20b, N11, O15, O18, O19, O20, P20, P21)
	get    = fine.on(G10b, J13b, J18)
	put    = fine.on(O16)
	patch  = fine.on(O17)
	post   = fine.on(L7, M5, H9, N16)
	remove = fine.on(M16)
	create = put.on(G7, I7)
	// postNew is a POST to a missing resource, which is allowed.
	postNew = post.on(G7, M7)
)

// Each case is a request, the status at its end, and a part of its path.
func TestHTTPDecides(t *testing.T) {
	for _, tt := range []struct {
		name, reason string
		request      yes
		want         int
		path         string
	}{
		{"GET", "9.3.1", get, 200, "L13 M16 N16 O16 O17 O18 O20 O19 P19"},
		{"GET that returns nothing", "it is missing, then", get.on(G7b), 404, "G7b I7 K7 L7"},
		{"GET without content", "15.3.5", get.on(O20), 204, "O18 O20"},
		{"GET that cannot be rendered", "15.6.1", get.on(O19), 500, "O20 O19"},
		{"GET of choices", "15.4.1, whatever If-Match says", get.on(G7c, G8), 300, "G7b G7c"},
		{"GET, all negotiated", "12.5", get.on(C3, D4, E5, F6), 200, "C3 C4 D4 D5 E5 E6 F6 F7 G5"},
		{"OPTIONS", "9.3.7, before authorisation", fine.on(B3, B8), 200, "B9 B3"},

		{"Range", "15.3.7", get.on(P19), 206, "O19 P19 P20 P21"},
		{"Range that cannot be met", "15.5.17", get.on(P19, P21), 416, "P20 P21"},
		{"Range of an old state", "13.1.5: all of the new one", get.on(P19, P20, P21), 200, "P19 P20"},
		{"Range and a match", "13.2.2: Range comes last", get.on(P19, I12, K13), 304, "K13 J18 J19"},

		{"If-Match *", "13.1.1", put.on(G8, G9), 200, "G8 G9 I12"},
		{"If-Match matches", "13.1.4: the date is ignored", put.on(G8, G11, H10, H11, H12), 200, "G8 G9 G10 G11 I12"},
		{"If-Match does not", "13.1.1", put.on(G8), 412, "G8 G9 G10 G11"},
		{"If-Match unreadable, GET", "it does not match", get.on(G8, G10), 412, "G10 G10b"},
		{"If-Match unreadable, PUT", "nothing is written", put.on(G8, G10), 400, "G10 G10b"},
		{"If-Unmodified-Since, modified", "13.1.4", put.on(H10, H11, H12), 412, "H10 H11 H12"},
		{"If-Unmodified-Since, not", "13.1.4", put.on(H10, H11), 200, "H10 H11 H12 I12"},
		{"If-Unmodified-Since, no date", "13.1.4: ignored", put.on(H10, H12), 200, "H10 H11 I12"},

		{"If-None-Match *, GET", "13.1.2", get.on(I12, I13), 304, "I13 J18 J19"},
		{"If-None-Match *, PUT", "13.1.2", put.on(I12, I13), 412, "I13 J18"},
		{"If-None-Match matches, GET", "13.1.2", get.on(I12, K13), 304, "J13 K13 J18 J19"},
		{"If-None-Match matches, DELETE", "13.1.2", remove.on(I12, K13), 412, "K13 J18"},
		{"If-None-Match matches, the date does not", "the seed's rule", get.on(I12, K13, J19), 200, "J18 J19 M16"},
		{"If-None-Match does not", "13.1.3: the date is ignored", get.on(I12, L13, L14), 200, "I12 I13 J13 K13 M16"},
		{"If-None-Match unreadable, GET", "it does not match", get.on(I12, J13), 200, "J13 J13b M16"},
		{"If-None-Match unreadable, PUT", "nothing is written", put.on(I12, J13), 400, "J13 J13b"},
		{"If-Modified-Since, not modified", "13.1.3", get.on(L13, L14), 304, "I12 L13 L14 L17"},
		{"If-Modified-Since, modified", "13.1.3", get.on(L13, L14, L17), 200, "L14 L17 M16"},
		{"If-Modified-Since, no date", "13.1.3: ignored", get.on(L13), 200, "L13 L14 M16"},

		{"PUT replaces", "9.3.4", put, 200, "M16 N16 O16 O14 O15 O20 O19 P19"},
		{"PUT replaces, and says nothing", "9.3.4", put.on(O20), 204, "O15 O20"},
		{"PUT in conflict", "15.5.10", put.on(O14), 409, "O16 O14"},
		{"PATCH", "RFC 5789, 2", patch, 200, "O16 O17 O14 O15 O20"},
		{"PATCH in conflict", "RFC 5789, 2.2", patch.on(O14), 409, "O17 O14"},
		{"DELETE", "9.3.5", remove.on(O20), 204, "M16 M20 M20b O20"},
		{"DELETE, pending", "15.3.3", remove.on(M20b), 202, "M20 M20b"},
		{"DELETE that fails", "15.6.1", remove.on(M20), 500, "M16 M20"},
		{"POST", "9.3.3", post, 200, "M16 N16 N11 P11 O20 O19 P19"},
		{"POST creates", "15.3.2", post.on(P11), 201, "N11 P11 P12"},
		{"POST that fails", "15.6.1", post.on(N11), 500, "N16 N11"},

		{"missing", "15.5.5, whatever If-Match says: 13.2.1", get.on(G7, G8, H7), 404, "G7 I7 K7 L7"},
		{"missing, DELETE", "13.2.1", remove.on(G7, G8, H7, G7d), 404, "I7 K7 L7"},
		{"missing, PUT that cannot create", "13.2.1", put.on(G7, G8, H7, P2), 404, "I7 K7 L7"},
		{"gone", "15.5.11", get.on(G7, K7), 410, "K7 K5 L5 M5"},
		{"moved for good", "15.4.2", get.on(G7, K7, K5), 301, "K7 K5"},
		{"moved for now", "15.4.8", get.on(G7, K7, L5), 307, "K5 L5"},
		{"moved, PUT", "15.4.2", create.on(I4), 301, "I7 I4"},

		{"PUT creates", "9.3.4, through P12", create, 201, "I7 I4 H6 H7 H8 H9 P2 P3 P4 P12"},
		{"PATCH creates", "RFC 5789, 2", patch.on(G7, I7), 201, "I7 I4 H6 H7 H8 H9 P2 P3 P4 P12"},
		{"PUT creates, If-None-Match *", "13.1.2: it holds", create.on(I12, I13), 201, "P4 P12"},
		{"PUT would create, If-Match", "13.1.1", create.on(H7), 412, "H6 H7"},
		{"PUT would create, If-Match and none required", "412 comes before 428", create.on(H7, P2), 412, "H6 H7"},
		{"PUT would create, unreadable", "nothing is written", create.on(H8), 400, "H7 H8"},
		{"PUT would create, unconditionally", "RFC 6585, 3", create.on(P2), 428, "H9 P2"},
		{"PUT would create in conflict", "15.5.10", create.on(P3), 409, "P2 P3"},
		{"PUT may not create", "15.5.4", create.on(H6, H7), 403, "I4 H6"},
		{"PUT creates what cannot be rendered", "15.6.1", create.on(P12), 500, "P4 P12"},
		{"PUT fails to create", "15.6.1", create.on(P4), 500, "P3 P4"},
		{"POST to missing", "not 428, which is for PUT, PATCH and DELETE", postNew.on(P2), 200,
			"L7 M7 H6 H7 H8 H9 N11 P11 O20 O19 P19"},
		{"POST to missing creates", "15.3.2", postNew.on(P11), 201, "N11 P11 P12"},
		{"POST to missing, If-Match", "13.1.1", postNew.on(H7), 412, "H6 H7"},
		{"POST to missing, not allowed", "15.5.5", post.on(G7, H7), 404, "L7 M7"},
		{"POST to gone", "15.5.11", post.on(G7, K7), 410, "M5 N5"},
		{"POST to gone, allowed", "9.3.3", post.on(G7, K7, N5), 200, "M5 N5 H6 H7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, status := walk(HTTP, Start, tt.request.answer)
			assert.Equal(t, tt.want, status, tt.reason)
			assert.Contains(t, names(path)+" ", " "+tt.path+" ", tt.reason)
		})
	}
}

// If two causes hold, the row further up decides.
func TestHTTPPrecedence(t *testing.T) {
	type cause struct {
		turn []ID
		want int
	}
	front := []cause{
		{[]ID{B13}, 503}, {[]ID{B12}, 501}, {[]ID{B11}, 414}, {[]ID{B10}, 405}, {[]ID{B9}, 400},
		{[]ID{B3}, 200}, {[]ID{B8}, 401}, {[]ID{B7}, 403}, {[]ID{B6}, 501}, {[]ID{B5}, 415},
		{[]ID{B4}, 413}, {[]ID{C3, C4}, 406}, {[]ID{D4, D5}, 406}, {[]ID{E5, E6}, 406},
		{[]ID{F6, F7}, 406}, {[]ID{G5}, 413}, {[]ID{G6}, 503},
	}
	for name, tt := range map[string]struct {
		request yes
		causes  []cause
	}{
		"existing, PUT": {put, []cause{{[]ID{G7}, 404}, {[]ID{G7a}, 403}, {[]ID{G7d}, 428},
			{[]ID{G8}, 412}, {[]ID{I12, K13}, 412}, {[]ID{O14}, 409}, {[]ID{O15}, 500}}},
		"existing, GET": {get, []cause{{[]ID{G7}, 404}, {[]ID{G7a}, 403}, {[]ID{G7c}, 300},
			{[]ID{G8}, 412}, {[]ID{I12, K13}, 304}, {[]ID{O18}, 500}}},
		"creating, PUT": {create, []cause{{[]ID{I4}, 301}, {[]ID{H6}, 403}, {[]ID{H7}, 412},
			{[]ID{H8}, 400}, {[]ID{P2}, 428}, {[]ID{P3}, 409}, {[]ID{P4}, 500}}},
	} {
		t.Run(name, func(t *testing.T) {
			causes := append(front[:len(front):len(front)], tt.causes...)
			for i, first := range causes {
				for _, second := range causes[i:] {
					both := tt.request.on(first.turn...)
					for _, id := range second.turn {
						both[id] = !tt.request[id]
					}
					_, status := walk(HTTP, Start, both.answer)
					assert.Equal(t, first.want, status, "%v and %v", first.turn, second.turn)
				}
			}
		})
	}
}

// names joins the ids of a path, with a space before each.
func names(path []ID) string {
	var b strings.Builder
	for _, id := range path {
		b.WriteString(" " + id.String())
	}
	return b.String()
}
