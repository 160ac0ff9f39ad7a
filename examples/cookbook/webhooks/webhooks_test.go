package main

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

const secret = "a shared secret"

func TestPage(t *testing.T) { recipe.Check(t, NewApp(func(Event) {}, secret)) }

// A sender signs what it sends. Its clock is the one of the App.
type sender struct {
	restmachinetest.Client
	now time.Time
}

func (s *sender) message(secret, id, content string) restmachinetest.Call {
	at := strconv.FormatInt(s.now.Unix(), 10)
	return s.Post("/hooks").Header("Webhook-Id", id).Header("Webhook-Timestamp", at).
		Header("Webhook-Signature", sign(secret, id, at, []byte(content))).Body("application/json", content)
}

// open returns a sender, and an end that returns all events that were handled.
func open(t *testing.T, secrets ...string) (s *sender, end func() []Event) {
	t.Helper()
	var handled []Event
	app := NewApp(func(e Event) { handled = append(handled, e) }, secrets...)
	s = &sender{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	restmachine.Override(app, Clock(func() time.Time { return s.now }))
	restmachinetest.Check(t, app)
	s.Client = restmachinetest.NewClient(app)
	return s, func() []Event {
		require.NoError(t, app.Shutdown(t.Context()))
		return handled
	}
}

func TestEachMessageOnce(t *testing.T) {
	s, end := open(t, secret)
	first := s.message(secret, "msg_1", `{"type":"invoice.paid","data":{"invoice":7}}`)
	first.Expect(t).Status(202).Body(`{"id":"msg_1"}`)
	first.Expect(t).Status(202).Body(`{"id":"msg_1"}`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { s.message(secret, "msg_2", `{"id":"msg_1","type":"invoice.sent"}`).Expect(t).Status(202) })
	}
	all.Wait()
	s.now = s.now.Add(tolerance)
	first.Expect(t).Status(202)
	handled := end()
	require.Len(t, handled, 2)
	assert.Equal(t, Event{"msg_1", "invoice.paid", []byte(`{"invoice":7}`)}, handled[0])
	assert.Equal(t, "msg_2", handled[1].ID, "the ID that is signed counts")
}

func TestWhatIsNotSigned(t *testing.T) {
	s, end := open(t, secret)
	good := s.message(secret, "msg_1", `{"type":"a"}`)
	for why, call := range map[string]restmachinetest.Call{
		"another secret":     s.message("no", "msg_1", `{"type":"a"}`),
		"an empty secret":    s.message("", "msg_1", `{"type":"a"}`),
		"another content":    good.Body("application/json", `{"type":"b"}`),
		"one space more":     good.Body("application/json", `{"type": "a"}`),
		"without content":    good.Body("application/json", ""),
		"another ID":         good.Header("Webhook-Id", "msg_2"),
		"without an ID":      good.Header("Webhook-Id"),
		"another time":       good.Header("Webhook-Timestamp", strconv.FormatInt(s.now.Unix()+1, 10)),
		"without a time":     good.Header("Webhook-Timestamp"),
		"a time of no sense": good.Header("Webhook-Timestamp", "9223372036854775807"),
		"without signature":  good.Header("Webhook-Signature"),
		"another kind":       good.Header("Webhook-Signature", "v2,abc"),
		"a dot in the ID":    s.message(secret, "msg.1", `{"type":"a"}`), // it would move the borders
	} {
		t.Run(why, func(t *testing.T) {
			call.Expect(t).Status(401).Problem("wrong").Header("WWW-Authenticate", "Webhook-Signature")
		})
	}
	s.message(secret, "msg_3", `not JSON`).Expect(t).Status(400).Problem("not an event")
	good.Body("application/json", fmt.Sprintf("%70000d", 1)).Expect(t).Status(413)
	s.Get("/hooks").Expect(t).Status(405).Header("Allow", "POST, OPTIONS")
	assert.Empty(t, end())
}

// TestOldMessages: a message that somebody recorded is of no use later, when its ID is forgotten.
func TestOldMessages(t *testing.T) {
	s, end := open(t, secret)
	recorded := s.message(secret, "msg_1", `{}`)
	ahead := *s
	ahead.now = s.now.Add(tolerance)
	early := ahead.message(secret, "msg_2", `{}`) // by a clock that goes fast
	recorded.Expect(t).Status(202)
	early.Expect(t).Status(202)
	s.now = s.now.Add(tolerance + time.Second)
	recorded.Expect(t).Status(401).Problem("old")
	early.Expect(t).Status(202)
	s.now = s.now.Add(tolerance)
	early.Expect(t).Status(401)
	assert.Len(t, end(), 2)
}

func TestASecretThatChanges(t *testing.T) {
	s, end := open(t, "new", "old")
	s.message("old", "msg_1", `{}`).Expect(t).Status(202)
	s.message("new", "msg_2", `{}`).Expect(t).Status(202)
	both := s.message("new", "msg_3", `{}`)
	signature := both.Request().Header.Get("Webhook-Signature")
	both.Header("Webhook-Signature", "v1,abc "+signature).Expect(t).Status(202)
	assert.Len(t, end(), 3)
	none, _ := open(t)
	none.message("", "msg_1", `{}`).Expect(t).Status(401)
}

// TestTooManyAreWaiting: what was not taken may be sent again, and is taken then. The memory is bounded.
func TestTooManyAreWaiting(t *testing.T) {
	begin, handled := make(chan bool), 0
	i := NewInbox(func(Event) { <-begin; handled++ })
	now, n := time.Now(), 0
	for ; i.Take(Event{ID: strconv.Itoa(n)}, now); n++ {
		require.LessOrEqual(t, n, waiting+1)
	}
	assert.False(t, i.Take(Event{ID: strconv.Itoa(n)}, now))
	close(begin)
	require.Eventually(t, func() bool { return i.Take(Event{ID: strconv.Itoa(n)}, now) }, 5*time.Second, time.Millisecond)
	assert.True(t, i.Take(Event{ID: "last"}, now.Add(2*tolerance+1)))
	assert.Len(t, i.taken, 1)
	require.NoError(t, i.Close(t.Context()))
	assert.Equal(t, n+2, handled)
	assert.False(t, i.Take(Event{ID: "late"}, now))
}
