// These tests check the faults that Check reports, and diagram order.

package decision

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheckReportsEachFault(t *testing.T) {
	for _, tt := range []struct {
		name  string
		g     Graph
		start ID
		want  []string // all faults, in order
	}{
		{"none", Graph{B13: {200, B12, "A?"}, B12: {200, 503, "B!"}}, B13, nil},
		{"start", Graph{B13: {200, 503, "A?"}}, B12, []string{"the start B12 is not a row"}},
		{"empty", Graph{}, B13, []string{"the start B13 is not a row"}},
		{"dangling", Graph{B13: {B12, B11, "A?"}}, B13, []string{
			"dangling edge B13-B11: B11 is not a row",
			"dangling edge B13-B12: B12 is not a row"}},
		{"dangling twice to one place", Graph{B13: {B12, B12, "A!"}}, B13, []string{
			"dangling edge B13-B12: B12 is not a row"}},
		{"forgotten edge", Graph{B13: {Yes: 200, Label: "A?"}}, B13, []string{
			"dangling edge B13-ID(0): ID(0) is not a row"}},
		{"edge to no status", Graph{B13: {200, 600, "A?"}}, B13, []string{
			"dangling edge B13-ID(600): ID(600) is not a row"}},
		{"cycle of one", Graph{B13: {200, B13, "A?"}}, B13, []string{"cycle [B13 B13]"}},
		{"cycle", Graph{B13: {200, B12, "A?"}, B12: {B11, 200, "B?"}, B11: {B12, 200, "C?"}}, B13, []string{
			"cycle [B12 B11 B12]"}},
		{"orphan", Graph{B13: {200, 503, "A?"}, B12: {200, B11, "B?"}, B11: {200, 503, "C?"}}, B13, []string{
			"orphan B12: no walk from B13 reaches it",
			"orphan B11: no walk from B13 reaches it"}},
		{"label", Graph{B13: {200, B12, "A"}, B12: {200, 503, ""}}, B13, []string{
			`label "A" of B13 must end in ? or !`,
			`label "" of B12 must end in ? or !`}},
		{"status as a row", Graph{B13: {200, 503, "A?"}, 304: {200, 503, "B?"}}, B13, []string{
			"row 304 is not a coordinate"}},
		{"no coordinate", Graph{B13: {200, 503, "A?"}, 7: {200, 503, "B?"}}, B13, []string{
			"row ID(7) is not a coordinate"}},
		{"several", Graph{B13: {B12, 200, "A"}, B11: {B11, 200, "C?"}}, B13, []string{
			"dangling edge B13-B12: B12 is not a row",
			"cycle [B11 B11]",
			"orphan B11: no walk from B13 reaches it",
			`label "A" of B13 must end in ? or !`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			if err := tt.g.Check(tt.start); err != nil {
				for _, fault := range err.(interface{ Unwrap() []error }).Unwrap() {
					got = append(got, fault.Error()[len("decision: "):])
				}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// Diagram order has every row once, after the rows that lead to it.
func TestAllIsInDiagramOrder(t *testing.T) {
	place := map[ID]int{}
	for id, row := range HTTP.All() {
		assert.Equal(t, HTTP[id], row)
		assert.NotContains(t, place, id)
		place[id] = len(place)
	}
	assert.Len(t, place, len(HTTP))
	for id, row := range HTTP {
		for _, to := range []ID{row.Yes, row.No} {
			if !to.IsStatus() {
				assert.Less(t, place[id], place[to], "%v-%v", id, to)
			}
		}
	}
	for range HTTP.All() {
		break // a consumer may stop
	}
}

// A faulty graph can still be ranged over: All ends, and shows each row.
func TestAllOfACycle(t *testing.T) {
	g := Graph{B13: {B12, 200, "A?"}, B12: {B13, C3, "B?"}}
	var ids []ID
	for id := range g.All() {
		ids = append(ids, id)
	}
	assert.ElementsMatch(t, []ID{B13, B12}, ids)
}
