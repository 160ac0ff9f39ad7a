package represent

import (
	"bytes"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path/filepath"

	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
)

// This file is content: what a rendered value is sent as. In come bytes, files and
// values for JSON. Out comes something with a media type that can be sent.

// Content is what a response sends: bytes, a stream that is read, or one that is made.
type Content struct {
	Media  string   // "": none
	Lines  []string // the media type as a field's lines, where many responses share them; else nil
	Bytes  []byte   // nil: a stream
	Stream io.Reader
	Make   Maker         // nil: the stream is read
	Seeker io.ReadSeeker // the stream, where it can seek
	Size   int64         // -1: unknown
	Coding string        // content coding, "" for identity; a stream is coded while it is sent
	Ranged bool          // Range may be asked of it
	Live   bool          // nobody ever knew its size: each piece is sent as it comes
	Events bool          // it is an event stream

	begun bool // something was set
}

// NoContent is content of no bytes.
var NoContent = Content{Bytes: []byte{}}

// SetBytes makes c bytes, none where b is nil.
func (c *Content) SetBytes(b []byte) {
	if b == nil {
		b = NoContent.Bytes
	}
	c.Bytes, c.Size = b, int64(len(b))
}

// setFile makes c a file's content. Its media type follows from its name or, where
// that does not tell, from its first bytes.
func (c *Content) setFile(f fs.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return exchange.ErrNotFound
	}
	c.Stream, c.Size, c.Media = f, info.Size(), mime.TypeByExtension(filepath.Ext(info.Name()))
	if s, ok := f.(io.ReadSeeker); ok {
		c.Seeker, c.Ranged = s, true
	}
	if c.Media == "" && c.Seeker != nil {
		var head [512]byte
		n, _ := io.ReadFull(c.Seeker, head[:])
		c.Media = http.DetectContentType(head[:n])
		_, err = c.Seeker.Seek(0, io.SeekStart)
	}
	return err
}

// A Page is an error with content of its own: a file, which is shown with the status of Err.
type Page struct {
	Err    error
	File   fs.File
	Varies bool // by Accept
}

// Error is the text of Err.
func (p *Page) Error() string { return p.Err.Error() }

// Unwrap is Err.
func (p *Page) Unwrap() error { return p.Err }

// withCharset names the charset of text that does not name one.
func withCharset(media, charset string) string {
	typ, params, err := mime.ParseMediaType(media)
	if err != nil || params["charset"] != "" || len(typ) < 5 || typ[:5] != "text/" {
		return media
	}
	return media + "; charset=" + charset
}

// jsonText is where JSON is written. It is the content of a response until that was
// sent.
type jsonText struct {
	buffer  bytes.Buffer
	written bool
}

// maxKept is how long the buffer may be, in bytes, to be used again.
const maxKept = 64 << 10

// truncate drops what was written from start on.
func (j *jsonText) truncate(start int) {
	clear(j.buffer.Bytes()[start:])
	j.buffer.Truncate(start)
}

// forget clears the text. It keeps the room if that is not too long.
func (j *jsonText) forget() {
	if j.buffer.Cap() > maxKept {
		*j = jsonText{}
	}
	j.truncate(0)
	j.written = false
}
