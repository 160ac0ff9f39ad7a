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

// The kinds that describe a value, and no others, are Describings from the first on.
func TestDescribingKindsStandTogether(t *testing.T) {
	for k := range Kinds {
		inRange := k >= FirstDescribing && k < FirstDescribing+Describings
		if inRange != (k.Family() == Describing) {
			t.Errorf("%v is in the range: %v", k, inRange)
		}
	}
}
