// Drawgraph writes the drawing of decision.HTTP as SVG to the file that its argument
// names. It makes the drawing in the documentation.
package main

import (
	"bytes"
	"log"
	"os"

	"github.com/restmachine/restmachine-go/decision"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: drawgraph file.svg")
	}
	drawing, err := decision.HTTP.Draw()
	if err != nil {
		log.Fatal(err)
	}
	var svg bytes.Buffer
	if err := drawing.SVG(&svg, nil); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], svg.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
