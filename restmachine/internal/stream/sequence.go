package stream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

// This file writes a sequence as JSON, element by element. In comes an iter.Seq[T] or an
// iter.Seq2[T, error]. Out comes an array, or a line for each element. The error of a
// sequence ends it, and nothing is written behind it: half an array is not an array.

// An Encoder appends a value as JSON.
type Encoder func(dst *bytes.Buffer, v any) error

// WriteArray writes a sequence as a JSON array.
func WriteArray(w io.Writer, seq any, encode Encoder) error {
	var text bytes.Buffer
	before := byte('[')
	err := each(seq, func(v any) error {
		text.Reset()
		text.WriteByte(before)
		before = ','
		if err := encode(&text, v); err != nil {
			return err
		}
		_, err := w.Write(text.Bytes())
		return err
	})
	switch {
	case err != nil:
		return err
	case before == '[':
		_, err = io.WriteString(w, "[]")
	default:
		_, err = io.WriteString(w, "]")
	}
	return err
}

// WriteLines writes a sequence as JSON lines: each element on a line of its own.
func WriteLines(w io.Writer, seq any, encode Encoder) error {
	var text bytes.Buffer
	return each(seq, func(v any) error {
		text.Reset()
		if err := encode(&text, v); err != nil {
			return err
		}
		if err := onOneLine(&text); err != nil {
			return err
		}
		_, err := w.Write(text.Bytes())
		return err
	})
}

// onOneLine makes one line of JSON, which an encoder of the user's may have indented.
func onOneLine(text *bytes.Buffer) error {
	line := bytes.TrimRight(text.Bytes(), " \t\r\n")
	if bytes.ContainsAny(line, "\r\n") {
		var compact bytes.Buffer
		if err := json.Compact(&compact, line); err != nil {
			return fmt.Errorf("an element does not fit on a line of JSON: %w", err)
		}
		line = compact.Bytes()
	}
	text.Truncate(copy(text.Bytes(), line))
	return text.WriteByte('\n')
}

// each calls f with each element of a sequence, until f or the sequence fails. A nil sequence
// is empty.
func each(seq any, f func(v any) error) (failed error) {
	s := reflect.ValueOf(seq)
	if s.IsNil() {
		return nil
	}
	more := s.Type().In(0).Out(0)
	yield := reflect.MakeFunc(s.Type().In(0), func(in []reflect.Value) []reflect.Value {
		switch {
		case failed != nil: // it goes on, although it was told to stop
		case len(in) == 2 && !in[1].IsNil():
			failed = in[1].Interface().(error)
		default:
			failed = f(in[0].Interface())
		}
		return []reflect.Value{reflect.ValueOf(failed == nil).Convert(more)}
	})
	s.Call([]reflect.Value{yield})
	return failed
}
