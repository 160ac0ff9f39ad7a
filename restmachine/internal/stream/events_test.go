package stream

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAppendEvent(t *testing.T) {
	for _, tt := range []struct {
		event Event
		want  string
	}{
		{Event{Data: "hello"}, "data: hello\n\n"},
		{Event{Data: ""}, "data: \n\n"},
		{Event{Data: []byte("as it is")}, "data: as it is\n\n"},
		{Event{Data: map[string]int{"n": 1}}, "data: {\"n\":1}\n\n"},
		{Event{Data: 7}, "data: 7\n\n"},
		{Event{Data: "one\ntwo\r\nthree\rfour\n"}, "data: one\ndata: two\ndata: three\ndata: four\ndata: \n\n"},
		{Event{Data: "\r\n\n\r"}, "data: \ndata: \ndata: \ndata: \n\n"},
		{Event{ID: "5", Name: "added", Data: "x", Retry: 1500 * time.Millisecond}, "retry: 1500\nevent: added\nid: 5\ndata: x\n\n"},
		{Event{ID: "6"}, "id: 6\n\n"},
		{Event{Retry: time.Microsecond}, "retry: 1\n\n"},
	} {
		var got bytes.Buffer
		if assert.NoError(t, AppendEvent(&got, tt.event, encode)) {
			assert.Equal(t, tt.want, got.String())
		}
	}
}

// What would arrive as another event, or not at all, is refused, and nothing is written.
func TestEventsThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		event Event
		want  string
	}{
		{Event{}, "is empty"},
		{Event{Name: "added"}, "has no Data"},
		{Event{Name: "a\nb", Data: ""}, "line break"},
		{Event{Name: "a\rb", Data: ""}, "line break"},
		{Event{ID: "a\nb", Data: ""}, "control character"},
		{Event{ID: "a\x00b", Data: ""}, "control character"},
		{Event{ID: "a\rb", Data: ""}, "control character"},
		{Event{ID: " a", Data: ""}, "Last-Event-ID"},
		{Event{ID: "a\u00a0", Data: ""}, "Last-Event-ID"},
		{Event{ID: "\xff", Data: ""}, "not UTF-8"},
		{Event{Data: "", Retry: -1}, "negative"},
		{Event{Data: func() {}}, "unsupported"},
	} {
		var got bytes.Buffer
		if err := AppendEvent(&got, tt.event, encode); assert.Error(t, err, "%#v", tt.event) {
			assert.Contains(t, err.Error(), tt.want)
		}
	}
}

// FuzzAppendEvent: whatever is in an event, a frame is one frame, and has its fields.
func FuzzAppendEvent(f *testing.F) {
	f.Add("1", "added", "one\r\ntwo", int64(0))
	f.Add("", "", "", int64(3000))
	f.Add("a\x00", "x\ny", "\r\r\n\n:", int64(-1))
	f.Fuzz(func(t *testing.T, id, name, data string, retry int64) {
		var got bytes.Buffer
		e := Event{ID: id, Name: name, Data: data, Retry: time.Duration(retry)}
		if AppendEvent(&got, e, encode) != nil {
			return
		}
		frame, ends := strings.CutSuffix(got.String(), "\n\n")
		require.True(t, ends)
		require.NotContains(t, frame, "\r")
		require.NotContains(t, frame, "\n\n")
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(data)
		var lines []string
		for line := range strings.SplitSeq(frame, "\n") {
			field, value, ok := strings.Cut(line, ": ")
			require.True(t, ok, "%q", line)
			switch field {
			case "data":
				lines = append(lines, value)
			case "id":
				require.Equal(t, id, value)
				require.True(t, utf8.ValidString(value))
			case "event":
				require.Equal(t, name, value)
			case "retry":
			default:
				t.Fatalf("an unknown field %q", field)
			}
		}
		require.Equal(t, want, strings.Join(lines, "\n"))
	})
}

var _ io.Writer = (*Outlet)(nil)
