// Webhooks receives messages that another service sends and signs. Each message is taken once, also if it
// is sent again. The signature is as standardwebhooks.com has it.
//
//	WEBHOOK_SECRET='a shared secret' go run ./cookbook/webhooks
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// tolerance is how far the clocks may differ, and how old a message may be.
const tolerance = 5 * time.Minute

// An Event is a message that is signed. Only verify makes one.
type Event struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data,omitempty"`
}

// A Receipt is the answer to a message.
type Receipt struct {
	ID string `json:"id"`
}

type (
	Clock   func() time.Time // tests have another one
	Secrets []string         // two while a secret is being changed
)

// fields are what a sender signs beside the content.
type fields struct {
	ID         string `header:"Webhook-Id"`
	Timestamp  string `header:"Webhook-Timestamp"`
	Signatures string `header:"Webhook-Signature"`
}

var errUnsigned = &restmachine.Problem{Status: http.StatusUnauthorized, Detail: "The signature is wrong, or the message is old."}

// NewApp returns an App that hands each event to a function, one after the other.
func NewApp(handle func(Event), secrets ...string) *restmachine.App {
	app := restmachine.New(restmachine.WithChallenge("Webhook-Signature"))
	app.OnStartup(func() Secrets { return secrets })
	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(func() *Inbox { return NewInbox(handle) })
	app.OnShutdown((*Inbox).Close)
	app.Dependency(verify)

	hook := app.Post("/hooks", func(e Event, inbox *Inbox, now Clock) (*restmachine.Reply[Receipt], error) {
		if !inbox.Take(e, now()) {
			return nil, &restmachine.Problem{Status: http.StatusServiceUnavailable, Detail: "Too many messages are waiting.",
				Header: http.Header{"Retry-After": {"10"}}}
		}
		return restmachine.Accepted("", Receipt{e.ID}), nil
	})
	hook.MaxBody(64 << 10)
	hook.Problems(errUnsigned)
	return app
}

// verify takes the content as it came, byte by byte, and reads it only after it knows who wrote it.
func verify(in restmachine.Body[[]byte], h restmachine.Header[fields], secrets Secrets, now Clock) (Event, error) {
	seconds, err := strconv.ParseInt(h.Value.Timestamp, 10, 64)
	if err != nil || now().Sub(time.Unix(seconds, 0)).Abs() > tolerance || !secrets.signed(h.Value, in.Value) {
		return Event{}, errUnsigned
	}
	var e Event
	if err := json.Unmarshal(in.Value, &e); err != nil {
		return Event{}, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "The content is not an event."}
	}
	e.ID = h.Value.ID // it is signed, and it is what does not come twice
	return e, nil
}

// signed reports whether one of the signatures is made with one of the secrets. hmac.Equal takes the same
// time wherever two signatures differ, so nobody can guess a signature byte by byte.
func (s Secrets) signed(f fields, content []byte) bool {
	if f.ID == "" || strings.Contains(f.ID, ".") {
		return false
	}
	for _, secret := range s {
		want := []byte(sign(secret, f.ID, f.Timestamp, content))
		for got := range strings.FieldsSeq(f.Signatures) {
			if hmac.Equal([]byte(got), want) {
				return true
			}
		}
	}
	return false
}

func sign(secret, id, timestamp string, content []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(content)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	secret := os.Getenv("WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set WEBHOOK_SECRET to what the sender and you know")
	}
	handle := func(e Event) { log.Printf("handled %s: %s %s", e.ID, e.Type, e.Data) }
	if err := NewApp(handle, secret).ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
