package byterange

import (
	"crypto/rand"
	"fmt"
	"io"
)

// The content of a 206 that carries several ranges (RFC 9110, 14.6 and
// 15.3.7.2). Its length is known before a byte of it is written.

// Multipart is the frame of one multipart/byteranges content: everything but
// the bytes of the representation. It may be used any number of times, and
// concurrently with different contents.
type Multipart struct {
	boundary string
	ranges   []Range
	heads    []string // what stands before each range
	tail     string
}

// NewMultipart frames ranges of a representation of size bytes. Each part
// carries contentType, the media type of the representation, unless it is empty.
func NewMultipart(ranges []Range, size int64, contentType string) *Multipart {
	// 128 random bits: no content contains them, so none has to be searched.
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

// ContentType returns the value of Content-Type for the whole.
func (m *Multipart) ContentType() string {
	return "multipart/byteranges; boundary=" + m.boundary
}

// Length returns how many bytes Copy writes.
func (m *Multipart) Length() int64 {
	n := int64(len(m.tail))
	for i, r := range m.ranges {
		n += int64(len(m.heads[i])) + r.Length
	}
	return n
}

// Copy writes the whole to w, with the ranges taken from content, the
// representation. Content that ends before a range does is
// io.ErrUnexpectedEOF; w then has fewer than Length bytes.
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
