// These examples show rows and the questions that answer them.

package decision_test

import (
	"fmt"

	"github.com/restmachine/restmachine-go/decision"
)

func ExampleRow() {
	row := decision.HTTP[decision.G7]
	fmt.Printf("%s yes: %s, no: %s\n", row.Label, row.Yes, row.No)
	// Output: Exists? yes: G7a, no: I7
}

// One question can serve many rows. It can ask a value of any type.
func ExampleQuestion() {
	var hasPot decision.Question[kitchen] = func(k kitchen) decision.Answer { return decision.Bool(k.pot) }
	fmt.Println(hasPot(kitchen{pot: true}), hasPot(kitchen{}))
	// Output: yes no
}
