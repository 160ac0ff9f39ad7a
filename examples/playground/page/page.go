// Package page builds the folder of the playground: the library as WebAssembly, one page, and its
// script and style. The name of a folder comes in, and files go out that any server can serve.
package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/examples/playground/play"
)

//go:embed assets
var assets embed.FS

// Options say how to build.
type Options struct {
	// Quick compresses fast instead of well: for tests, and to have a look.
	Quick bool
}

// Build writes the playground into a folder, which it makes if it is not there. It needs the go
// command, and works in every folder from which the go command finds the examples.
//
// Beside each file that shrinks are a .gz and a .br, for servers that send those. The page
// reads playground.wasm.gz itself where a server does not.
func Build(ctx context.Context, dir string, o Options) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	wasm, err := compile(ctx, dir)
	if err != nil {
		return err
	}
	packed, err := pack(wasm, o)
	if err != nil {
		return err
	}
	files := map[string][]byte{"playground.wasm.gz": packed.gzip, "playground.wasm.br": packed.brotli}
	if err := addTexts(ctx, files, len(wasm), len(packed.gzip), version(wasm)); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compile makes the program, and returns it.
func compile(ctx context.Context, dir string) ([]byte, error) {
	to, err := filepath.Abs(filepath.Join(dir, "playground.wasm"))
	if err != nil {
		return nil, err
	}
	// Functions that are not inlined are called more slowly, and the program is a tenth smaller
	// when it is compressed.
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-gcflags=all=-l", "-o", to,
		"github.com/restmachine/restmachine-go/examples/playground/wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, output)
	}
	return os.ReadFile(to)
}

// version is a short hash, which the page puts behind the names of its files: what a cache keeps
// of an older playground does not get mixed with this one.
func version(parts ...[]byte) string {
	hash := sha256.New()
	for _, part := range parts {
		hash.Write(part)
	}
	return hex.EncodeToString(hash.Sum(nil))[:10]
}

// addTexts adds the page, its script and style, and what Go brings to run WebAssembly.
func addTexts(ctx context.Context, files map[string][]byte, size, packed int, of string) error {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	texts := map[string][]byte{}
	texts["wasm_exec.js"], err = os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	for _, name := range []string{"playground.css", "playground.js", "map.js", "icon.svg"} {
		if texts[name], err = assets.ReadFile("assets/" + name); err != nil {
			return err
		}
	}
	of += version(texts["wasm_exec.js"], texts["playground.css"], texts["playground.js"], texts["map.js"])
	if texts["index.html"], err = index(size, packed, of); err != nil {
		return err
	}
	for name, text := range texts {
		small, err := pack(text, Options{})
		if err != nil {
			return err
		}
		files[name], files[name+".gz"], files[name+".br"] = text, small.gzip, small.brotli
	}
	return nil
}

// index makes the page.
func index(size, packed int, version string) ([]byte, error) {
	t, err := template.New("index.html").Funcs(template.FuncMap{
		"kilo":  func(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) },
		"marks": func(set, name string) bool { return strings.Contains(","+set+",", ","+name+",") },
		"first": func(status int) int { return status / 100 },
		"link": func(p play.Preset) (template.URL, error) {
			state, err := play.Parse(p.Link)
			return template.URL(state.Link()), err // Link escapes what a fragment cannot have
		},
	}).ParseFS(assets, "assets/index.html")
	if err != nil {
		return nil, err
	}
	type group struct {
		Name     string
		Settings []play.Setting
	}
	var groups []group
	for _, name := range play.Groups() {
		g := group{Name: name}
		for _, s := range play.Settings {
			if s.Group == name {
				g.Settings = append(g.Settings, s)
			}
		}
		groups = append(groups, g)
	}
	// The drawing brings its style, which the page permits by its hash.
	hash := sha256.Sum256([]byte(decision.Style()))
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Groups": groups, "Presets": play.Presets, "Size": size, "Packed": packed, "Version": version,
		"Style": template.HTMLAttr("'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"),
	})
	return b.Bytes(), err
}
