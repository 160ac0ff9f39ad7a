// The types and functions that tests of the wiring register. Wiring faults and
// descriptions name them, so a test can say which names it expects.

package harness

import "fmt"

// A Harbour is what an App provides from its start.
type Harbour struct{ Name string }

// LoadHarbour is a provider of the one harbour.
func LoadHarbour() *Harbour { return &Harbour{"oslo"} }

// A Ship lies in a harbour. Each change gives it the next version.
type Ship struct {
	Name    string
	Version int
}

// Tag tells the versions of all ships apart.
func (s *Ship) Tag() string { return fmt.Sprintf("%s-%d", s.Name, s.Version) }

// TagOfShip is Tag as a fact.
func TagOfShip(s *Ship) string { return s.Tag() }

// LoadShip is a provider of the one ship, which is there.
func LoadShip() *Ship { return &Ship{"anna", 1} }

// ShowShip is the handler of a GET that returns the ship itself.
func ShowShip(s *Ship) *Ship { return s }

// A ShipView is what a client is shown of a ship, where that is not the ship.
type ShipView struct{ Label string }

// Cargo and Crane are Dependencies, of which a Crane needs the other.
type (
	Cargo struct{ Tons int }
	Crane struct{ Of *Cargo }
)

// NewCargo is a provider without parameters.
func NewCargo() *Cargo { return &Cargo{} }

// NewCrane is a provider that asks for another type.
func NewCrane(c *Cargo) *Crane { return &Crane{c} }

// ShowCargo is a handler or fact that asks for cargo and returns a text.
func ShowCargo(*Cargo) string { return "cargo" }

// A Manager is an interface, and a Boss is what implements it.
type (
	Manager interface{ Manage() }
	Boss    struct{}
)

// Manage makes a Boss a Manager.
func (*Boss) Manage() {}
