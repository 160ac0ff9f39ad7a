// Idempotency lets a client send a payment again if it does not know whether the first attempt
// arrived. It is paid once.
//
//	go run ./cookbook/idempotency
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path"
	"sync/atomic"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// An Order is what a client says.
type Order struct {
	To    string `json:"to"`
	Cents int    `json:"cents"`
}

// Validate refuses an order that cannot be paid: 422. Its key is not used up.
func (o Order) Validate() error {
	var bad restmachine.Invalid
	if o.To == "" {
		bad.Add("/to", "is required")
	}
	if o.Cents < 1 {
		bad.Add("/cents", "must be at least 1")
	}
	return bad.Err()
}

// A Payment is an Order that was paid.
type Payment struct {
	Order
	Receipt string `json:"receipt"`
}

// Payments keeps payments by their IDs.
type (
	Payments = store.Store[string, Payment]
	Record   = store.Record[string, Payment]
)

// A Bank moves the money. It is given the key as well, since its answer may be lost, too.
type Bank interface {
	Pay(ctx context.Context, key string, o Order) (receipt string, err error)
}

// Fields are what a request says beside its content.
type Fields struct {
	Key string `header:"Idempotency-Key"`
}

// Validate refuses a request without a key: 400.
func (f Fields) Validate() error {
	if len(f.Key) < 10 || len(f.Key) > 200 {
		return errKey
	}
	return nil
}

var errKey = &restmachine.Problem{Status: http.StatusBadRequest, Detail: "Idempotency-Key must be a random text of 10 to 200 characters"}

// A User is who calls; "" is nobody.
type User string

// Caller finds the user of a token. A real program looks it up.
func Caller(h http.Header) User {
	return map[string]User{"Bearer token-of-ann": "ann", "Bearer token-of-bob": "bob"}[h.Get("Authorization")]
}

// NewApp returns the App.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Payments { return new(store.Memory[string, Payment]) })
	app.OnStartup(func() *Keys { return &Keys{Store: new(store.Memory[string, Entry])} })
	app.OnStartup(func() Bank { return new(toyBank) })
	app.Dependency(Caller)
	app.Authorized(func(u User) bool { return u != "" })

	app.ResourceExists(func(ctx context.Context, params restmachine.PathParams, u User, all Payments) (Record, bool, error) {
		return all.Get(ctx, string(u)+"/"+params.Get("id"))
	})
	app.GenerateETag(Record.ETag)
	app.Location(func(r Record) string { return "/payments/" + path.Base(r.Key) })
	app.Provides("application/json", func(r Record) Payment { return r.Value })
	app.Get("/payments/{id}", func(r Record) Record { return r })
	payments := app.Post("/payments", pay)
	payments.Problems(errKey, errOther, errRunning)
	payments.Field("Idempotency-Replayed", "true: this is the answer of an earlier request with this key.", 201) // for the document
	return app
}

// pay pays an order once for each key of a user.
func pay(ctx context.Context, in restmachine.Body[Order], f restmachine.Header[Fields], u User, keys *Keys, all Payments, bank Bank) (*restmachine.Reply[Record], error) {
	key := string(u) + "/" + f.Value.Key // never the key of somebody else
	r, again, err := keys.Once(ctx, key, restmachine.HashETag(in.Value), func(id string) (Record, error) {
		receipt, err := bank.Pay(ctx, key, in.Value)
		if err != nil {
			return Record{}, err
		}
		return all.Put(ctx, string(u)+"/"+id, Payment{in.Value, receipt}, store.Any())
	})
	reply := restmachine.Created("", r)
	if again {
		reply.Header.Set("Idempotency-Replayed", "true")
	}
	return reply, err
}

type toyBank struct{ count atomic.Int64 }

func (b *toyBank) Pay(context.Context, string, Order) (string, error) {
	return fmt.Sprintf("receipt %d", b.count.Add(1)), nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
