package declare

import "testing"

// Every kind has a name and a row in the table of facts. One without would be silently off.
func TestKindsAreComplete(t *testing.T) {
	for k := range Kinds {
		if s := specs[k]; s.name == "" || s.returns.fit == nil || s.returns.words == "" {
			t.Errorf("kind %d has no row", k)
		}
	}
}

// The kinds that describe a value, and no others, have an index below Describings.
func TestDescribingIndex(t *testing.T) {
	for k := range Kinds {
		i := k.DescribingIndex()
		if inRange := i >= 0 && i < Describings; inRange != (k.Family() == Describing) {
			t.Errorf("%v has the index %d", k, i)
		}
	}
}
