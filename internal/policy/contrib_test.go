// The modules in contrib: what users take beside the library, each with a dependency of its
// own.

package policy

import (
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contribModules are the folders of the modules in contrib.
func contribModules(t *testing.T) (dirs []string) {
	t.Helper()
	Walk(t, func(name string) {
		if strings.HasPrefix(name, "contrib/") && path.Base(name) == "go.mod" {
			dirs = append(dirs, path.Dir(name))
		}
	})
	require.NotEmpty(t, dirs)
	return dirs
}

// TestContrib: each module there is named as its folder, is built from this tree, and belongs to
// the workspace, so that .ci/run tests it. Users find a comment and an Example for each name.
func TestContrib(t *testing.T) {
	workspace := strings.Fields(Read(t, "go.work"))
	modules := contribModules(t)
	for _, dir := range modules {
		out, err := exec.Command("go", "mod", "edit", "-json", Path(t, dir+"/go.mod")).Output()
		require.NoError(t, err)
		var mod struct {
			Module  struct{ Path string }
			Go      string
			Replace []struct{ Old, New struct{ Path string } }
		}
		require.NoError(t, json.Unmarshal(out, &mod))
		up := strings.Repeat("../", strings.Count(dir, "/")) + ".."
		assert.Equal(t, Module+"/"+dir, mod.Module.Path, "name the module after its folder")
		require.Len(t, mod.Replace, 1, "%s: replace %s, and nothing else", dir, Module)
		assert.Equal(t, Module, mod.Replace[0].Old.Path, dir)
		assert.Equal(t, up, strings.TrimSuffix(mod.Replace[0].New.Path, "/"), dir)
		assert.Contains(t, workspace, "./"+dir, "add it to go.work")
		for _, s := range everythingIn(t, dir) {
			assert.NotEmpty(t, s.doc, "%s: %s has no comment", dir, s.name)
			assert.True(t, s.example, "%s: %s has no Example", dir, s.name)
		}
	}
	for _, f := range GoFiles(t) {
		if strings.HasPrefix(f.Dir, "contrib/") {
			own := func(dir string) bool { return f.Dir == dir || strings.HasPrefix(f.Dir, dir+"/") }
			assert.True(t, slices.ContainsFunc(modules, own), "%s belongs to no module of contrib; write a go.mod", f.Name)
		}
	}
}
