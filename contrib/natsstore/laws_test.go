// The laws of every store, on one server and on a cluster of three.

package natsstore

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/restmachine/restmachine-go/restmachine/store/storetest"
	"github.com/stretchr/testify/require"
)

type todo struct {
	Title string
	Tags  []string
}

func numbered(n int) todo { return todo{strconv.Itoa(n), []string{strconv.Itoa(n)}} }

// buckets makes names of buckets.
var buckets atomic.Int64

func newBucket() string { return fmt.Sprint("b", buckets.Add(1)) }

// open opens a bucket in memory.
func open(t testing.TB, js jetstream.JetStream, bucket string, replicas int, with ...Option) *Store[string, todo] {
	t.Helper()
	cfg := jetstream.KeyValueConfig{Bucket: bucket, Replicas: replicas, Storage: jetstream.MemoryStorage}
	s, err := Open[string, todo](t.Context(), js, cfg, with...)
	require.NoError(t, err)
	return s
}

// number returns the number in a variable of the environment, or what is usual.
func number(t testing.TB, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}

// laws tests stores, each in a bucket of its own, and each opened through another server.
// NATSSTORE_WRITES is how many writes the laws about concurrency do, 120 by default.
func laws(t *testing.T, n int) {
	nodes := servers(t, n, false)
	js := make([]jetstream.JetStream, n)
	for i := range js {
		js[i] = connect(t, nodes[i])
	}
	var turn atomic.Int64
	next := func() jetstream.JetStream { return js[int(turn.Add(1))%n] }
	storetest.Run(t, storetest.Subject[string, todo]{
		Open: func(t testing.TB) store.Store[string, todo] { return open(t, next(), newBucket(), n) },
		Reopen: func(t testing.TB, s store.Store[string, todo]) store.Store[string, todo] {
			return open(t, next(), s.(*Store[string, todo]).name, n)
		},
		Key:      func(i int) string { return fmt.Sprintf("key/%03d", i) },
		Value:    numbered,
		Number:   func(v todo) int { n, _ := strconv.Atoi(v.Tags[0]); return n },
		Scribble: func(v todo) { v.Tags[0] = "-1" },
		Writes:   number(t, "NATSSTORE_WRITES", 120),
	})
}

func TestLawsOnOneServer(t *testing.T) { laws(t, 1) }

func TestLawsOnThreeServers(t *testing.T) { laws(t, 3) }
