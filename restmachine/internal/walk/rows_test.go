package walk

import (
	"testing"

	"github.com/restmachine/restmachine-go/decision"
)

// Every row of the graph has an answer, and every answer a row.
func TestRowsAreComplete(t *testing.T) {
	for _, r := range rows {
		if r.known == nil {
			t.Errorf("row %v of the graph has no answer", r.id)
		}
	}
	said := 0
	for _, block := range rowBlocks {
		said += len(block)
	}
	if said != len(decision.HTTP) {
		t.Errorf("%d rows for a graph of %d", said, len(decision.HTTP))
	}
}
