// These tests play short runs on each engine, and on the controls. Processes are started from the
// binary of the test.

package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/linear/cluster"
)

func TestMain(m *testing.M) {
	cluster.Child()
	os.Exit(m.Run())
}

func TestLinearizable(t *testing.T) {
	for _, p := range []plan{
		{engine: "memory", rounds: 20, each: 50},
		{engine: "sqlite", rounds: 9, every: 4, each: 20},
		{engine: "postgres", rounds: 12, every: 4, each: 20},
		{engine: "nats", rounds: 4, every: 2, each: 10},
	} {
		t.Run(p.engine, func(t *testing.T) {
			if p.engine == "postgres" && os.Getenv("DATABASE_URL") == "" {
				t.Skip(`SKIPPED, nothing was tested: DATABASE_URL is not set. Try eval "$(.ci/postgres)" at the root of the repository.`)
			}
			p.seed, p.folder, p.drawings = 1, t.TempDir(), os.TempDir()
			f, err := play(t.Context(), p)
			f.print(t.Output())
			require.NoError(t, err)
			assert.NoError(t, f.fault())
			assert.Equal(t, p.rounds, f.rounds)
			for _, status := range []int{200, 201, 204, 304, 404, 412, 428} {
				assert.Positive(t, f.answers[status], "nobody got a %d", status)
			}
			if p.every > 0 {
				assert.NotEmpty(t, f.kills)
			}
		})
	}
}

// TestControls: an App without a lock over a store that does not compare, and one whose reads are
// old, are refuted. How many rounds that takes is a matter of luck; that it is found is not.
func TestControls(t *testing.T) {
	for _, engine := range []string{"careless", "stale"} {
		t.Run(engine, func(t *testing.T) {
			p := plan{engine: engine, seed: 1, rounds: 1000, folder: t.TempDir(), drawings: t.TempDir()}
			f, err := play(t.Context(), p)
			require.NoError(t, err)
			require.NotEmpty(t, f.Illegal, "the checker sees nothing")
			assert.Error(t, f.fault())
			assert.Contains(t, f.Illegal[0], "client")
			t.Log(f.rounds, "rounds, and then:\n", f.Illegal[0])
		})
	}
}
