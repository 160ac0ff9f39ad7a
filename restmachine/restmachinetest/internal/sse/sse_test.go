package sse

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// The examples of WHATWG HTML, 9.2.6, and what else the standard says.
func TestReader(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []Event
	}{
		{"data: YHOO\ndata: +2\ndata: 10\n\n", []Event{{Data: "YHOO\n+2\n10"}}},
		{": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
			[]Event{{ID: "1", Data: "first event"}, {Data: "second event"}, {Data: " third event"}}},
		{"data\n\ndata\ndata\n\ndata:", []Event{{}, {Data: "\n"}}},
		{"data:test\n\ndata: test\n\n", []Event{{Data: "test"}, {Data: "test"}}},
		{"event: add\r\ndata: 1\r\n\r\nevent: add\rdata: 2\r\rdata: 3\n\n", []Event{{Name: "add", Data: "1"}, {Name: "add", Data: "2"}, {Data: "3"}}},
		{"event: lost\n\ndata: x\n\n", []Event{{Data: "x"}}},
		{"\ufeffdata: x\n\n", []Event{{Data: "x"}}},
		{"id: a\x00b\ndata: x\n\n", []Event{{Data: "x"}}},
		{"retry: 10\nretry: +5\nretry: x\nfoo: bar\ndata: x\n\n", []Event{{Data: "x", Retry: 10 * time.Millisecond}}},
		{"data: \xff\n\n", []Event{{Data: "\ufffd"}}},
		{"id: 7\n\n:\n\n", nil},
	} {
		r := NewReader(strings.NewReader(tt.text))
		var got []Event
		for {
			e, err := r.Next()
			if err != nil {
				assert.Equal(t, io.EOF, err)
				break
			}
			got = append(got, e)
		}
		assert.Equal(t, tt.want, got, "%q", tt.text)
	}
	r := NewReader(strings.NewReader("id: 7\n\n:\n\nid: 8\n"))
	_, err := r.Next()
	assert.ErrorIs(t, err, io.EOF)
	assert.Equal(t, "7", r.LastID, "the frame of the other one was not whole")
}

// FuzzRoundTrip: what an App sends is what a client understands, and two events stay two.
func FuzzRoundTrip(f *testing.F) {
	f.Add("1", "added", "one\r\ntwo\rthree\n", uint16(0))
	f.Add("", "", "", uint16(3))
	f.Add(":", "data: x", " \n :", uint16(9))
	f.Fuzz(func(t *testing.T, id, name, data string, retry uint16) {
		var b bytes.Buffer
		sent := stream.Event{ID: id, Name: name, Data: data, Retry: time.Duration(retry) * time.Millisecond}
		encode := func(dst *bytes.Buffer, v any) error { return json.NewEncoder(dst).Encode(v) }
		if stream.AppendEvent(&b, sent, encode) != nil {
			return
		}
		require.NoError(t, stream.AppendEvent(&b, stream.Event{Name: "end", Data: map[string]int{"n": 1}}, encode))
		r := NewReader(&b)
		got, err := r.Next()
		require.NoError(t, err)
		want := Event{ID: id, Name: strings.ToValidUTF8(name, "\ufffd"), Retry: sent.Retry}
		want.Data = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(data)
		got.Data, want.Data = strings.ToValidUTF8(got.Data, "\ufffd"), strings.ToValidUTF8(want.Data, "\ufffd")
		require.Equal(t, want, got)
		got, err = r.Next()
		require.NoError(t, err)
		require.Equal(t, Event{ID: id, Name: "end", Data: `{"n":1}`, Retry: sent.Retry}, got)
		_, err = r.Next()
		require.True(t, errors.Is(err, io.EOF))
	})
}
