// This file checks keys and turns values into JSON. What cannot be kept goes out as an
// error.

package sqlstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxKey is how many bytes a key may have. PostgreSQL cannot index much longer keys.
const MaxKey = 2000

// ErrKey is the error of a key that the table cannot hold: it is too long, has a NUL, or is
// not UTF-8. Nothing is stored under such a key.
var ErrKey = errors.New("not a key of a table")

func checkKey[K ~string](key K) error {
	switch s := string(key); {
	case len(s) > MaxKey:
		return fmt.Errorf("sqlstore: a key of %d bytes is too long: %w", len(s), ErrKey)
	case strings.Contains(s, "\x00"):
		return fmt.Errorf("sqlstore: the key %q has a NUL: %w", s, ErrKey)
	case !utf8.ValidString(s):
		return fmt.Errorf("sqlstore: the key %q is not UTF-8: %w", s, ErrKey)
	}
	return nil
}

func encode(value any) (string, error) {
	content, err := json.Marshal(value)
	return string(content), err
}

// decode reads a value. The numbers of interfaces keep all of their digits.
func decode(content []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(content))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one JSON value")
	}
	return nil
}

// A valueError is the error of a value in the table that is not a V.
type valueError struct {
	table, key string
	err        error
}

func (e *valueError) Error() string {
	return fmt.Sprintf("the value of %q in %s cannot be read: %v", e.key, e.table, e.err)
}

func (e *valueError) Unwrap() error { return e.err }
