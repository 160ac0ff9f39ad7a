// Set-up 4: nothing is paid but by a message that the sender has signed, and once.

package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

const hook, paid = "/hooks/payments", `{"invoice":"7","cents":1200}`

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// payments is the App at noon, with what it keeps.
func payments(t *testing.T) (siege, Secret) {
	app, ledger, secret := Webhook(), NewLedger(), Secret("a secret of the test")
	restmachine.Override(app, ledger)
	restmachine.Override(app, secret)
	restmachine.Override(app, Clock(func() time.Time { return noon }))
	return besiege(t, app, func() string {
		ledger.mu.Lock()
		defer ledger.mu.Unlock()
		return fmt.Sprint(ledger.cents, ledger.messages)
	}, string(secret), "v1,", "invoice"), secret
}

// signed are the fields of a message that was signed at a time.
func signed(s Secret, id string, at time.Time, content string) []string {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	return []string{"Webhook-Id", id, "Webhook-Timestamp", timestamp, "Webhook-Signature", s.Sign(id, timestamp, []byte(content))}
}

func TestASignedPaymentIsRecordedOnce(t *testing.T) {
	s, secret := payments(t)
	fields := signed(secret, "msg_1", noon, paid)
	first := attempt{method: "POST", path: hook, fields: fields, content: paid}
	assert.Equal(t, 204, s.app.Execute(first.request()).StatusCode)
	assert.Equal(t, "map[7:1200] map[msg_1:true]", s.state())
	s.withstands(t, []attempt{
		{"the same message again", "a sender repeats what it got no answer to; it is not done again", "POST", hook, "", fields, paid, 204},
		{"the same message at another ID", "the ID is signed", "POST", hook, "", append([]string{"Webhook-Id", "msg_2"}, fields[2:]...), paid, 401},
		{"the same message at another time", "the time is signed", "POST", hook, "", []string{"Webhook-Id", "msg_1", "Webhook-Timestamp", "1796040001", "Webhook-Signature", fields[5]}, paid, 401},
		{"with another signature in front", "one of several must match", "POST", hook, "", append(fields[:4:4], "Webhook-Signature", "v1,AAAA "+fields[5]), paid, 204},
	})
}

func TestNothingElseIsRecorded(t *testing.T) {
	s, secret := payments(t)
	good := signed(secret, "msg_1", noon, paid)
	post := func(name, why, content string, status int, fields ...string) attempt {
		return attempt{name, why, "POST", hook, "", fields, content, status}
	}
	empty := Secret("")
	s.withstands(t, []attempt{
		post("no signature", "there must be one", paid, 401),
		post("an empty signature", "it is another one", paid, 401, append(good[:4:4], "Webhook-Signature", "")...),
		post("a part of the signature", "it is compared whole", paid, 401, append(good[:4:4], "Webhook-Signature", good[5][:20])...),
		post("the signature without its version", "it is compared whole", paid, 401, append(good[:4:4], "Webhook-Signature", strings.TrimPrefix(good[5], "v1,"))...),
		post("a changed byte", "the content is signed", strings.Replace(paid, "1200", "1201", 1), 401, good...),
		post("a byte more", "the content is signed as it came", paid+" ", 401, good...),
		post("a byte less", "the content is signed", paid[:len(paid)-1], 401, good...),
		post("the same JSON in other words", "the bytes are signed", `{"cents":1200,"invoice":"7"}`, 401, good...),
		post("no content", "the content is signed", "", 401, good...),
		post("another secret", "only the sender has it", paid, 401, signed(Secret("guessed"), "msg_1", noon, paid)...),
		post("an empty secret", "only the sender has it", paid, 401, signed(empty, "msg_1", noon, paid)...),
		post("no ID", "a message has one", paid, 401, signed(secret, "", noon, paid)...),
		post("an ID with a dot", "nobody can move the dots between what is signed", paid, 401, signed(secret, "msg.1", noon, paid)...),
		post("two IDs", "nobody knows which is signed", paid, 401, append([]string{"Webhook-Id", "msg_1"}, good...)...),
		post("two times", "nobody knows which is signed", paid, 401, append(good[:6:6], "Webhook-Timestamp", "1")...),
		post("an old message", "a replay, after its ID is forgotten", paid, 401, signed(secret, "msg_1", noon.Add(-tolerance-time.Second), paid)...),
		post("a message of the future", "it would be good for too long", paid, 401, signed(secret, "msg_1", noon.Add(tolerance+time.Second), paid)...),
		post("a time that is not a number", "nobody knows when it was", paid, 401, "Webhook-Id", "msg_1", "Webhook-Timestamp", "noon", "Webhook-Signature", secret.Sign("msg_1", "noon", []byte(paid))),
		post("signed words that are not a payment", "the sender made a mistake", "paid", 400, signed(secret, "msg_1", noon, "paid")...),
		post("compressed content", "it is not unpacked, so nothing else is signed than read", paid, 415, append(good[:6:6], "Content-Encoding", "gzip")...),
		post("content that is too long", "it is refused before it is read", strings.Repeat(" ", 65<<10), 413, good...),
		{"PUT", "there is only POST", "PUT", hook, "", good, paid, 405},
		{"GET", "there is only POST", "GET", hook, "", good, "", 405},
		{"another method in a field", "no field stands for a method", "PUT", hook, "", append(good[:6:6], "X-HTTP-Method-Override", "POST"), paid, 405},
		{"a path with a slash behind", "it is another path", "POST", hook + "/", "", good, paid, 404},
	})
	assert.Equal(t, "map[] map[]", s.state())
}

// A gate is asked before the content is read. So one that asks for what is signed does not start,
// and the fault says what to do.
func TestAGateCannotSeeTheContent(t *testing.T) {
	for name, say := range map[string]func(*restmachine.Facts){
		"Authorized":            func(f *restmachine.Facts) { f.Authorized(func(restmachine.Body[[]byte]) bool { return true }) },
		"Forbidden":             func(f *restmachine.Facts) { f.Forbidden(func(restmachine.Body[[]byte]) bool { return false }) },
		"of what is made of it": func(f *restmachine.Facts) { f.Authorized(func(Payment) bool { return true }) },
	} {
		app := Webhook()
		say(&app.Resource(hook).Facts)
		err := app.Validate()
		if assert.Error(t, err, name) {
			assert.Contains(t, err.Error(), "401", "%s: the fault says what to do", name)
		}
	}
}

// A handler that takes the content itself gets what nobody has signed. Whoever writes that is told
// that nothing uses SignedPayment, where this was the only handler.
func TestAHandlerThatForgetsTheSignature(t *testing.T) {
	app := restmachine.New()
	app.OnStartup(func() Secret { return Secret("s") })
	app.OnStartup(func() Clock { return time.Now })
	app.Dependency(SignedPayment)
	app.Post(hook, func(restmachine.Body[Payment]) {})
	reports, err := app.Reports()
	assert.NoError(t, err)
	var said []string
	for _, r := range reports {
		said = append(said, r.Text)
	}
	assert.Contains(t, strings.Join(said, "\n"), "SignedPayment")
}
