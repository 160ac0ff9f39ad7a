package answer

import (
	"encoding/json"
	"testing"

	"github.com/restmachine/restmachine-go/decision"
)

// Every edge of the graph to an error has its template, which is JSON.
func TestEveryRefusalHasATemplate(t *testing.T) {
	for id, row := range decision.HTTP.All() {
		for _, edge := range []decision.ID{row.Yes, row.No} {
			if !edge.IsStatus() || edge < 400 {
				continue
			}
			found := false
			for _, template := range templates {
				found = found || template.Row == id && template.Status == int(edge)
			}
			if !found {
				t.Errorf("%v has no template for %d", id, int(edge))
			}
		}
	}
	for _, template := range templates {
		if !json.Valid(template.Bare) {
			t.Errorf("%s", template.Bare)
		}
	}
}
