package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

type (
	named   func(io.Writer) error
	numbers iter.Seq[int]
	events  struct{ Source }
	report  struct{}
)

func (report) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, "a report")
	return int64(n), err
}

func TestKindOf(t *testing.T) {
	for _, tt := range []struct {
		typ  reflect.Type
		want Kind
	}{
		{nil, None},
		{reflect.TypeFor[string](), None},
		{reflect.TypeFor[[]byte](), None},
		{reflect.TypeFor[any](), None},
		{reflect.TypeFor[func(io.Writer)](), None},
		{reflect.TypeFor[func(int) error](), None},
		{reflect.TypeFor[func(io.Writer, int) error](), None},
		{reflect.TypeFor[func(func(int))](), None},
		{reflect.TypeFor[iter.Seq2[string, int]](), None},
		{reflect.TypeFor[*bytes.Buffer](), None}, // it is read
		{reflect.TypeFor[func(io.Writer) error](), Writes},
		{reflect.TypeFor[named](), Writes},
		{reflect.TypeFor[report](), Writes},
		{reflect.TypeFor[io.WriterTo](), Writes},
		{reflect.TypeFor[iter.Seq[int]](), Sequence},
		{reflect.TypeFor[numbers](), Sequence},
		{reflect.TypeFor[func(yield func(string) bool)](), Sequence},
		{reflect.TypeFor[iter.Seq2[*string, error]](), Sequence},
		{reflect.TypeFor[events](), Events},
		{reflect.TypeFor[*events](), Events},
	} {
		assert.Equal(t, tt.want, KindOf(tt.typ), "%v", tt.typ)
	}
	assert.Equal(t, reflect.TypeFor[*string](), ElementOf(reflect.TypeFor[iter.Seq2[*string, error]]()))
}

func TestWriterOf(t *testing.T) {
	write := func(w io.Writer) error { _, err := io.WriteString(w, "a report"); return err }
	for _, v := range []any{write, named(write), report{}, &report{}} {
		f, ok := WriterOf(v)
		if assert.True(t, ok, "%T", v) {
			var b bytes.Buffer
			assert.NoError(t, f(&b))
			assert.Equal(t, "a report", b.String())
		}
	}
	_, ok := WriterOf(func() {})
	assert.False(t, ok)
}

func encode(dst *bytes.Buffer, v any) error {
	text, err := json.Marshal(v)
	dst.Write(text)
	return err
}

// A sequence is written as the slice of its elements would be.
func TestWriteArrayIsASlice(t *testing.T) {
	for _, all := range [][]any{{}, {1}, {1, "two", nil, map[string]any{"three": []any{}}}} {
		var got bytes.Buffer
		assert.NoError(t, WriteArray(&got, slices.Values(all), encode))
		want, err := json.Marshal(all)
		assert.NoError(t, err)
		assert.Equal(t, string(want), got.String())

		got.Reset()
		assert.NoError(t, WriteLines(&got, slices.Values(all), encode))
		assert.Equal(t, len(all), strings.Count(got.String(), "\n"))
	}
	var none iter.Seq[int]
	var got bytes.Buffer
	assert.NoError(t, WriteArray(&got, none, encode))
	assert.Equal(t, "[]", got.String())
}

// The error of a sequence ends it, and half an array stays half.
func TestSequencesThatFail(t *testing.T) {
	broken := errors.New("broken")
	asked := 0
	seq := func(yield func(int, error) bool) {
		for i := range 9 {
			asked++
			if i == 2 {
				yield(0, broken)
				yield(7, nil) // although it was told to stop
				return
			}
			if !yield(i, nil) {
				return
			}
		}
	}
	var got bytes.Buffer
	assert.ErrorIs(t, WriteArray(&got, seq, encode), broken)
	assert.Equal(t, "[0,1", got.String())
	got.Reset()
	assert.ErrorIs(t, WriteLines(&got, iter.Seq2[int, error](seq), encode), broken)
	assert.Equal(t, "0\n1\n", got.String())

	asked = 0
	assert.ErrorIs(t, WriteArray(failing{}, seq, encode), io.ErrClosedPipe)
	assert.Equal(t, 1, asked, "nobody takes it, so it is not made")

	unwritable := func(*bytes.Buffer, any) error { return broken }
	assert.ErrorIs(t, WriteArray(&got, maps.Keys(map[int]bool{1: true}), unwritable), broken)
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// An encoder of the user's may indent, and end in a newline.
func TestLinesAreLines(t *testing.T) {
	indent := func(dst *bytes.Buffer, v any) error {
		e := json.NewEncoder(dst)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
	var got bytes.Buffer
	assert.NoError(t, WriteLines(&got, slices.Values([]map[string]int{{"a": 1}, {}}), indent))
	assert.Equal(t, "{\"a\":1}\n{}\n", got.String())
}
