// Events sends each message to every client that listens, at once. A client that was away gets what
// it has missed.
//
//	go run ./cookbook/events
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
)

// kept is how many messages are kept for clients that connect again.
const kept = 100

// A NewMessage is what a client says.
type NewMessage struct {
	Text string `json:"text"`
}

// Validate refuses a message without text: 422.
func (m NewMessage) Validate() error {
	if m.Text == "" {
		return errors.New("a message needs a text")
	}
	return nil
}

// A Message does not change.
type Message struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Messages is a part of what was said, and where it ends.
type Messages struct {
	Messages []Message `json:"messages"`
	Last     string    `json:"-"` // the ID of the last message that was ever said
}

// A Board keeps the last messages. It is safe for concurrent use.
type Board struct {
	mu    sync.Mutex
	run   string // is in each ID, since numbers begin anew when the program does
	count int    // how many messages there were
	last  []Message
	more  chan struct{} // is closed by the next message
}

// NewBoard returns an empty board.
func NewBoard() *Board { return &Board{run: rand.Text()[:8], more: make(chan struct{})} }

func (b *Board) id(n int) string { return fmt.Sprintf("%s-%d", b.run, n) }

// Say adds a message, and wakes all who wait for it.
func (b *Board) Say(text string) Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	m := Message{b.id(b.count), text}
	b.last = append(b.last[max(0, len(b.last)+1-kept):], m)
	close(b.more)
	b.more = make(chan struct{})
	return m
}

// After returns the messages after an ID. whole is true if some of them, or the ID, are not known
// any more: then it returns all that is kept. more is closed by the next message.
func (b *Board) After(id string) (news Messages, whole bool, more <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	run, number, _ := strings.Cut(id, "-")
	n, err := strconv.Atoi(number)
	missed := b.count - n
	whole = run != b.run || err != nil || missed < 0 || missed > len(b.last)
	if whole {
		missed = len(b.last)
	}
	return Messages{slices.Clone(b.last[len(b.last)-missed:]), b.id(b.count)}, whole, b.more
}

// NewApp returns the App.
func NewApp(options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(NewBoard)
	app.GenerateETag(func(m Messages) string { return m.Last })
	app.Get("/messages", func(b *Board) Messages {
		all, _, _ := b.After("")
		return all
	}).Post(func(b *Board, in restmachine.Body[NewMessage]) *restmachine.Reply[Message] {
		return restmachine.Created("/messages", b.Say(in.Value.Text))
	})
	app.Get("/messages/live", live)
	return app
}

// live first sends what the client has missed, and then each message as it comes.
func live(b *Board, last restmachine.LastEventID) *restmachine.EventStream {
	seen := string(last) // "" if the client comes for the first time
	return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
		for {
			news, whole, more := b.After(seen)
			if whole {
				if err := send(restmachine.Event{ID: news.Last, Name: "all", Data: news}); err != nil {
					return err
				}
				news.Messages = nil
			}
			for _, m := range news.Messages {
				if err := send(restmachine.Event{ID: m.ID, Name: "message", Data: m}); err != nil {
					return err
				}
			}
			seen = news.Last
			select {
			case <-more:
			case <-ctx.Done(): // the client has gone, or the server is about to end
				return nil
			}
		}
	})
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
