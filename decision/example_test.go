// These examples show a small graph from its rows to a walk and its trace.

package decision_test

import (
	"encoding/json"
	"fmt"

	"github.com/restmachine/restmachine-go/decision"
)

// tea is a graph of three rows, for the examples.
var tea = decision.Graph{
	decision.B13: {decision.B12, 503, "Water boils?"},
	decision.B12: {decision.B11, 418, "A teapot?"},
	decision.B11: {200, 500, "Brew!"},
}

// A kitchen is the value that walks through tea ask.
type kitchen struct{ pot bool }

// brewery returns a program of tea for kitchens whose water always boils.
func brewery() *decision.Program[kitchen] {
	p, err := decision.Specialize(tea, []decision.ID{decision.B13}, func(id decision.ID) (decision.Answer, decision.Question[kitchen]) {
		switch id {
		case decision.B12:
			return decision.No, func(k kitchen) decision.Answer { return decision.Bool(k.pot) }
		case decision.B11:
			return decision.No, func(kitchen) decision.Answer { return decision.Yes }
		default:
			return decision.Yes, nil
		}
	})
	if err != nil {
		panic(err)
	}
	return p
}

// The whole process: a graph, a program of it, and a walk.
func Example() {
	p := brewery()
	fmt.Println(p.Run(kitchen{pot: true}), p.Run(kitchen{pot: false}))
	// Output: 200 418
}

func ExampleID() {
	id := decision.G7b
	fmt.Printf("%v: column %c, row %d, sub-row %d\n", id, id.Column(), id.Row(), id.Sub())
	fmt.Println(decision.ID(304), decision.ID(304).IsStatus(), id.IsStatus())
	// Output:
	// G7b: column G, row 7, sub-row 2
	// 304 true false
}

func ExampleID_UnmarshalText() {
	var id decision.ID
	fmt.Println(id.UnmarshalText([]byte("G11")), decision.HTTP[id].Label)
	fmt.Println(id.UnmarshalText([]byte("G07")))
	// Output:
	// <nil> Entity-tag matches?
	// decision: "G07" is not a place or a status
}

func ExampleID_MarshalText() {
	text, _ := json.Marshal(map[decision.ID]decision.Row{decision.G11: decision.HTTP[decision.G11]})
	fmt.Println(string(text))
	// Output: {"G11":{"Yes":"I12","No":"412","Label":"Entity-tag matches?"}}
}

func ExampleGraph_Check() {
	fmt.Println(decision.HTTP.Check(decision.Start))
	fmt.Println(decision.Graph{decision.B13: {decision.B12, 503, "Available"}}.Check(decision.Start))
	// Output:
	// <nil>
	// decision: dangling edge B13-B12: B12 is not a row
	// decision: label "Available" of B13 must end in ? or !
}

func ExampleGraph_All() {
	for id, row := range tea.All() {
		fmt.Println(id, row.Yes, row.No, row.Label)
	}
	// Output:
	// B13 B12 503 Water boils?
	// B12 B11 418 A teapot?
	// B11 200 500 Brew!
}

func ExampleBool() {
	fmt.Println(decision.Bool(true), decision.Bool(false))
	// Output: yes no
}

func ExampleStatus() {
	fmt.Println(decision.Status(303), decision.Status(0))
	// Output: 303 500
}

func ExampleAnswer() {
	fmt.Println(decision.Yes, decision.No, decision.Status(412))
	// Output: yes no 412
}

func ExampleSpecialize() {
	p, err := decision.Specialize(tea, []decision.ID{decision.B13}, func(id decision.ID) (decision.Answer, decision.Question[kitchen]) {
		if id == decision.B12 {
			return decision.No, func(k kitchen) decision.Answer { return decision.Bool(k.pot) }
		}
		return decision.Yes, nil // boils, brews
	})
	fmt.Println(p.Steps(), err)
	// Output: [B12] <nil>
}

func ExampleProgram_Run() {
	fmt.Println(brewery().Run(kitchen{pot: true}))
	// Output: 200
}

// The last row is the row that refused.
func ExampleProgram_Walk() {
	fmt.Println(brewery().Walk(decision.B13, kitchen{pot: false}))
	// Output: 418 B12
}

// If there is a pot, one look at the kitchen is enough.
func ExampleLeap() {
	look := decision.Leap[kitchen]{
		From: decision.B13,
		To:   []decision.Edge{{ID: decision.B12, Answer: decision.Yes}},
		Take: func(k kitchen) int {
			if k.pot {
				return 0
			}
			return -1
		},
	}
	p, err := decision.Specialize(tea, []decision.ID{decision.B13}, func(id decision.ID) (decision.Answer, decision.Question[kitchen]) {
		return decision.No, func(k kitchen) decision.Answer {
			fmt.Print(id, "? ")
			return decision.Yes
		}
	}, look)
	fmt.Println(p.Run(kitchen{pot: true}), err)
	// Output: B11? 200 <nil>
}

// An Edge is an arrow of the diagram.
func ExampleEdge() {
	e := decision.Edge{ID: decision.K13, Answer: decision.Yes}
	fmt.Println(e.ID, e.Answer, "leads to", decision.HTTP[e.ID].Yes)
	// Output: K13 yes leads to J18
}

func ExampleProgram_Reaches() {
	p := brewery() // the water always boils
	fmt.Println(p.Reaches(418), p.Reaches(503))
	// Output: true false
}

func ExampleProgram_Steps() {
	fmt.Println(brewery().Steps())
	// Output: [B12 B11]
}

func ExampleProgram_Trace() {
	var t decision.Trace
	status := brewery().Trace(decision.B13, kitchen{pot: false}, &t, func(decision.ID, decision.Answer) (why, callback string) {
		return "there is only a mug", "findPot (kitchen.go:12)"
	})
	fmt.Println(status)
	fmt.Print(t.Table())
	// Output:
	// 418
	// B13   Water boils?  yes  settled
	// B12   A teapot?     no   there is only a mug  findPot (kitchen.go:12)
	// 418
}

func ExampleTrace_String() {
	var t decision.Trace
	brewery().Trace(decision.B13, kitchen{pot: true}, &t, nil)
	fmt.Println(t)
	// Output: B13 B12 B11 200
}

func ExampleTrace_Table() {
	t := decision.Trace{Status: 412, Visits: []decision.Visit{
		{ID: decision.G10, Label: "If-Match readable?", Answer: decision.Yes},
		{ID: decision.G10b, Label: "GET or HEAD?", Answer: decision.No, Folded: true},
		{ID: decision.G11, Label: "Entity-tag matches?", Answer: decision.No, Why: `"1" is not "2"`, Callback: "tag (posts.go:9)"},
	}}
	fmt.Print(t.Table())
	// Output:
	// G10   If-Match readable?   yes
	// G10b  GET or HEAD?         no   settled
	// G11   Entity-tag matches?  no   "1" is not "2"  tag (posts.go:9)
	// 412
}

func ExampleVisit() {
	text, _ := json.Marshal(decision.Visit{ID: decision.G7, Label: "Exists?", Answer: decision.No, Took: 1500})
	fmt.Println(string(text))
	// Output: {"id":"G7","label":"Exists?","answer":"no","nanoseconds":1500}
}

func ExampleProgram_Graph() {
	for id, row := range brewery().Graph().All() {
		fmt.Println(id, row.Label, row.Yes, row.No)
	}
	// Output:
	// B12 A teapot? B11 418
	// B11 Brew! 200 500
}
