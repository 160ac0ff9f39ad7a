package represent

import (
	"crypto/sha256"
	"encoding/base64"
	"math/rand/v2"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file makes the text of entity-tags. Services send the tags of the same few
// resources over and over, so an App keeps some. (Texts are safe to share. Lines of a
// header are not: a middleware may write to them.)

// Tags are entity-tags as they are sent. The last bytes of a tag choose its room. It is
// safe for concurrent use.
type Tags struct {
	rooms atomic.Pointer[tagRooms] // nil before the first tag
}

type tagRooms [256]atomic.Pointer[conditional.ETag]

// quote is conditional.Quote.
func (t *Tags) quote(said string) (conditional.ETag, error) {
	sum := uint32(len(said))
	for i := max(0, len(said)-8); i < len(said); i++ {
		sum = sum*31 + uint32(said[i])
	}
	rooms := t.rooms.Load()
	if rooms == nil {
		rooms = new(tagRooms)
		t.rooms.Store(rooms)
	}
	room := &rooms[sum%uint32(len(rooms))]
	if kept := room.Load(); kept != nil && IsQuoted(string(*kept), said) {
		return *kept, nil
	}
	tag, err := conditional.Quote(said)
	if IsQuoted(string(tag), said) && rand.N(8) == 0 { // with many resources, most would only replace one another
		room.Store(new(tag))
	}
	return tag, err
}

// IsQuoted reports whether tag, which is an entity-tag, is said between quotes, and said
// is short and US-ASCII, as conditional.Quote wants it. It compares byte by byte: said was
// just written, and a load of more than was stored at once would wait for the store.
func IsQuoted(tag, said string) bool {
	n := len(said)
	if len(tag) != n+2 || n == 0 || n > 64 || tag[0] != '"' {
		return false
	}
	for i := range n {
		if c := said[i]; c != tag[i+1] || c >= 0x80 {
			return false
		}
	}
	return true
}

// HashTag is a quoted hash of 128 bits: a strong tag must not collide.
func HashTag(b []byte) string { return QuotedSum(sha256.Sum256(b)) }

// QuotedSum is the tag of a hash.
func QuotedSum(sum [sha256.Size]byte) string {
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}
