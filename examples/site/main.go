// Site serves the guide of this repository as a web site, through Files: each page has an
// entity-tag, and browsers revalidate it. It writes the same site into a folder, too.
//
//	go run ./site               serve it
//	go run ./site build FOLDER  write it, for any file server
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/restmachine/restmachine-go/examples/playground/page"
	"github.com/restmachine/restmachine-go/examples/site/guide"
	"github.com/restmachine/restmachine-go/restmachine"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	root := flag.String("root", "..", "the `folder` of the repository")
	flag.Parse()
	if err := run(*addr, *root, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func run(addr, root string, args []string) error {
	switch {
	case len(args) == 0:
		return serve(addr, root)
	case len(args) == 2 && args[0] == "build":
		return build(context.Background(), root, args[1], page.Options{})
	}
	return errors.New("usage: go run ./site [-addr ADDRESS] [-root FOLDER] [build FOLDER]")
}

// build writes the guide and the playground into a folder.
func build(ctx context.Context, root, dir string, o page.Options) error {
	const playground = "play/"
	if err := guide.Build(os.DirFS(root), dir, guide.Options{Playground: playground}); err != nil {
		return err
	}
	return page.Build(ctx, filepath.Join(dir, playground), o)
}

// serve builds the site into a folder of its own, and serves it until a signal comes.
func serve(addr, root string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "site")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Println("Building the guide and the playground. The first time takes a minute.")
	if err := build(ctx, root, dir, page.Options{Quick: true}); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("The guide is at http://%s/\n", listener.Addr())
	return New(dir).Serve(ctx, listener, nil)
}

// New returns the App that serves a site below dir. A browser asks each time whether its copy is
// current, and mostly hears 304.
func New(dir string) *restmachine.App {
	app := restmachine.New()
	files := app.Group("/")
	files.CacheControl(func() string { return "no-cache" })
	files.Encodings("gzip")
	files.Get("/{path...}", restmachine.Files(os.DirFS(dir), restmachine.NotFoundPage("404.html")))
	return app
}
