// The keys that clients have used, and what they were answered.

package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

const (
	keptFor = 24 * time.Hour  // how long an answer is kept: longer than any client tries again
	lostFor = 2 * time.Minute // when a request counts as lost: longer than any request takes
)

// An Entry is a key that was used. Until it is Done, a request is under way.
type Entry struct {
	Content string // a hash of what was asked for
	ID      string // of what the request makes
	Done    bool
	Answer  Record // as it was when it was made
}

// Keys is the entries by key. The store may be one that all processes share.
type Keys struct {
	Store store.Store[string, Entry]
}

var (
	errOther   = &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: "This Idempotency-Key was used with other content."}
	errRunning = &restmachine.Problem{Status: http.StatusConflict, Detail: "A request with this Idempotency-Key is under way.", Header: http.Header{"Retry-After": {"1"}}}
)

// Once calls do for the first request of a key, and returns its answer to all others. A request that
// takes the place of a lost one makes a thing of the same ID.
func (k *Keys) Once(ctx context.Context, key, content string, do func(id string) (Record, error)) (r Record, again bool, err error) {
	was, ok, err := k.Store.Get(ctx, key)
	mine := Entry{Content: content, ID: cmp.Or(was.Value.ID, rand.Text())}
	age := time.Since(was.Modified)
	switch {
	case err != nil:
		return r, false, err
	case !ok:
	case was.Value.Done && age > keptFor:
		mine.ID = rand.Text()
	case was.Value.Content != mine.Content:
		return r, false, errOther
	case was.Value.Done:
		return was.Value.Answer, true, nil
	case age < lostFor:
		return r, false, errRunning
	}
	// Of several requests, one can write this. At the zero version it expects that nothing is there.
	entry, err := k.Store.Put(ctx, key, mine, store.At(was.Version))
	if errors.Is(err, store.ErrStale) {
		return r, false, errRunning
	}
	if err != nil {
		return r, false, err
	}
	if mine.Answer, err = do(mine.ID); err != nil {
		return r, false, errors.Join(err, k.release(ctx, entry, err))
	}
	mine.Done = true
	_, err = k.Store.Put(context.WithoutCancel(ctx), key, mine, store.At(entry.Version))
	return mine.Answer, false, err
}

// release lets the client try again at once after a refusal. After any other error nobody knows
// whether something was done: the key stays, and counts as lost some time later.
func (k *Keys) release(ctx context.Context, entry store.Record[string, Entry], err error) error {
	if refusal := new(restmachine.Problem); !errors.As(err, &refusal) {
		return nil
	}
	return k.Store.Delete(context.WithoutCancel(ctx), entry.Key, store.At(entry.Version))
}

// Forget deletes the keys that are older than any client tries again. Call it every hour.
func (k *Keys) Forget(ctx context.Context) error {
	for entry, err := range store.All(ctx, k.Store) {
		if err == nil && time.Since(entry.Modified) > keptFor {
			err = k.Store.Delete(ctx, entry.Key, store.At(entry.Version))
		}
		if err != nil && !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return nil
}
