// Build writes the playground into a folder that any file server can serve.
//
//	go run ./playground/build DIR
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"

	"github.com/restmachine/restmachine-go/examples/playground/page"
)

func main() {
	quick := flag.Bool("quick", false, "compress fast instead of well")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./playground/build [-quick] DIR")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir := flag.Arg(0)
	if err := page.Build(ctx, dir, page.Options{Quick: *quick}); err != nil {
		stop()
		log.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		stop()
		log.Fatal(err)
	}
	slices.Sort(names)
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			fmt.Printf("%10d  %s\n", info.Size(), filepath.Base(name))
		}
	}
}
