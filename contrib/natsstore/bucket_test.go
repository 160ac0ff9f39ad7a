// What a bucket must be, and what becomes of a store if it is deleted, full or of another program.

package natsstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func one(t testing.TB) jetstream.JetStream { return connect(t, servers(t, 1, false)...) }

func inMemory(bucket string) jetstream.KeyValueConfig {
	return jetstream.KeyValueConfig{Bucket: bucket, Storage: jetstream.MemoryStorage}
}

// TestAllowDirect: a bucket of another program lets any replica answer. Open says so, or mends it.
func TestAllowDirect(t *testing.T) {
	js := one(t)
	cfg := inMemory("direct")
	_, err := js.CreateKeyValue(t.Context(), cfg)
	require.NoError(t, err)
	_, err = Open[string, todo](t.Context(), js, cfg)
	require.ErrorContains(t, err, "nats stream edit KV_direct --no-allow-direct")
	tasks, err := Open[string, todo](t.Context(), js, cfg, WithMend())
	require.NoError(t, err)
	is, err := js.Stream(t.Context(), "KV_direct")
	require.NoError(t, err)
	assert.False(t, is.CachedInfo().Config.AllowDirect)
	assert.False(t, tasks.reads.CachedInfo().Config.AllowDirect)
	_, err = Open[string, todo](t.Context(), js, cfg)
	require.NoError(t, err)

	// If somebody turns it on later, this store still asks the leader.
	turned := is.CachedInfo().Config
	turned.AllowDirect = true
	_, err = js.UpdateStream(t.Context(), turned)
	require.NoError(t, err)
	_, err = tasks.List(t.Context(), nil, 1)
	require.NoError(t, err)
	assert.False(t, tasks.reads.CachedInfo().Config.AllowDirect)
}

// TestUnfit: Open tells what about a bucket breaks promises, or is not what was asked for.
func TestUnfit(t *testing.T) {
	js := one(t)
	for want, change := range map[string]func(is *jetstream.StreamConfig, cfg *jetstream.KeyValueConfig){
		"TTL":         func(is *jetstream.StreamConfig, _ *jetstream.KeyValueConfig) { is.MaxAge = time.Hour },
		"Discard":     func(is *jetstream.StreamConfig, _ *jetstream.KeyValueConfig) { is.MaxMsgs, is.Discard = 9, 0 },
		"NoAck":       func(is *jetstream.StreamConfig, _ *jetstream.KeyValueConfig) { is.NoAck = true },
		"Retention":   func(is *jetstream.StreamConfig, _ *jetstream.KeyValueConfig) { is.Retention = jetstream.InterestPolicy },
		"storage":     func(_ *jetstream.StreamConfig, cfg *jetstream.KeyValueConfig) { cfg.Storage = jetstream.FileStorage },
		"1 replicas":  func(_ *jetstream.StreamConfig, cfg *jetstream.KeyValueConfig) { cfg.Replicas = 3 },
		"AllowDirect": func(is *jetstream.StreamConfig, _ *jetstream.KeyValueConfig) { is.AllowDirect = true },
		"SubjectTransform": func(is *jetstream.StreamConfig, _ *jetstream.KeyValueConfig) {
			is.SubjectTransform = &jetstream.SubjectTransformConfig{Source: ">", Destination: ">"}
		},
		"sources": func(is *jetstream.StreamConfig, _ *jetstream.KeyValueConfig) {
			is.Sources = []*jetstream.StreamSource{{Name: "other"}}
		},
		"Sources": func(_ *jetstream.StreamConfig, cfg *jetstream.KeyValueConfig) {
			cfg.Sources = []*jetstream.StreamSource{{Name: "other"}}
		},
	} {
		cfg := inMemory(newBucket())
		is := streamConfig(cfg)
		change(&is, &cfg)
		_, err := js.CreateStream(t.Context(), is)
		require.NoError(t, err, want)
		if want == "AllowDirect" {
			want = "any replica"
		}
		_, err = Open[string, todo](t.Context(), js, cfg)
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, cfg.Bucket)
	}
	_, err := Open[string, todo](t.Context(), js, inMemory("p"), WithPrefix("a b"))
	assert.ErrorContains(t, err, `"a b"`)
	_, err = Open[string, todo](t.Context(), js, inMemory("not a name"))
	assert.Error(t, err)
}

// TestSettings: a bucket that Open makes is one that nats.go would make, except for AllowDirect.
func TestSettings(t *testing.T) {
	js := one(t)
	for i, cfg := range []jetstream.KeyValueConfig{
		{},
		{Storage: jetstream.MemoryStorage, History: 4, TTL: time.Minute, MaxBytes: 1 << 20, MaxValueSize: 1 << 10, Description: "d", Metadata: map[string]string{"a": "b"}},
		{LimitMarkerTTL: time.Minute, Compression: true, TTL: time.Hour},
	} {
		cfg.Bucket = fmt.Sprint("theirs", i)
		_, err := js.CreateKeyValue(t.Context(), cfg)
		require.NoError(t, err)
		theirs, err := js.Stream(t.Context(), streamPrefix+cfg.Bucket)
		require.NoError(t, err)
		want := theirs.CachedInfo().Config
		cfg.Bucket = fmt.Sprint("ours", i)
		_, err = Open[string, todo](t.Context(), js, cfg)
		require.NoError(t, err)
		ours, err := js.Stream(t.Context(), streamPrefix+cfg.Bucket)
		require.NoError(t, err)
		want.Name, want.Subjects, want.AllowDirect = streamPrefix+cfg.Bucket, []string{"$KV." + cfg.Bucket + ".>"}, false
		assert.Equal(t, want, ours.CachedInfo().Config)
	}
}

// TestPrefix: stores of one bucket do not see each other's records.
func TestPrefix(t *testing.T) {
	js := one(t)
	all := map[string]*Store[string, todo]{}
	for i, prefix := range []string{"", "a", "a.b"} {
		all[prefix] = open(t, js, "shared", 1, WithPrefix(prefix))
		for n := range i + 1 {
			_, err := all[prefix].Put(t.Context(), fmt.Sprint("k", n), numbered(i), store.Absent())
			require.NoError(t, err)
		}
	}
	for i, prefix := range []string{"", "a", "a.b"} {
		page, err := all[prefix].List(t.Context(), nil, 10)
		require.NoError(t, err)
		require.Len(t, page, i+1)
		assert.Equal(t, numbered(i), page[0].Value)
	}
}

// TestMadeAgain: a bucket that was deleted and made again has other versions, also for a store that
// was opened before.
func TestMadeAgain(t *testing.T) {
	js := one(t)
	before := open(t, js, "again", 1)
	old, err := before.Put(t.Context(), "a", numbered(1), store.Absent())
	require.NoError(t, err)
	require.NoError(t, js.DeleteStream(t.Context(), "KV_again"))
	_, _, err = before.Get(t.Context(), "a")
	require.ErrorIs(t, err, jetstream.ErrStreamNotFound)
	_, err = before.Put(t.Context(), "a", numbered(1), store.At(old.Version))
	require.ErrorIs(t, err, jetstream.ErrStreamNotFound)

	after := open(t, js, "again", 1)
	made, err := before.Put(t.Context(), "a", numbered(2), store.Absent()) // reads nothing that tells it
	require.NoError(t, err)
	assert.Equal(t, old.Version.Number, made.Version.Number)
	assert.NotEqual(t, old.Version, made.Version)
	found, _, err := after.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, made, found)
	_, err = before.Put(t.Context(), "a", numbered(3), store.At(old.Version))
	require.ErrorIs(t, err, store.ErrStale)

	require.NoError(t, js.DeleteStream(t.Context(), "KV_again"))
	again := open(t, js, "again", 1)
	made, err = again.Put(t.Context(), "a", numbered(4), store.Absent())
	require.NoError(t, err)
	found, _, err = after.Get(t.Context(), "a") // the record itself tells it
	require.NoError(t, err)
	assert.Equal(t, made, found)
}

// TestTTL: a record vanishes, as if it had been deleted.
func TestTTL(t *testing.T) {
	js := one(t)
	cfg := inMemory("short")
	cfg.TTL = 300 * time.Millisecond
	tasks, err := Open[string, todo](t.Context(), js, cfg)
	require.NoError(t, err)
	old, err := tasks.Put(t.Context(), "a", numbered(1), store.Absent())
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, ok, err := tasks.Get(t.Context(), "a")
		return err == nil && !ok
	}, 20*time.Second, 50*time.Millisecond)
	page, err := tasks.List(t.Context(), nil, 1)
	require.NoError(t, err)
	assert.Empty(t, page)
	_, err = tasks.Put(t.Context(), "a", numbered(2), store.At(old.Version))
	require.ErrorIs(t, err, store.ErrStale)
	made, err := tasks.Put(t.Context(), "a", numbered(2), store.Absent())
	require.NoError(t, err)
	assert.Greater(t, made.Version.Number, old.Version.Number)
}

// TestMarkers: what a deletion leaves goes after the LimitMarkerTTL, and a record can be created
// over it and after it.
func TestMarkers(t *testing.T) {
	js := one(t)
	cfg := inMemory("markers")
	cfg.LimitMarkerTTL = time.Second
	tasks, err := Open[string, todo](t.Context(), js, cfg)
	require.NoError(t, err)
	for range 2 {
		_, err = tasks.Put(t.Context(), "a", numbered(1), store.Absent())
		require.NoError(t, err)
		require.NoError(t, tasks.Delete(t.Context(), "a", store.Any()))
	}
	keys, err := tasks.keys(t.Context())
	require.NoError(t, err)
	require.Len(t, keys, 1)
	require.Eventually(t, func() bool {
		keys, err := tasks.keys(t.Context())
		return err == nil && len(keys) == 0
	}, 20*time.Second, 50*time.Millisecond)
	_, err = tasks.Put(t.Context(), "a", numbered(1), store.Absent())
	require.NoError(t, err)

	// The server's own marker of a record that it removed is not a record either.
	kv, err := js.KeyValue(t.Context(), "markers")
	require.NoError(t, err)
	_, err = kv.Create(t.Context(), "b", []byte(`{}`), jetstream.KeyTTL(time.Second))
	require.NoError(t, err)
	_, ok, err := tasks.Get(t.Context(), "b")
	require.NoError(t, err)
	require.True(t, ok)
	require.Eventually(t, func() bool {
		_, ok, err := tasks.Get(t.Context(), "b")
		assert.NoError(t, err)
		return !ok
	}, 20*time.Second, 50*time.Millisecond)
}

// TestTooLarge: what the server would refuse is not sent.
func TestTooLarge(t *testing.T) {
	js := one(t)
	cfg := inMemory("large")
	cfg.MaxValueSize = 2000
	tasks, err := Open[string, string](t.Context(), js, cfg)
	require.NoError(t, err)
	l := &lossy{JetStream: js}
	wide, err := Open[string, string](t.Context(), l, inMemory("wide"))
	require.NoError(t, err)

	_, err = tasks.Put(t.Context(), "a", strings.Repeat("x", 2000), store.Any())
	require.ErrorIs(t, err, ErrTooLarge)
	require.ErrorContains(t, err, "bucket large takes 2000 (MaxValueSize)")
	_, err = wide.Put(t.Context(), "a", strings.Repeat("x", 1<<20), store.Any())
	require.ErrorIs(t, err, ErrTooLarge)
	require.ErrorContains(t, err, "max_payload")
	long := strings.Repeat("k", 3000)
	_, err = wide.Put(t.Context(), long, "", store.Any())
	require.ErrorIs(t, err, ErrTooLarge)
	_, ok, err := wide.Get(t.Context(), long)
	require.NoError(t, err)
	assert.False(t, ok)
	assert.Zero(t, l.sent)

	// The size is exact: the server takes what fits, and refuses one byte more.
	c := tasks.change("a", make([]byte, cfg.MaxValueSize), state{})
	for tasks.fits(c.msg) != nil {
		c.msg.Data = c.msg.Data[1:]
	}
	sequence, err := tasks.send(t.Context(), c)
	require.NoError(t, err)
	c.msg.Data = append(c.msg.Data, 0)
	c.msg.Header.Set(jetstream.ExpectedLastSubjSeqHeader, fmt.Sprint(sequence))
	_, err = tasks.send(t.Context(), c)
	require.ErrorContains(t, err, "message size exceeds maximum")
	assert.True(t, definite(err))
}

// TestFull: a bucket without space refuses the write, and keeps what it has.
func TestFull(t *testing.T) {
	js := one(t)
	cfg := inMemory("full")
	cfg.MaxBytes = 4000
	tasks, err := Open[string, string](t.Context(), js, cfg)
	require.NoError(t, err)
	_, err = tasks.Put(t.Context(), "a", strings.Repeat("x", 3000), store.Any())
	require.NoError(t, err)
	_, err = tasks.Put(t.Context(), "b", strings.Repeat("x", 3000), store.Any())
	require.ErrorContains(t, err, "maximum bytes exceeded")
	require.NotErrorIs(t, err, store.ErrUnknown)
	_, ok, err := tasks.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.True(t, ok)
}

// TestOthersWrite: values of other programs are records, and what is no JSON is an error that names
// its key.
func TestOthersWrite(t *testing.T) {
	js := one(t)
	tasks := open(t, js, "others", 1)
	kv, err := js.KeyValue(t.Context(), "others")
	require.NoError(t, err)
	_, err = kv.PutString(t.Context(), "a", `{"Title":"by hand"}`)
	require.NoError(t, err)
	_, err = kv.PutString(t.Context(), "not-a-key", `{}`)
	require.NoError(t, err)
	page, err := tasks.List(t.Context(), nil, 10)
	require.NoError(t, err)
	require.Len(t, page, 1)
	assert.Equal(t, "by hand", page[0].Value.Title)
	assert.WithinDuration(t, time.Now(), page[0].Modified, time.Hour)
	_, err = tasks.Put(t.Context(), "a", numbered(1), store.At(page[0].Version))
	require.NoError(t, err)
	require.NoError(t, kv.Delete(t.Context(), "a"))
	_, ok, err := tasks.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.False(t, ok)

	for _, text := range []string{"text", "{} {}", ""} {
		_, err = kv.PutString(t.Context(), "a", text)
		require.NoError(t, err)
		_, _, err = tasks.Get(t.Context(), "a")
		require.ErrorContains(t, err, "key a of bucket others")
	}
	_, err = tasks.List(t.Context(), nil, 10)
	require.Error(t, err)
}

// TestNoServer: without a server a call ends with its context, or with its patience.
func TestNoServer(t *testing.T) {
	nodes := servers(t, 1, false)
	js := connect(t, nodes...)
	tasks := open(t, js, "gone", 1, WithPatience(200*time.Millisecond))
	nodes[0].kill()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, _, err := tasks.Get(ctx, "a")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = tasks.Put(t.Context(), "a", numbered(1), store.Any())
	require.ErrorContains(t, err, "no leader of bucket gone answered in 200ms")
	require.False(t, errors.Is(err, store.ErrUnknown))
	_, err = tasks.List(t.Context(), nil, 1)
	require.Error(t, err)
}

// TestNumbers: no digit is lost where the type of a value does not say what its numbers are.
func TestNumbers(t *testing.T) {
	s, err := Open[int, any](t.Context(), one(t), inMemory("numbers"))
	require.NoError(t, err)
	for _, key := range []int{3, -1, 20} {
		r, err := s.Put(t.Context(), key, json.Number("12345678901234567890"), store.Absent())
		require.NoError(t, err)
		assert.Equal(t, json.Number("12345678901234567890"), r.Value)
	}
	page, err := s.List(t.Context(), new(-1), 10)
	require.NoError(t, err)
	require.Len(t, page, 2)
	assert.Equal(t, []int{3, 20}, []int{page[0].Key, page[1].Key})
	c, err := Open[int, func()](t.Context(), s.js, inMemory("numbers"))
	require.NoError(t, err)
	_, err = c.Put(t.Context(), 1, nil, store.Any())
	require.ErrorContains(t, err, "has no JSON")
}

// TestClockGoesBack: Modified stays as it was, also over a deletion.
func TestClockGoesBack(t *testing.T) {
	tasks := open(t, one(t), "clock", 1)
	later := time.Now().Add(time.Hour).Round(0).UTC()
	_, err := tasks.send(t.Context(), tasks.change("a", []byte("{}"), state{modified: later}))
	require.NoError(t, err)
	r, err := tasks.Put(t.Context(), "a", numbered(1), store.Any())
	require.NoError(t, err)
	assert.Equal(t, later, r.Modified)
	require.NoError(t, tasks.Delete(t.Context(), "a", store.Any()))
	r, err = tasks.Put(t.Context(), "a", numbered(1), store.Absent())
	require.NoError(t, err)
	assert.Equal(t, later, r.Modified)
	found, _, err := tasks.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, r, found)
}
