package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVersions(t *testing.T) {
	for _, row := range []struct{ version, fault, reason string }{
		{"v0.1.0", "", "the first"},
		{"v1.12.3", "", "two digits"},
		{"v1.0.0-rc.1", "", "a pre-release"},
		{"0.1.0", "does not look like", "Go's tags begin with v"},
		{"v1.2", "does not look like", "three numbers"},
		{"v1.02.0", "does not look like", "no zero in front"},
		{"v1.+2.0", "does not look like", "no sign"},
		{"v1.2.x", "does not look like", "numbers alone"},
		{"v1.0.0-", "does not look like", "a pre-release has a name"},
		{"v2.0.0", "do not end in /v2", "another path"},
	} {
		err := wellFormed(row.version)
		if row.fault == "" {
			assert.NoError(t, err, row.reason)
			continue
		}
		assert.ErrorContains(t, err, row.fault, row.reason)
	}
}

// repository makes a tree with a core and one module, commits it, and goes there.
func repository(t *testing.T, changelog, version string) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll("contrib/otel", 0o755))
	write(t, "CHANGELOG.md", changelog)
	write(t, "contrib/otel/go.mod", "module "+core+"/contrib/otel\n\ngo 1.26.0\n\nreplace "+core+
		" => ../..\n\nrequire "+core+" "+version+"\n")
	git(t, "init", "-q")
	commit(t)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.FromSlash(name), []byte(text), 0o644))
}

func git(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)
	out, err := exec.Command("git", args...).CombinedOutput()
	require.NoError(t, err, string(out))
}

func commit(t *testing.T) {
	t.Helper()
	git(t, "add", "-A")
	git(t, "commit", "-q", "-m", "all")
}

const ready = "# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-12-01\n\n### Added\n\n- All.\n"

func TestRelease(t *testing.T) {
	t.Run("all is ready", func(t *testing.T) {
		repository(t, ready, "v0.1.0")
		assert.NoError(t, prepare("v0.1.0", false))
	})
	t.Run("nothing is, and all of it is said", func(t *testing.T) {
		repository(t, "# Changelog\n\n## Unreleased\n\n- All.\n", "v0.0.0")
		write(t, "new.txt", "")
		git(t, "tag", "contrib/otel/v0.1.0")
		err := prepare("v0.1.0", false)
		for _, fault := range []string{`lacks the line "## 0.1.0 - `, "requires v0.0.0", "new.txt", "the tag contrib/otel/v0.1.0 exists"} {
			assert.ErrorContains(t, err, fault)
		}
	})
	t.Run("something is not announced under a version", func(t *testing.T) {
		repository(t, "# Changelog\n\n## Unreleased\n\n- More.\n\n## 0.1.0 - 2026-12-01\n", "v0.1.0")
		assert.ErrorContains(t, prepare("v0.1.0", false), "still says something under Unreleased")
	})
	t.Run("the requirements are written", func(t *testing.T) {
		repository(t, ready, "v0.0.0")
		assert.ErrorContains(t, prepare("v0.1.0", true), "contrib/otel/go.mod", "it is not committed yet")
		commit(t)
		assert.NoError(t, prepare("v0.1.0", false))
	})
}
