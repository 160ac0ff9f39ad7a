// The runner of the tables of wiring faults, which are in faults_*_test.go. A row has
// an App with one fault, what its message must say, and the App beside it that has none.

package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A faultRow has a fault, and a near miss that is none. Both build functions
// return the place that the message must name; that of the near miss is "".
type faultRow struct {
	name   string
	reason string // why it is a fault, and the near miss is none
	fault  func(app *restmachine.App) string
	says   []string
	near   func(app *restmachine.App)
}

// The words by which a message tells its kind, where several tests look for them: a
// message that is reworded is reworded here.
const (
	saysCircular     = "circular"                   // a circle of providers
	saysTwoProviders = "two providers"              // two providers of one type
	saysNoProvider   = "nothing provides"           // a type without a provider
	saysNowhere      = "does not hold on any path"  // a fact that holds nowhere
	saysNotLoaded    = "before anything is loaded"  // a fact that is asked too early for a loaded type
	saysNotRead      = "before the content is read" // a fact that is asked too early for content
	saysNoHandler    = "there is no handler"        // a Resource that no method reaches
	saysNeverAsked   = "is never asked"             // what no method of its place asks
	saysWayRound     = "a way round"                // a path on which a gate does not hold, beside one on which it does
	saysBothGiven    = "both given"                 // two facts of one kind at one place
	saysRequestOnly  = "which only a request has"   // a hook that asks for what a request has
	saysMayCreate    = "may create it"              // a fact that takes what a write may create
	saysOneValue     = "return one value"           // a renderer or parser of another form
)

// checkFaults asserts that the fault of each row is found, alone and at its place.
func checkFaults(t *testing.T, rows []faultRow) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			require.NotEmpty(t, row.reason)
			p := harness.NewPort(t)
			site := row.fault(p.App)
			faults := harness.FaultsOf(t, p.App)
			require.Len(t, faults, 1, "one mistake, one fault: %s\n%q", row.reason, faults)
			assert.True(t, strings.HasPrefix(faults[0], site+": "), "names the registration %s:\n%s", site, faults[0])
			for _, words := range row.says {
				assert.Contains(t, faults[0], words, row.reason)
			}
			near := harness.NewPort(t)
			row.near(near.App)
			assert.Empty(t, harness.FaultsOf(t, near.App), "the near miss: %s", row.reason)
		})
	}
}

// What the tables register beside what the harness has, under names that the messages
// must say.

func loadShipIn(*harness.Harbour) *harness.Ship                 { return &harness.Ship{Name: "anna", Version: 1} }
func viewShip(s *harness.Ship) harness.ShipView                 { return harness.ShipView{Label: s.Name} }
func writeShip(s *harness.Ship) *harness.Ship                   { return s }
func makeShip() *harness.Ship                                   { return &harness.Ship{Name: "anna", Version: 1} }
func shipThere(*harness.Ship) bool                              { return true }
func maybeShipThere(o restmachine.Optional[*harness.Ship]) bool { return o.OK }
