// This file makes messages of records, and records of messages. The bucket keeps the last message
// of each subject. Its payload is the value as JSON, and its headers are what else a record is.

package natsstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The headers of a message. Those of this package are absent where another program has written.
const (
	headerModified    = "Restmachine-Modified"    // the date of the record, in RFC 3339
	headerWrite       = "Restmachine-Write"       // a random name of the write
	headerIncarnation = "Restmachine-Incarnation" // when the writer believes that the bucket was made

	headerOperation = "KV-Operation"       // DEL or PURGE: there is no record any more
	headerMarker    = "Nats-Marker-Reason" // the server itself removed the record
)

// A state is the last message of a key, or the zero state if there is none.
type state struct {
	sequence uint64
	exists   bool // whether there is a record: the message does not say that it was deleted
	data     []byte
	modified time.Time

	write       string // which write this is
	overwritten uint64 // the sequence that this write expected
	expected    bool   // whether it expected one at all
	incarnation int64  // when the writer believes that the bucket was made; 0 if it does not say
}

// stateOf reads a message.
func stateOf(m *jetstream.RawStreamMsg) state {
	h := m.Header
	s := state{
		sequence: m.Sequence,
		exists:   h.Get(headerOperation) == "" && h.Get(headerMarker) == "",
		data:     m.Data,
		modified: m.Time,
		write:    h.Get(headerWrite),
	}
	if t, err := time.Parse(time.RFC3339Nano, h.Get(headerModified)); err == nil {
		s.modified = t
	}
	var err error
	s.overwritten, err = strconv.ParseUint(h.Get(jetstream.ExpectedLastSubjSeqHeader), 10, 64)
	s.expected = err == nil
	s.incarnation, _ = strconv.ParseInt(h.Get(headerIncarnation), 36, 64)
	return s
}

// A change is a message that is to be the next state of a key.
type change struct {
	msg      *nats.Msg
	expected uint64 // the sequence that it overwrites
	write    string
	modified time.Time
}

// change makes the message that overwrites the state before. Its date is not before the date that
// it overwrites, even if the clock went back.
func (b *bucket) change(token string, data []byte, before state) *change {
	now := time.Now().Round(0).UTC()
	if now.Before(before.modified) {
		now = before.modified
	}
	c := &change{
		msg:      nats.NewMsg(b.writeSubject(token)),
		expected: before.sequence,
		write:    strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36),
		modified: now,
	}
	c.msg.Data = data
	c.msg.Header.Set(headerModified, now.Format(time.RFC3339Nano))
	c.msg.Header.Set(headerWrite, c.write)
	c.msg.Header.Set(headerIncarnation, strconv.FormatInt(b.incarnation.Load(), 36))
	c.msg.Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(c.expected, 10))
	return c
}

// deletion is a change after which there is no record.
func (b *bucket) deletion(token string, before state) *change {
	c := b.change(token, nil, before)
	c.msg.Header.Set(headerOperation, "DEL")
	if ttl := b.markerTTL; ttl > 0 {
		c.msg.Header.Set(jetstream.MsgTTLHeader, ttl.String())
	}
	return c
}

// ErrTooLarge is the error of a Put whose value or key is larger than the bucket or the server
// takes. Nothing was sent. In an App, MapError can make it a 413.
var ErrTooLarge = errors.New("natsstore: too large")

// maxSubject is how many bytes a subject may have. It stays below the line of 4,096 bytes in which
// a server reads subjects by default: it closes the connection at a longer line.
const maxSubject = 2048

// fits returns ErrTooLarge if the server would refuse the message for its size.
func (b *bucket) fits(m *nats.Msg) error {
	if n := len(m.Subject); n > maxSubject {
		return fmt.Errorf("%w: the key takes %d bytes as a subject, and at most %d are sent", ErrTooLarge, n, maxSubject)
	}
	head := len("NATS/1.0\r\n\r\n")
	for name, values := range m.Header {
		head += len(name) + len(": \r\n") + len(values[0])
	}
	n := int64(head + len(m.Data))
	if most := b.js.Conn().MaxPayload(); most > 0 && n > most {
		return fmt.Errorf("%w: the value takes %d bytes with its headers, and the server takes %d (max_payload)", ErrTooLarge, n, most)
	}
	if most := int64(b.maxSize); most > 0 && n > most {
		return fmt.Errorf("%w: the value takes %d bytes with its headers, and bucket %s takes %d (MaxValueSize)", ErrTooLarge, n, b.name, most)
	}
	return nil
}

// valueOf reads the value of a record. A number that is read into an interface is a json.Number, so
// that no digit is lost.
func valueOf[V any](data []byte) (value V, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err = d.Decode(&value); err == nil {
		if _, end := d.Token(); end != io.EOF {
			err = errors.New("something follows it")
		}
	}
	if err != nil {
		return value, fmt.Errorf("natsstore: the stored value is not the JSON of a %T: %w", value, err)
	}
	return value, nil
}
