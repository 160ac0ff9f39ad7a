// These tests check the page as text. Those in the browser are beside the server.

package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/playground/play"
)

// The page has a control for each setting, with its default, and a link for each preset.
func TestIndex(t *testing.T) {
	text, err := index(12_900_000, 2_900_000, "0123456789")
	require.NoError(t, err)
	page := string(text)
	for _, s := range play.Settings {
		assert.Equal(t, 1, strings.Count(page, `data-setting="`+s.Name+`" data-default="`+s.Default()+`"`), s.Name)
		for _, o := range s.Options {
			assert.Contains(t, page, `value="`+o.Name+`"`, s.Name)
		}
	}
	assert.Equal(t, len(play.Presets), strings.Count(page, "data-preset="))
	for _, p := range play.Presets {
		s, err := play.Parse(p.Link)
		require.NoError(t, err)
		assert.Contains(t, page, `data-preset="`+strings.ReplaceAll(strings.ReplaceAll(s.Link(), "&", "&amp;"), "+", "&#43;")+`"`, p.Name)
	}
	assert.Contains(t, page, "of 2.9 MB")
	assert.NotContains(t, page, "ZgotmplZ", "html/template refused a value")
}

func TestPack(t *testing.T) {
	content := []byte(strings.Repeat("Say what is true of your resource. HTTP follows.\n", 100))
	for _, quick := range []bool{false, true} {
		p, err := pack(content, Options{Quick: quick})
		require.NoError(t, err)
		assert.Less(t, len(p.gzip), 200)
		assert.Less(t, len(p.brotli), 200)
	}
}

func TestBuildIntoAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	assert.ErrorContains(t, Build(t.Context(), file, Options{}), "not a directory")
}
