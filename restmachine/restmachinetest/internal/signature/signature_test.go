package signature

import (
	"bytes"
	"context"
	"go/ast"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A box is a generic type of the package. It is declared in a test file.
type box[T any] struct{ V T }

type plainWord string

// here is this package, as its own test sees it.
func here(t *testing.T) *Package {
	p, err := Open("signatures_gen_test.go", "github.com/restmachine/restmachine-go/restmachine/restmachinetest/internal/signature.TestX.func1")
	require.NoError(t, err)
	return p
}

// TestNames: each type of a function, and the call that registers it.
func TestNames(t *testing.T) {
	type local struct{}
	type inside struct {
		ID int `path:"id"`
	}
	for _, row := range []struct {
		fn   any
		want string // the call, or why there is none
	}{
		{func() {}, `Call0x0()`},
		{func() error { return nil }, `Call0x1[error]()`},
		{func(*Package) (string, error) { return "", nil }, `Call1x2[*Package, string, error]()`},
		{func(box[plainWord]) box[*Package] { return box[*Package]{} }, `Call1x1[box[plainWord], box[*Package]]()`},
		{func(box[http.Header]) {}, `Call1x0[box[http.Header]]()`},
		{func(box[map[string][]*ast.File]) {}, `Call1x0[box[map[string][]*ast.File]]()`},
		{func(box[struct {
			ID int `path:"id.x"`
		}]) {
		}, `Call1x0[box[struct { ID int "path:\"id.x\"" }]]()`},
		{func(box[box[func(...url.Values) error]]) {}, `Call1x0[box[box[func(...url.Values) error]]]()`},
		{func(context.Context, io.Reader) ([]byte, any) { return nil, nil }, `Call2x2[context.Context, io.Reader, []uint8, any]()`},
		{func(map[string]int, [3]time.Time, chan int, <-chan bool) {}, `Call4x0[map[string]int, [3]time.Time, chan (int), <-chan (bool)]()`},
		{func(func(error) error, func(...string) int) {}, `Call2x0[func(error) (error), func(...string) (int)]()`},
		{func(struct{ N int }) {}, `Call1x0[struct{ N int }]()`},
		{func(interface{ Name() string }) {}, `Call1x0[interface{ Name() (string) }]()`},
		{func(fs.File) (*int, func(error) error, error) { return nil, nil, nil }, `Call1x3[fs.File, *int, func(error) (error), error]()`},
		{func(*local) {}, `local is declared in a function, or in another file than the package's own`},
		{func(box[local]) {}, `local is declared in a function`},
		{func(box[[]inside]) {}, `inside is declared in a function`},
		{func(a, b, c, d, e, f, g int) {}, `it has 7 parameters, and 6 can be registered`},
		{func() (a, b, c, d int) { return }, `it has 4 results, and 3 can be registered`},
	} {
		p := here(t)
		n := &names{home: p, aliases: map[string]string{}}
		call, err := n.call(reflect.TypeOf(row.fn))
		if err != nil {
			call = err.Error()
			assert.Empty(t, n.aliases, "what is left out imports nothing")
		}
		assert.Equal(t, row.want, call)
	}
}

// TestPackages: which types of other packages a file can name.
func TestPackages(t *testing.T) {
	const inner = "github.com/restmachine/restmachine-go/restmachine/internal/route"
	user := &Package{Path: "example.com/shop", others: map[string]map[string]bool{}, dir: "."}
	for _, row := range []struct{ pkg, name, why string }{
		{"net/http", "Request", ""},
		{"net/http", "conn", "net/http.conn is not exported"},
		{"main", "Post", "main.Post is of a package that cannot be imported"},
		{inner, "Params", inner + ".Params is of an internal package"},
		{"internal/poll", "FD", "internal/poll.FD is of an internal package"},
		{"github.com/restmachine/restmachine-go/restmachine", "PathParams", ""},
		{"github.com/restmachine/restmachine-go/restmachine", "Nonsense", "github.com/restmachine/restmachine-go/restmachine.Nonsense is declared in a function"},
		{"example.com/nowhere", "Post", ""}, // its source is not here: the compiler will tell
	} {
		err := user.mayName(row.pkg, row.name)
		if row.why == "" {
			assert.NoError(t, err, row.pkg+"."+row.name)
			continue
		}
		assert.EqualError(t, err, row.why)
	}
	near := &Package{Path: "github.com/restmachine/restmachine-go/restmachine/files", others: map[string]map[string]bool{}, dir: "."}
	assert.NoError(t, near.mayName(inner, "Params"), "an internal package of the same tree")
}

// TestAliases: imports have names that differ from each other, and from the package's own.
func TestAliases(t *testing.T) {
	n := &names{home: &Package{declared: map[string]bool{"store": true}}, aliases: map[string]string{}}
	for _, row := range []struct{ path, alias, line string }{
		{"net/http", "http", `"net/http"`},
		{"example.com/http", "http2", `http2 "example.com/http"`},
		{"example.com/store", "store2", `store2 "example.com/store"`},
		{"github.com/jackc/pgx/v5", "pgx", `pgx "github.com/jackc/pgx/v5"`},
		{"gopkg.in/yaml.v3", "yaml_v3", `yaml_v3 "gopkg.in/yaml.v3"`},
		{"example.com/9to5", "_9to5", `_9to5 "example.com/9to5"`},
		{fastPackage, "fast", `"` + fastPackage + `"`},
	} {
		assert.Equal(t, row.alias, n.alias(row.path))
		assert.Equal(t, row.alias, n.alias(row.path), "asked again")
		assert.Equal(t, row.line, n.line(row.path))
	}
}

// TestSource: the file has a line for each type, once, and says what it leaves out.
func TestSource(t *testing.T) {
	type local struct{}
	types := []reflect.Type{
		reflect.TypeFor[func(*bytes.Buffer) string](),
		reflect.TypeFor[func() error](),
		reflect.TypeFor[func(*bytes.Buffer) string](),
		reflect.TypeFor[func(local)](),
	}
	source, known, err := here(t).Source(types, "make it")
	require.NoError(t, err)
	assert.Equal(t, `// Code generated by restmachinetest.Signatures; DO NOT EDIT.

package signature

// This file makes the types of callbacks known, so that they are called without reflection. Where it
// does not compile, since a type was renamed: delete it, and run
//
//	make it
//
// These stay with reflection:
//
//   - func(signature.local): local is declared in a function, or in another file than the package's own

import (
	"bytes"
	"github.com/restmachine/restmachine-go/restmachine/fast"
)

func init() {
	fast.Call0x1[error]()
	fast.Call1x1[*bytes.Buffer, string]()
}
`, string(source))
	assert.Equal(t, types[:3], known)

	source, _, err = here(t).Source(nil, "make it")
	require.NoError(t, err)
	assert.NotContains(t, string(source), "import", "nothing to register")
}

// TestOpen: the path of a package by the name of a function of it.
func TestOpen(t *testing.T) {
	for function, path := range map[string]string{
		"example.com/shop.TestSignatures":            "example.com/shop",
		"example.com/shop_test.TestSignatures.func1": "example.com/shop_test",
		"gopkg.in/yaml%2ev3.TestX":                   "gopkg.in/yaml.v3",
		"main.TestX":                                 "main",
	} {
		assert.Equal(t, path, pathOf(function))
	}
	p, err := Open("signatures_gen.go", "example.com/shop_test.TestX")
	require.NoError(t, err)
	assert.Equal(t, "example.com/shop", p.Path, "a file that is not a test file is of the package itself")
	assert.Equal(t, "signature", p.Name)
	assert.False(t, p.types["box"], "it is declared in a test file")

	_, err = Open(t.TempDir()+"/signatures_gen.go", "example.com/shop.TestX")
	assert.ErrorContains(t, err, "the folder has only test files; name this file as one, too, such as signatures_gen_test.go")
}
