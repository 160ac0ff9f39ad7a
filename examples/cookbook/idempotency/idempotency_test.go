package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// TestPage plays the session of the page.
func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

// A world is what several processes of the service share.
type world struct {
	keys     *store.Memory[string, Entry]
	payments Payments
	now      time.Time
	mu       sync.Mutex
	paid     []string                    // the keys that the bank was given
	bank     func(n int) (string, error) // the answer to the n-th
}

func newWorld() *world {
	w := &world{payments: new(store.Memory[string, Payment]), now: time.Now(),
		bank: func(n int) (string, error) { return fmt.Sprint("receipt ", n), nil }}
	w.keys = &store.Memory[string, Entry]{Now: func() time.Time { return w.now }}
	return w
}

func (w *world) Pay(_ context.Context, key string, _ Order) (string, error) {
	w.mu.Lock()
	w.paid = append(w.paid, key)
	n := len(w.paid)
	w.mu.Unlock()
	return w.bank(n)
}

// client is one of another process, with a token and a key.
func (w *world) client(t *testing.T) restmachinetest.Client {
	app := NewApp()
	restmachine.Override(app, &Keys{Store: w.keys})
	restmachine.Override(app, w.payments)
	restmachine.Override(app, Bank(w))
	restmachinetest.Check(t, app)
	return restmachinetest.NewClient(app).Header("Authorization", "Bearer token-of-ann").Header("Idempotency-Key", "0123456789")
}

var order = Order{"bob", 500}

func TestTheSameKeyHasTheSameAnswer(t *testing.T) {
	w := newWorld()
	client := w.client(t)
	first := client.Post("/payments").JSON(order).Expect(t).Status(201).NoHeader("Idempotency-Replayed").
		Body(`{"to":"bob","cents":500,"receipt":"receipt 1"}`)
	for _, client := range []restmachinetest.Client{client, w.client(t)} { // in another process, too
		again := client.Post("/payments").Body("application/json", `{ "cents": 500, "to": "bob" }`).Expect(t).
			Status(201).Header("Idempotency-Replayed", "true").Body(string(first.Response.Body))
		assert.Equal(t, first.Location(), again.Location())
		assert.Equal(t, first.ETag(), again.ETag())
	}
	assert.Len(t, w.paid, 1)
	client.Get(first.Location()).IfNoneMatch(first.ETag()).Expect(t).Status(304)

	other := client.Post("/payments").JSON(Order{"bob", 501})
	other.Expect(t).Status(422).Problem("other content")
	other.Header("Idempotency-Key", "another key").Expect(t).Status(201)
	client.Header("Authorization", "Bearer token-of-bob").Post("/payments").JSON(Order{"ann", 1}).Expect(t).Status(201) // a key belongs to its user
	client.Header("Authorization", "Bearer token-of-bob").Get(first.Location()).Expect(t).Status(404)
	assert.Len(t, w.paid, 3)
}

func TestWhatDoesNotUseTheKeyUp(t *testing.T) {
	w := newWorld()
	client := w.client(t)
	client.Header("Authorization").Post("/payments").JSON(order).Expect(t).Status(401)
	for _, key := range [][]string{nil, {""}, {"short"}, {"0123456789", "0123456789"}} {
		client.Header("Idempotency-Key", key...).Post("/payments").JSON(order).Expect(t).Status(400)
	}
	client.Post("/payments").JSON(Order{"", 0}).Expect(t).Status(422)
	assert.Empty(t, w.paid)

	w.bank = func(int) (string, error) {
		return "", &restmachine.Problem{Status: 402, Detail: "The account is empty."}
	}
	client.Post("/payments").JSON(order).Expect(t).Status(402)
	w.bank = func(int) (string, error) { return "paid", nil }
	client.Post("/payments").JSON(order).Expect(t).Status(201).NoHeader("Idempotency-Replayed")
}

// TestTwoAtOnce: one is paid, and the others are told to wait.
func TestTwoAtOnce(t *testing.T) {
	w := newWorld()
	began, end := make(chan struct{}), make(chan struct{})
	w.bank = func(int) (string, error) { close(began); <-end; return "paid", nil }
	first := w.client(t)
	done := make(chan *restmachinetest.Result)
	go func() { done <- first.Post("/payments").JSON(order).Expect(t) }()
	<-began
	for _, client := range []restmachinetest.Client{first, w.client(t)} {
		client.Post("/payments").JSON(order).Expect(t).Status(409).Header("Retry-After", "1").Problem("under way")
		client.Post("/payments").JSON(Order{"eve", 1}).Expect(t).Status(422)
	}
	close(end)
	(<-done).Status(201)
	first.Post("/payments").JSON(order).Expect(t).Status(201).Header("Idempotency-Replayed", "true")

	// All at the same moment.
	w = newWorld()
	var group sync.WaitGroup
	for range 8 {
		client := w.client(t)
		group.Go(func() {
			if status := client.Post("/payments").JSON(order).Expect(t).Response.StatusCode; status != 409 {
				assert.Equal(t, 201, status)
			}
		})
	}
	group.Wait()
	assert.Len(t, w.paid, 1)
}

// TestALostRequest: the process died, or the bank did not answer. The key stays until the request
// counts as lost. The next one gives the bank the same key.
func TestALostRequest(t *testing.T) {
	w := newWorld()
	w.now = time.Now().Add(-lostFor / 2)
	w.bank = func(int) (string, error) { return "", errors.New("the connection was lost") }
	client := w.client(t)
	client.Post("/payments").JSON(order).Expect(t).Status(500)
	client.Post("/payments").JSON(order).Expect(t).Status(409)

	entry, _, err := w.keys.Get(t.Context(), "ann/0123456789")
	require.NoError(t, err)
	w.now = time.Now()
	w.keys = &store.Memory[string, Entry]{Now: func() time.Time { return time.Now().Add(-lostFor) }} // some time later
	_, err = w.keys.Put(t.Context(), entry.Key, entry.Value, store.Absent())
	require.NoError(t, err)
	w.bank = func(int) (string, error) { return "paid", nil }
	client = w.client(t)
	client.Post("/payments").JSON(Order{"eve", 1}).Expect(t).Status(422)
	client.Post("/payments").JSON(order).Expect(t).Status(201).Header("Location", "/payments/"+entry.Value.ID)
	assert.Equal(t, []string{"ann/0123456789", "ann/0123456789"}, w.paid)
}

// TestKeysAreForgotten: after a day a key is new.
func TestKeysAreForgotten(t *testing.T) {
	w := newWorld()
	w.now = time.Now().Add(-keptFor - time.Minute)
	client := w.client(t)
	old := client.Post("/payments").JSON(order).Expect(t).Status(201)
	next := client.Post("/payments").JSON(order).Expect(t).Status(201).NoHeader("Idempotency-Replayed")
	assert.NotEqual(t, old.Location(), next.Location())

	keys := &Keys{Store: w.keys}
	w.now = time.Now()
	client.Header("Idempotency-Key", "a younger key").Post("/payments").JSON(order).Expect(t).Status(201)
	require.NoError(t, keys.Forget(t.Context()))
	left, err := w.keys.List(t.Context(), nil, 10)
	require.NoError(t, err)
	require.Len(t, left, 1)
	assert.Equal(t, "ann/a younger key", left[0].Key)
	client.Get(old.Location()).Expect(t).Status(200) // the payments stay
}

// TestAnotherProcessWasFaster: it took the key after this one has seen that it is free.
func TestAnotherProcessWasFaster(t *testing.T) {
	w := newWorld()
	app := NewApp()
	restmachine.Override(app, Bank(w))
	restmachine.Override(app, &Keys{Store: recipe.Overtaken(store.Store[string, Entry](w.keys), func() {
		_, err := w.keys.Put(t.Context(), "ann/0123456789", Entry{Content: restmachine.HashETag(order)}, store.Absent())
		require.NoError(t, err)
	})})
	client := restmachinetest.NewClient(app).Header("Authorization", "Bearer token-of-ann").Header("Idempotency-Key", "0123456789")
	client.Post("/payments").JSON(order).Expect(t).Status(409)
	assert.Empty(t, w.paid)
}

// TestDocument holds the answers to the OpenAPI document.
func TestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, NewApp(), restmachinetest.Document{
		Header: http.Header{"Authorization": {"Bearer token-of-ann"}},
		Values: map[string][]string{"Idempotency-Key": {"0123456789a", "0123456789b", "0123456789c"}},
	})
}
