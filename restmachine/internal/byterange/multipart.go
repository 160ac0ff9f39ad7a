// This file frames the content of a 206 that carries several ranges (RFC 9110, 14.6 and
// 15.3.7.2). Ranges come in, multipart/byteranges content goes out. Its length is known
// before the first byte is written.

package byterange

import (
	"crypto/rand"
	"fmt"
	"io"
)

// Multipart is the frame of one multipart/byteranges content: everything except the
// bytes of the representation. It may be used several times, also concurrently, with
// different contents.
type Multipart struct {
	boundary string
	ranges   []Range
	heads    []string // the text before each range
	tail     string
}

// NewMultipart frames ranges of a representation of size bytes. Each part carries
// contentType, the media type of the representation. If it is empty, it is left out.
func NewMultipart(ranges []Range, size int64, contentType string) *Multipart {
	// 128 random bits: no content contains them, so we need not search the content.
	m := &Multipart{boundary: rand.Text(), ranges: ranges, heads: make([]string, len(ranges))}
	delimiter := "--" + m.boundary
	fields := ""
	if contentType != "" {
		fields = "Content-Type: " + contentType + "\r\n"
	}
	for i, r := range ranges {
		m.heads[i] = delimiter + "\r\n" + fields + "Content-Range: " + r.ContentRange(size) + "\r\n\r\n"
		delimiter = "\r\n--" + m.boundary
	}
	m.tail = delimiter + "--\r\n"
	return m
}

// ContentType returns the value of Content-Type for the whole content.
func (m *Multipart) ContentType() string {
	return "multipart/byteranges; boundary=" + m.boundary
}

// Length returns the number of bytes that Copy writes.
func (m *Multipart) Length() int64 {
	n := int64(len(m.tail))
	for i, r := range m.ranges {
		n += int64(len(m.heads[i])) + r.Length
	}
	return n
}

// Copy writes the whole content to w. It takes the ranges from content, the
// representation. If content ends before a range ends, Copy returns
// io.ErrUnexpectedEOF. Then w has received fewer than Length bytes.
func (m *Multipart) Copy(w io.Writer, content io.ReadSeeker) error {
	for i, r := range m.ranges {
		if _, err := io.WriteString(w, m.heads[i]); err != nil {
			return err
		}
		if err := copyRange(w, content, r); err != nil {
			return fmt.Errorf("bytes from %d: %w", r.Start, err)
		}
	}
	_, err := io.WriteString(w, m.tail)
	return err
}

func copyRange(w io.Writer, content io.ReadSeeker, r Range) error {
	if _, err := content.Seek(r.Start, io.SeekStart); err != nil {
		return err
	}
	_, err := io.CopyN(w, content, r.Length)
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
