// These examples ask which request leads to a status.

package decision_test

import (
	"fmt"

	"github.com/restmachine/restmachine-go/decision"
)

// The words beside the answers say what to send.
func ExampleGraph_Way() {
	for _, e := range decision.HTTP.Way(412, decision.G11) {
		if e.ID.Column() >= 'G' && e.How() != "" {
			fmt.Println(e.ID, e.Answer, e.How())
		}
	}
	// Output:
	// G7 yes ask for a resource that exists
	// G7d no send one: If-Match, If-None-Match: * or If-Unmodified-Since
	// G8 yes send If-Match
	// G9 no with entity-tags
	// G10 yes a list of entity-tags in double quotes
	// G11 no with an ETag that is not current, or is weak
}

func ExampleEdge_How() {
	fmt.Println(decision.Edge{ID: decision.G8, Answer: decision.Yes}.How())
	fmt.Printf("%q\n", decision.Edge{ID: decision.O15, Answer: decision.Yes}.How())
	// Output:
	// send If-Match
	// ""
}

func ExampleGraph_Before() {
	fmt.Println(decision.HTTP.Before(412))
	// Output: [G10b G11 H12 J18 H7]
}

func ExampleGraph_Statuses() {
	fmt.Println(decision.HTTP.Statuses())
	// Output: [200 201 202 204 206 300 301 304 307 400 401 403 404 405 406 409 410 412 413 414 415 416 428 500 501 503]
}
