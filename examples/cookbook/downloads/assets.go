// What the pages load: files that are compiled in, and their version.

package main

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed assets
var embedded embed.FS

const index = `<!doctype html><link rel="stylesheet" href="%[1]s/style.css"><img src="%[1]s/logo.svg" alt="">Files`

// newAssets returns the assets, and a text that changes when one of them does.
func newAssets() (fs.FS, string) {
	assets, _ := fs.Sub(embedded, "assets") // fails only for a name that is not a path
	hash := sha256.New()
	_ = fs.WalkDir(assets, ".", func(name string, d fs.DirEntry, err error) error {
		content, _ := fs.ReadFile(assets, name) // nothing of a folder
		fmt.Fprintf(hash, "%q %q", name, content)
		return err
	})
	return assets, fmt.Sprintf("%.8x", string(hash.Sum(nil)))
}
