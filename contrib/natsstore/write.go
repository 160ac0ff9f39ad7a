// This file asks the servers. A question comes in, and the answer of the leader goes out. Reads are
// asked again until a leader answers. Writes are asked again only if they cannot take place twice.
//
// A write names the sequence that it overwrites, and servers refuse it if another message is the
// last one. So it takes place once at most, however often it is sent. But if it is sent again
// after a lost answer, and then refused, then it may be the first attempt that stands in the way.
// Each write therefore has a random name, and a write whose answer was lost reads the key again:
//
//   - The last message has its name: it took place.
//   - The last message is still the one that it overwrites: it has not taken place yet. It is sent
//     again. It does not matter if the first attempt arrives later: the second is refused then.
//   - The last message overwrote the same sequence, and has another name: the other write was
//     faster, and this one can never take place.
//   - Anything else: it may have been overwritten itself. This stays unknown.

package natsstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// attempt is how long one question waits for its answer. During an election nobody answers.
const attempt = 2 * time.Second

// patient returns ctx with a deadline.
func (b *bucket) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, b.patience)
}

// gaveUp returns the error of a call that got no answer: the error of the caller's context if it has
// ended, or else the last one of a server.
func (b *bucket) gaveUp(ctx context.Context, last error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fmt.Errorf("natsstore: no leader of bucket %s answered in %v: %w", b.name, b.patience, last)
}

// pause waits before another attempt, up to a quarter of a second. It returns false if ctx ends
// before.
func pause(ctx context.Context, n int) bool {
	longest := min(time.Millisecond<<min(n, 8), 250*time.Millisecond)
	timer := time.NewTimer(longest/2 + rand.N(longest/2))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// read asks a question that changes nothing until it is answered.
func (b *bucket) read(ctx context.Context, ask func(ctx context.Context) error) error {
	patient, cancel := b.patient(ctx)
	defer cancel()
	for n := 0; ; n++ {
		one, cancel := context.WithTimeout(patient, attempt)
		err := ask(one)
		cancel()
		switch {
		case err == nil || !passes(err):
			return err
		case patient.Err() != nil || !pause(patient, n):
			return b.gaveUp(ctx, err)
		}
	}
}

// errLeaderless is the error of an answer that comes from a replica during an election.
var errLeaderless = errors.New("the bucket is without a leader at the moment")

// refusalOf returns what a server answered instead of what was asked for, or nil. nats.go wraps some
// of these answers in errors of its own.
func refusalOf(err error) *jetstream.APIError {
	var answer jetstream.JetStreamError
	if errors.As(err, &answer) {
		return answer.APIError()
	}
	return nil
}

// passes reports whether a question may be answered if it is asked again.
func passes(err error) bool {
	if refusal := refusalOf(err); refusal != nil {
		return refusal.Code == 503 // there is no leader now, or the server has too much to do
	}
	return errors.Is(err, nats.ErrNoResponders) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, nats.ErrTimeout) || errors.Is(err, errLeaderless)
}

// last returns the last message of a key, as the leader has it.
func (b *bucket) last(ctx context.Context, token string) (s state, err error) {
	if len(b.writeSubject(token)) > maxSubject {
		return state{}, nil // nobody can have written it
	}
	err = b.read(ctx, func(ctx context.Context) error {
		m, err := b.reads.GetLastMsgForSubject(ctx, b.subject(token))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			s = state{}
			return nil
		}
		if err == nil {
			s = stateOf(m)
		}
		return err
	})
	if err == nil && s.incarnation != 0 && s.incarnation != b.incarnation.Load() {
		// The bucket was deleted and made again since Open, or since that was written.
		was := b.incarnation.Load()
		if err = b.renew(ctx); err == nil && b.incarnation.Load() != was {
			return b.last(ctx, token)
		}
	}
	return s, err
}

// renew asks when the bucket was made.
func (b *bucket) renew(ctx context.Context) error {
	return b.read(ctx, func(ctx context.Context) error {
		info, err := b.lists.Info(ctx)
		if err == nil {
			b.incarnation.Store(info.Created.UnixNano())
		}
		return err
	})
}

// errRefused is the error of a write that overwrites another sequence than it expected.
var errRefused = errors.New("natsstore: another write was faster")

// errNotSent is the error of a write that reached nobody.
var errNotSent = errors.New("natsstore: no server took the write")

// refusals are the codes with which servers refuse a write before any of them keeps it.
var refusals = map[jetstream.ErrorCode]bool{
	10002: true, // the space of the account is used up
	10023: true, // the space of the server is used up
	10047: true, // there is no storage
	10054: true, // the message is too large
	10097: true, // its headers are too large
	10109: true, // the stream is sealed
	10165: true, // the TTL is not valid
	10166: true, // the stream has no AllowMsgTTL
}

// send sends a change once. Its error is errRefused, errNotSent, a *jetstream.APIError for another
// refusal, or one after which the change may have taken place.
func (b *bucket) send(ctx context.Context, c *change) (sequence uint64, err error) {
	if !b.js.Conn().IsConnected() {
		return 0, errNotSent // nats.go would keep it, and send it who knows when
	}
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	ack, err := b.js.PublishMsg(ctx, c.msg, jetstream.WithRetryAttempts(0))
	switch {
	case err == nil:
		return ack.Sequence, nil
	case errors.Is(err, jetstream.ErrNoStreamResponse), errors.Is(err, nats.ErrNoResponders):
		return 0, errNotSent
	case errors.Is(err, nats.ErrMaxPayload):
		return 0, fmt.Errorf("%w: %w", errNotSent, err)
	case overtaken(err):
		return 0, errRefused
	}
	return 0, err
}

// overtaken reports whether the server refused a write since another one was faster. A bucket of
// several replicas may say so by another code than a bucket of one.
func overtaken(err error) bool {
	refusal := refusalOf(err)
	if refusal == nil {
		return errors.Is(err, jetstream.ErrKeyRevisionMismatch) // which is without a code
	}
	return refusal.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		refusal.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant
}

// definite reports whether the error of send says that nothing was written.
func definite(err error) bool {
	refusal := refusalOf(err)
	return refusal != nil && (refusals[refusal.ErrorCode] || full(refusal))
}

// full reports whether the space of the bucket is used up. The code is that of any write that
// could not be kept, and others of these may have been kept by some replica.
func full(e *jetstream.APIError) bool {
	return e.ErrorCode == 10077 && (e.Description == "maximum bytes exceeded" || e.Description == "maximum messages exceeded")
}

// unknown returns the error of a write whose outcome is not known.
func unknown(cause error) error { return fmt.Errorf("natsstore: %w: %w", store.ErrUnknown, cause) }

// errOverwritten is why the outcome of a write is not known.
var errOverwritten = errors.New("no answer came, and others have written since")

// A next makes the change of a state, or nil if nothing is to be changed.
type next func(now state) (*change, error)

// write changes the last state of a key, and tries until it is known whether that took place. make
// is called again for each state that another write has left meanwhile. write returns the change
// and its sequence.
func (b *bucket) write(ctx context.Context, token string, make next) (c *change, sequence uint64, err error) {
	patient, cancel := b.patient(ctx)
	defer cancel()
	var sent *change
	for n := 0; ; n++ {
		again := false
		c, sequence, again, err = b.step(patient, token, make, &sent)
		if err == nil {
			return c, sequence, nil
		}
		if again && patient.Err() == nil && pause(patient, n) {
			continue
		}
		if patient.Err() != nil {
			err = b.gaveUp(ctx, err)
		}
		if sent != nil {
			err = unknown(err)
		}
		return nil, 0, err
	}
}

// step reads the last state and tries once to change it. *sent is a change that may have taken
// place, or may still take place. again says whether another step may help.
func (b *bucket) step(ctx context.Context, token string, make next, sent **change) (c *change, sequence uint64, again bool, err error) {
	now, err := b.last(ctx, token)
	if err != nil {
		return nil, 0, false, err
	}
	if c = *sent; c != nil {
		switch {
		case now.write == c.write:
			return c, now.sequence, false, nil
		case now.sequence == c.expected:
		case now.expected && now.overwritten == c.expected:
			*sent, c = nil, nil
		default:
			return nil, 0, false, errOverwritten
		}
	}
	if c == nil {
		if c, err = make(now); c == nil || err != nil {
			return nil, 0, false, err
		}
		if err := ctx.Err(); err != nil {
			return nil, 0, false, err
		}
	}
	sequence, err = b.send(ctx, c)
	again = errors.Is(err, errRefused) || errors.Is(err, errNotSent)
	if err != nil && !again && !definite(err) {
		*sent, again = c, true
	}
	return c, sequence, again, err
}
