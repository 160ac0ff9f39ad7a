// Steps counts the instructions of one request, which, unlike its time, are the
// same on a busy machine: every turn is stepped instruction by instruction. It
// prints them for each contestant and each case, beside the ratio to the floor and
// the allocations.
//
//	go run ./steps
//	go run ./steps -contestant restmachine -case "PUT 412" -profile
//
// Only linux/amd64 can do it. One figure varies by less than half a percent from run
// to run, and by at most about two from program to program, as maps are laid out by
// chance. A processor of another kind may move memory by other instructions.
//
// The test of this package holds what restmachine costs to
// testdata/instructions.golden. After a change that is meant to cost, or to save,
//
//	go test ./steps -update
//
// writes that file anew.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/restmachine/restmachine-go/bench/contest"
)

func main() {
	log.SetFlags(0)
	turn := flag.Bool("turn", false, "take the turns of the contestant and the case that follow, by their full names; steps starts itself with it")
	contestant := flag.String("contestant", "", "only the contestant whose name has this in it; of several, the one with the shortest name")
	name := flag.String("case", "", "only the case of this name")
	asJSON := flag.Bool("json", false, "print the figures as the report reads them")
	profile := flag.Bool("profile", false, "print the instructions by function, of one contestant and one case")
	flag.Parse()

	if *turn {
		log.Fatal(takeTurns(os.Stdout, flag.Arg(0), flag.Arg(1)))
	}
	if err := run(*contestant, *name, *profile, *asJSON); err != nil {
		log.Fatal(err)
	}
}

func run(contestant, name string, profile, asJSON bool) error {
	contestants, cases, err := chosen(contestant, name)
	if err != nil {
		return err
	}
	if profile && (contestant == "" || name == "") {
		return errors.New("-profile needs one -contestant and one -case")
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	figures, err := countAll(program, contestants, cases)
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(os.Stdout, figures)
	}
	if profile {
		printProfile(os.Stdout, figures[0])
		return nil
	}
	return printTable(os.Stdout, figures, cases)
}

// chosen finds what is asked for; "" asks for all.
func chosen(contestant, name string) ([]contest.Contestant, []contest.Case, error) {
	contestants, cases := contest.All(), contest.Cases()
	if contestant != "" {
		var found []contest.Contestant
		for _, one := range contestants {
			if strings.Contains(one.Name, contestant) && (found == nil || len(one.Name) < len(found[0].Name)) {
				found = []contest.Contestant{one}
			}
		}
		if contestants = found; found == nil {
			return nil, nil, fmt.Errorf("no contestant has %q in its name", contestant)
		}
	}
	if name == "" {
		return contestants, cases, nil
	}
	for _, c := range cases {
		if c.Name == name {
			return contestants, []contest.Case{c}, nil
		}
	}
	var names []string
	for _, c := range cases {
		names = append(names, c.Name)
	}
	return nil, nil, fmt.Errorf("no case is %q; there are %s", name, strings.Join(names, ", "))
}
