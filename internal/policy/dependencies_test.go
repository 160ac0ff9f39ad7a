// What users of the library have to download.

package policy

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatUsersAreMadeToDownload(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json", Path(t, "go.mod")).Output()
	require.NoError(t, err)
	var mod struct {
		Module  struct{ Path string }
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []any
	}
	require.NoError(t, json.Unmarshal(out, &mod))
	var direct []string
	for _, r := range mod.Require {
		if !r.Indirect {
			direct = append(direct, r.Path)
		}
	}
	assert.Equal(t, Module, mod.Module.Path)
	assert.Empty(t, mod.Replace, "a replace in go.mod does not reach users; require the version that works")
	// go-json-experiment is encoding/json/v2 before Go 1.27, where it is only a name for the standard
	// library. It reads content in one pass and to the letter, for which we had 750 lines that read
	// it twice. It depends on nothing.
	assert.Equal(t, []string{"github.com/go-json-experiment/json", "github.com/julienschmidt/httprouter", "github.com/stretchr/testify", "golang.org/x/text"}, direct,
		"each further dependency needs a reason that users would accept: put it into examples or bench, or say why here")
}
