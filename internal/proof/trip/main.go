// Command trip counts the way of a request through the source files of the module:
// how many functions are called, in how many files and packages, and how often the
// way goes from one file or package to another. A reader who wants to follow the
// request goes the same way. (Methods that only tell what their receiver holds do not
// count.)
//
//	go run ./internal/proof/trip
//	go run ./internal/proof/trip -v
//
// It builds command journey from instrumented sources: each function and each
// closure of the packages that journey is made of first says where it is. The sources
// in the tree stay as they are.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path"
	"text/tabwriter"

	"github.com/restmachine/restmachine-go/internal/proof/trip/way"
)

func main() {
	log.SetFlags(0)
	verbose := flag.Bool("v", false, "print the ways, too: a line for each change of file, with the functions that are called there")
	flag.Parse()
	if err := run(os.Stdout, *verbose); err != nil {
		log.Fatal("trip: ", err)
	}
}

func run(out io.Writer, verbose bool) error {
	dir, err := os.MkdirTemp("", "trip")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, err := build(dir)
	if err != nil {
		return err
	}
	ways, err := travel(program)
	if err != nil {
		return err
	}
	if verbose {
		for _, w := range ways {
			printWay(out, w)
		}
	}
	return printTable(out, ways)
}

// counts are the figures of one way.
type counts struct {
	calls, functions, files, changesOfFile, packages, changesOfPackage int
}

// count counts a way. A change is from one call to the next: a return is none.
func count(steps []way.Step) counts {
	c := counts{calls: len(steps)}
	functions, files, packages := map[way.Step]bool{}, map[string]bool{}, map[string]bool{}
	for i, s := range steps {
		functions[s], files[s.File], packages[path.Dir(s.File)] = true, true, true
		if i == 0 {
			continue
		}
		before := steps[i-1].File
		if s.File != before {
			c.changesOfFile++
		}
		if path.Dir(s.File) != path.Dir(before) {
			c.changesOfPackage++
		}
	}
	c.functions, c.files, c.packages = len(functions), len(files), len(packages)
	return c
}

// printTable prints a row for each way.
func printTable(out io.Writer, ways []way.Way) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "request\tcalls\tfunctions\tfiles\tchanges of file\tpackages\tchanges of package\t")
	for _, one := range ways {
		c := count(one.Steps)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", one.Request, c.calls, c.functions, c.files, c.changesOfFile, c.packages, c.changesOfPackage)
	}
	return w.Flush()
}

// printWay prints a line for each stay in a file: the last element of the package,
// the file, and the functions in the order of their calls.
func printWay(out io.Writer, w way.Way) {
	fmt.Fprintf(out, "%s\n", w.Request)
	last := ""
	for _, s := range w.Steps {
		if s.File == last {
			fmt.Fprintf(out, ", %s", s.Function)
			continue
		}
		if last != "" {
			fmt.Fprintln(out)
		}
		last = s.File
		fmt.Fprintf(out, "  %s/%s: %s", path.Base(path.Dir(s.File)), path.Base(s.File), s.Function)
	}
	fmt.Fprint(out, "\n\n")
}
