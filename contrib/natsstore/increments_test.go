package natsstore

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIncrements: eight writers increment one record, each through a server of its own if there are
// three. NATSSTORE_INCREMENTS is how often each does, 10 times by default.
func TestIncrements(t *testing.T) {
	each := number(t, "NATSSTORE_INCREMENTS", 10)
	for _, n := range []int{1, 3} {
		t.Run(strconv.Itoa(n)+" servers", func(t *testing.T) {
			nodes := servers(t, n, false)
			tasks := make([]*Store[string, todo], n)
			for i := range tasks {
				tasks[i] = open(t, connect(t, nodes[i]), "counter", n, WithPatience(time.Minute))
			}
			_, err := tasks[0].Put(t.Context(), "n", todo{Title: "0"}, store.Absent())
			require.NoError(t, err)
			begin := time.Now()
			var all sync.WaitGroup
			for i := range 8 {
				all.Go(func() {
					for range each {
						if err := increment(t, tasks[i%n]); !assert.NoError(t, err) {
							return
						}
					}
				})
			}
			all.Wait()
			r, _, err := tasks[0].Get(t.Context(), "n")
			require.NoError(t, err)
			assert.Equal(t, strconv.Itoa(8*each), r.Value.Title)
			t.Logf("8 writers, %d increments each: %s, in %v", each, r.Value.Title, time.Since(begin).Round(time.Millisecond))
		})
	}
}

func increment(t *testing.T, tasks *Store[string, todo]) error {
	for {
		r, _, err := tasks.Get(t.Context(), "n")
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(r.Value.Title)
		if err != nil {
			return err
		}
		if _, err = tasks.Put(t.Context(), "n", todo{Title: strconv.Itoa(n + 1)}, store.At(r.Version)); !errors.Is(err, store.ErrStale) {
			return err
		}
	}
}
