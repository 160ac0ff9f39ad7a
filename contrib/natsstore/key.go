// This file spells keys. The key of a record comes in, and the last token of a NATS subject goes
// out, in the order of the keys. NATS allows letters, digits and a few signs there.

package natsstore

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A Key is a type that a Store may have for keys: text or an integer. Text may hold any bytes,
// and may be empty.
type Key interface {
	~string | ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// empty is the spelling of the text "". It is a prefix of escapes, so it comes first.
const empty = "-"

// encode spells a key. Integers are 16 hexadecimal digits. The first bit of a signed integer is
// turned over, so that negative numbers come first.
func encode[K Key](key K) string {
	switch v := reflect.ValueOf(key); {
	case v.Kind() == reflect.String:
		return encodeText(v.String())
	case v.CanInt():
		return fmt.Sprintf("%016X", uint64(v.Int())^(1<<63))
	default:
		return fmt.Sprintf("%016X", v.Uint())
	}
}

// decode is the reverse of encode. ok is false for a token that encode does not return.
func decode[K Key](token string) (key K, ok bool) {
	v := reflect.ValueOf(&key).Elem()
	if v.Kind() == reflect.String {
		text, ok := decodeText(token)
		v.SetString(text)
		return key, ok && encode(key) == token
	}
	n, err := strconv.ParseUint(token, 16, 64)
	if v.CanInt() {
		v.SetInt(int64(n ^ (1 << 63)))
	} else {
		v.SetUint(n)
	}
	return key, err == nil && encode(key) == token
}

// encodeText leaves the digits and the letters except z. It spells each other byte as a sign and
// two hexadecimal digits. The sign has the place of the byte among the digits and letters:
//
//   - < 0…9 < = < A…Z < _ < a…y < z
//
// So the spellings have the order of the texts.
func encodeText(text string) string {
	if text == "" {
		return empty
	}
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if sign := escapeOf(c); sign != 0 {
			fmt.Fprintf(&b, "%c%02X", sign, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escapeOf returns the sign before a byte, or 0 if the byte stands for itself.
func escapeOf(c byte) byte {
	switch {
	case c < '0':
		return '-'
	case c <= '9':
		return 0
	case c < 'A':
		return '='
	case c <= 'Z':
		return 0
	case c < 'a':
		return '_'
	case c < 'z':
		return 0
	}
	return 'z'
}

// decodeText returns the text that a token may spell. The caller spells it again, to find other
// spellings.
func decodeText(token string) (text string, ok bool) {
	if token == empty {
		return "", true
	}
	var b []byte
	for i := 0; i < len(token); i++ {
		if !strings.ContainsRune("-=_z", rune(token[i])) {
			b = append(b, token[i])
			continue
		}
		if i+2 >= len(token) {
			return "", false
		}
		c, err := strconv.ParseUint(token[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		b = append(b, byte(c))
		i += 2
	}
	return string(b), true
}
