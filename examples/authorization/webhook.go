// Set-up 4: a webhook whose content is signed. The Dependency takes the content as it came
// and returns a Payment, or a 401. The handler takes the Payment: what is not signed never
// gets there. The fields are those of standardwebhooks.com.

package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Webhook returns an App that is told of payments.
func Webhook() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Secret { return Secret("whsec of the sender") })
	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(NewLedger)
	app.Dependency(SignedPayment)

	hook := app.Resource("/hooks/payments")
	hook.MaxBody(64 << 10)
	hook.Post(func(p Payment, ledger *Ledger) { ledger.Record(p) })
	hook.Problems(&restmachine.Problem{Status: http.StatusUnauthorized})
	return app
}

// SignedPayment reads the payment of a message that the sender has signed. Only this
// function makes a Payment.
func SignedPayment(in restmachine.Body[[]byte], h http.Header, secret Secret, now Clock) (Payment, error) {
	if !secret.Signed(h, in.Value) || !isRecent(h.Get("Webhook-Timestamp"), now()) {
		return Payment{}, &restmachine.Problem{Status: http.StatusUnauthorized, Detail: "The message is not signed, or it is old."}
	}
	payment := Payment{message: h.Get("Webhook-Id")}
	if err := json.Unmarshal(in.Value, &payment); err != nil {
		return Payment{}, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "The content is not a payment."}
	}
	return payment, nil
}

// A Payment is what the sender tells.
type Payment struct {
	Invoice string `json:"invoice"`
	Cents   int    `json:"cents"`
	message string // the ID of the message
}

// A Clock tells the time. Tests use another clock.
type Clock func() time.Time

// A Secret is what the sender and we know.
type Secret []byte

// Sign makes the signature of a message.
func (s Secret) Sign(id, timestamp string, content []byte) string {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(content)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Signed reports whether one of the signatures in the fields is made of this content. A
// sender that changes its secret sends two for a while. hmac.Equal takes the same time
// wherever two signatures differ.
func (s Secret) Signed(h http.Header, content []byte) bool {
	id, timestamp := h.Values("Webhook-Id"), h.Values("Webhook-Timestamp")
	if len(id) != 1 || len(timestamp) != 1 || id[0] == "" || strings.Contains(id[0], ".") {
		return false
	}
	want := []byte(s.Sign(id[0], timestamp[0], content))
	for _, got := range strings.Fields(h.Get("Webhook-Signature")) {
		if hmac.Equal([]byte(got), want) {
			return true
		}
	}
	return false
}

// isRecent reports whether a Unix time is within tolerance of now, before or after.
func isRecent(timestamp string, now time.Time) bool {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	return err == nil && now.Sub(time.Unix(seconds, 0)).Abs() <= tolerance
}

const tolerance = 5 * time.Minute

// A Ledger keeps payments, each message once. It is safe for concurrent use.
type Ledger struct {
	mu       sync.Mutex
	messages map[string]bool
	cents    map[string]int // by invoice
}

// NewLedger returns an empty Ledger.
func NewLedger() *Ledger { return &Ledger{messages: map[string]bool{}, cents: map[string]int{}} }

// Record adds a payment, unless its message was here before: a sender that did not get
// our answer sends the message again.
func (l *Ledger) Record(p Payment) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.messages[p.message] {
		l.messages[p.message] = true
		l.cents[p.Invoice] += p.Cents
	}
}
