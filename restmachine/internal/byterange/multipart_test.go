// These tests check the content of a 206 with several ranges.

package byterange

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The reader of the standard library checks the writer.
func TestMultipart(t *testing.T) {
	for _, row := range []struct {
		name        string
		ranges      []Range
		contentType string
		want        []string
	}{
		{"H10 two", []Range{{0, 2}, {3, 2}}, "text/plain; charset=utf-8", []string{"he", "lo"}},
		{"descending", []Range{{6, 5}, {0, 5}}, "application/octet-stream", []string{"world", "hello"}},
		{"no media type", []Range{{0, 1}, {10, 1}}, "", []string{"h", "d"}},
		{"one", []Range{{0, 11}}, "text/plain", []string{hello}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := NewMultipart(row.ranges, int64(len(hello)), row.contentType)
			var out strings.Builder
			require.NoError(t, m.Copy(&out, strings.NewReader(hello)))
			assert.EqualValues(t, out.Len(), m.Length(), "the length is known before")

			mediaType, params, err := mime.ParseMediaType(m.ContentType())
			require.NoError(t, err)
			assert.Equal(t, "multipart/byteranges", mediaType)
			reader := multipart.NewReader(strings.NewReader(out.String()), params["boundary"])
			for i, want := range row.want {
				part, err := reader.NextRawPart()
				require.NoError(t, err)
				content, err := io.ReadAll(part)
				require.NoError(t, err)
				assert.Equal(t, want, string(content))
				assert.Equal(t, row.contentType, part.Header.Get("Content-Type"))
				assert.Equal(t, row.ranges[i].ContentRange(11), part.Header.Get("Content-Range"))
			}
			_, err = reader.NextRawPart()
			assert.ErrorIs(t, err, io.EOF)
		})
	}
}

func TestMultipartBytes(t *testing.T) {
	m := NewMultipart([]Range{{0, 2}, {3, 2}}, 11, "text/plain")
	var out strings.Builder
	require.NoError(t, m.Copy(&out, strings.NewReader(hello)))
	assert.Equal(t, strings.ReplaceAll(""+
		"--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/11\r\n\r\nhe\r\n"+
		"--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 3-4/11\r\n\r\nlo\r\n"+
		"--B--\r\n", "B", m.boundary), out.String())
}

func TestMultipartBoundariesDiffer(t *testing.T) {
	a, b := NewMultipart(nil, 11, ""), NewMultipart(nil, 11, "")
	assert.NotEqual(t, a.ContentType(), b.ContentType())
	assert.GreaterOrEqual(t, len(a.boundary), 26, "128 bits in base 32: no content holds it by chance")
}

// limited accepts n bytes and then fails, like a broken connection.
type limited struct{ n int }

var errGone = errors.New("the client is gone")

func (l *limited) Write(p []byte) (int, error) {
	if l.n -= len(p); l.n < 0 {
		return 0, errGone
	}
	return len(p), nil
}

type unseekable struct{ io.Reader }

func (unseekable) Seek(int64, int) (int64, error) { return 0, errGone }

func TestMultipartErrors(t *testing.T) {
	m := NewMultipart([]Range{{0, 2}, {9, 2}}, 11, "text/plain")
	assert.ErrorIs(t, m.Copy(io.Discard, strings.NewReader("hello worl")), io.ErrUnexpectedEOF, "the content shrank")
	assert.ErrorIs(t, m.Copy(io.Discard, strings.NewReader("")), io.ErrUnexpectedEOF, "the content is gone")
	assert.ErrorIs(t, m.Copy(io.Discard, unseekable{}), errGone)
	for n := range int(m.Length()) {
		assert.ErrorIs(t, m.Copy(&limited{n}, strings.NewReader(hello)), errGone, "after %d bytes", n)
	}
	assert.NoError(t, m.Copy(&limited{int(m.Length())}, strings.NewReader(hello)))
}
