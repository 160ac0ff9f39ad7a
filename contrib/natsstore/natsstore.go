// Package natsstore keeps records in a key-value bucket of NATS JetStream, on one server or on a
// cluster:
//
//	js, err := jetstream.New(conn)
//	todos, err := natsstore.Open[string, Todo](ctx, js, jetstream.KeyValueConfig{Bucket: "todos", Replicas: 3})
//
// A [Store] is a [store.Store]: each write says which version it overwrites, and the leader of the
// bucket compares that in the same step. Reads are answered by the leader, too. No update is lost,
// also if a server of a cluster of three is killed.
//
// If the answer to a write is lost, the Store finds out whether it took place. Where that cannot be
// found out, the error matches [store.ErrUnknown].
//
// The version of a record is when the bucket was made, and the sequence of the message. Neither
// comes twice, so no version stands for two states, also if the bucket is deleted and made again.
//
// This file has the methods of a store. bucket.go opens buckets, write.go asks the servers,
// message.go is what they keep, and key.go is how they spell keys.
package natsstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Store is a [store.Store] in a bucket. Its values are stored as JSON.
//
// Each call asks the leader: Get once, Put and Delete twice. List asks for all keys, and then for
// each record of the page.
type Store[K Key, V any] struct{ *bucket }

// Open opens a bucket, and makes it if there is none. The settings of a bucket that exists stay
// as they are. Open returns an error if these cannot keep the promises of a store, or are not those
// that were asked for: storage, replicas, TTL. The connection belongs to the caller, who closes it.
func Open[K Key, V any](ctx context.Context, js jetstream.JetStream, cfg jetstream.KeyValueConfig, with ...Option) (*Store[K, V], error) {
	var o options
	for _, set := range with {
		set(&o)
	}
	b, err := openBucket(ctx, js, cfg, o)
	if err != nil {
		return nil, err
	}
	return &Store[K, V]{b}, nil
}

// Get implements [store.Store]. The leader answers it.
func (s *Store[K, V]) Get(ctx context.Context, key K) (r store.Record[K, V], ok bool, err error) {
	if err := ctx.Err(); err != nil {
		return r, false, err
	}
	return s.get(ctx, key, encode(key))
}

func (s *Store[K, V]) get(ctx context.Context, key K, token string) (r store.Record[K, V], ok bool, err error) {
	now, err := s.last(ctx, token)
	if err != nil || !now.exists {
		return r, false, err
	}
	value, err := valueOf[V](now.data)
	if err != nil {
		return r, false, fmt.Errorf("%w (key %s of bucket %s)", err, s.prefix+token, s.name)
	}
	return store.Record[K, V]{Key: key, Value: value, Version: s.version(now), Modified: now.modified}, true, nil
}

// version returns the version of a state, which is zero if there is no record.
func (b *bucket) version(s state) store.Version {
	if !s.exists {
		return store.Version{}
	}
	return store.Version{Incarnation: b.incarnation.Load(), Number: int64(s.sequence)}
}

// Put implements [store.Store]. If the clock went back, Modified stays as it was. A value that is
// too large is [ErrTooLarge].
func (s *Store[K, V]) Put(ctx context.Context, key K, value V, expect store.Expect) (store.Record[K, V], error) {
	var none store.Record[K, V]
	if err := ctx.Err(); err != nil {
		return none, err
	}
	data, err := json.Marshal(value)
	if err != nil {
		return none, fmt.Errorf("natsstore: the value has no JSON: %w", err)
	}
	stored, err := valueOf[V](data) // what Get will return
	if err != nil {
		return none, err
	}
	token := encode(key)
	c, sequence, err := s.write(ctx, token, func(now state) (*change, error) {
		if err := expect.Check(key, s.version(now)); err != nil {
			return nil, err
		}
		c := s.change(token, data, now)
		return c, s.fits(c.msg)
	})
	if err == nil && c.expected == 0 {
		sequence, err = s.created(ctx, token, c, sequence)
	}
	if err != nil {
		return none, err
	}
	version := s.version(state{exists: true, sequence: sequence})
	return store.Record[K, V]{Key: key, Value: stored, Version: version, Modified: c.modified}, nil
}

// errMadeAgain is why the outcome of a write is not known.
var errMadeAgain = errors.New("the bucket was deleted and made again")

// created makes sure that the bucket which the first message of a key went to is the one that is
// known. It may have been deleted and made again since Open, and nothing that was read told so.
func (b *bucket) created(ctx context.Context, token string, c *change, sequence uint64) (uint64, error) {
	was := b.incarnation.Load()
	if err := b.renew(ctx); err != nil {
		return 0, unknown(err)
	}
	if b.incarnation.Load() == was {
		return sequence, nil
	}
	now, err := b.last(ctx, token)
	switch {
	case err != nil:
		return 0, unknown(err)
	case now.write != c.write:
		return 0, unknown(errMadeAgain)
	}
	return now.sequence, nil
}

// Delete implements [store.Store]. It leaves a message that says that the record was deleted. If
// the bucket has a LimitMarkerTTL, this message goes after that time.
func (s *Store[K, V]) Delete(ctx context.Context, key K, expect store.Expect) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	token := encode(key)
	_, _, err := s.write(ctx, token, func(now state) (*change, error) {
		if err := expect.Check(key, s.version(now)); err != nil || !now.exists {
			return nil, err
		}
		return s.deletion(token, now), nil
	})
	return err
}

// List implements [store.Store]. Each record is as it was when the leader was asked for it. Keys
// that this package cannot have written are left out.
func (s *Store[K, V]) List(ctx context.Context, after *K, limit int) ([]store.Record[K, V], error) {
	return s.list(ctx, after, limit, func(string) bool { return true })
}

// Below returns the records whose keys begin with prefix and are longer: see [store.Below], which
// calls it. It asks for all keys, as List does, and then only for the records of the page. If keys
// are integers, nothing is below another key.
func (s *Store[K, V]) Below(ctx context.Context, prefix K, after *K, limit int) ([]store.Record[K, V], error) {
	parent := reflect.ValueOf(prefix)
	return s.list(ctx, after, limit, func(token string) bool {
		key, ok := decode[K](token)
		return ok && key != prefix && parent.Kind() == reflect.String && strings.HasPrefix(reflect.ValueOf(key).String(), parent.String())
	})
}

// list is List, of the keys whose tokens are wanted.
func (s *Store[K, V]) list(ctx context.Context, after *K, limit int, wanted func(token string) bool) ([]store.Record[K, V], error) {
	page := []store.Record[K, V]{}
	if err := ctx.Err(); err != nil || limit <= 0 {
		return page, err
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return nil, err
	}
	if after != nil {
		from, found := slices.BinarySearch(keys, encode(*after))
		if found {
			from++
		}
		keys = keys[from:]
	}
	keys = slices.DeleteFunc(keys, func(token string) bool { return !wanted(token) })
	// The records of some keys were deleted. So the page may need more than one round.
	for len(page) < limit && len(keys) > 0 {
		n := min(limit-len(page), len(keys))
		if page, err = s.appendRecords(ctx, page, keys[:n]); err != nil {
			return nil, err
		}
		keys = keys[n:]
	}
	return page, nil
}

// keys returns the tokens of all keys in order, also of those whose records were deleted. They are
// asked of the leader: a consumer, as ListKeys has it, may run beside a replica that lags.
func (b *bucket) keys(ctx context.Context) (tokens []string, err error) {
	err = b.read(ctx, func(ctx context.Context) error {
		info, err := b.lists.Info(ctx, jetstream.WithSubjectFilter(b.subject("*")))
		if err != nil {
			return err
		}
		if info.Cluster != nil && info.Cluster.Name != "" && info.Cluster.Leader == "" {
			return errLeaderless // then any replica answers
		}
		tokens = tokens[:0]
		for subject := range info.State.Subjects {
			tokens = append(tokens, strings.TrimPrefix(subject, b.subject("")))
		}
		return nil
	})
	slices.Sort(tokens)
	return tokens, err
}

// together is how many records of a page are asked for at the same time.
const together = 16

// appendRecords reads the records of these keys and appends those that exist.
func (s *Store[K, V]) appendRecords(ctx context.Context, page []store.Record[K, V], tokens []string) ([]store.Record[K, V], error) {
	type found struct {
		record store.Record[K, V]
		ok     bool
		err    error
	}
	all := make([]found, len(tokens))
	turns := make(chan struct{}, together)
	var done sync.WaitGroup
	for i, token := range tokens {
		turns <- struct{}{}
		done.Go(func() {
			defer func() { <-turns }()
			f := &all[i]
			if key, ok := decode[K](token); ok {
				f.record, f.ok, f.err = s.get(ctx, key, token)
			}
		})
	}
	done.Wait()
	for _, f := range all {
		if f.err != nil {
			return nil, f.err
		}
		if f.ok {
			page = append(page, f.record)
		}
	}
	return page, nil
}
