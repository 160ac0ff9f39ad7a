package restmachine

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path/filepath"
	"reflect"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
)

// This file turns an entity into content: bytes, or a stream.

// content is what a response sends.
type content struct {
	media  string   // "": none
	lines  []string // of media, where many responses share them; else nil
	bytes  []byte   // nil: a stream
	stream io.Reader
	seeker io.ReadSeeker // the stream, where it can seek
	size   int64         // -1: unknown
	coding string        // content coding, "" for identity
	encode func(io.Writer) io.WriteCloser
	ranged bool                 // Range may be asked of it
	live   bool                 // nobody ever knew its size: it is sent as it comes
	begun  bool                 // something was set
	parts  *byterange.Multipart // nil: not in parts
}

// renderResult renders what the handler returned.
func (x *exchange) renderResult() decision.Answer {
	r := x.att.result
	if r.value == nil {
		return decision.Yes // nothing to send
	}
	if r.content == nil {
		i, ok := x.offerFor(r)
		if !ok && x.plan.reads() {
			return x.notAcceptable(r)
		}
		if x.hashes(r) { // what is sent, ahead of its coding, and so renders it
			if _, err := x.entityTag(r); err != nil {
				return x.fail(err)
			}
		}
		if r.content == nil {
			if err := x.renderAs(r, i, &r.made); err != nil {
				return x.fail(err)
			}
			r.content = &r.made
		}
	}
	if err := x.applyCoding(r); err != nil {
		return x.fail(err)
	}
	return decision.Yes
}

// renderAs renders r as its i-th offer, without a content coding, into c.
func (x *exchange) renderAs(r *representation, i int, c *content) error {
	c.begun = true
	offers := x.plan.offered
	if !r.offered {
		offers = x.plan.offersOf(r.typ)
	}
	o := &offers[i]
	if r.json && o.by == nil && r.head == nil && len(x.plan.charsets) == 0 {
		c.media, c.lines = o.media, o.lines
		if err := x.setJSON(c, r.value); err != nil {
			return r.unrendered(o, err)
		}
		return nil
	}
	value, media := r.value, o.media
	if o.by != nil {
		outer := x.describing
		x.describing = value
		rendered, _, err := o.by.call(x)
		x.describing = outer
		if err != nil {
			return err
		}
		if value = orEmpty(rendered); value == nil {
			return fmt.Errorf("%s rendered a %s as nothing", o.by.fn, r.typ)
		}
		x.closeLater(value)
	}
	if err := x.contentOf(value, o.by != nil, c); err != nil {
		return r.unrendered(o, err)
	}
	if c.media == "" || o.by != nil {
		c.media, c.lines = media, o.lines
	}
	if own := r.field("Content-Type"); own != "" {
		c.media, c.lines = own, nil
	} else if x.chosen.charset < len(x.plan.charsets) {
		c.media, c.lines = withCharset(c.media, x.plan.charsets[x.chosen.charset]), nil
	}
	return nil
}

// unrendered is an error in rendering r.
func (r *representation) unrendered(o *offer, err error) error {
	return fmt.Errorf("rendering a %s as %s: %w", r.typ, o.media, err)
}

// contentOf sets c, which is empty, to a value as content. What a renderer
// returned is text where it is any string.
func (x *exchange) contentOf(value any, rendered bool, c *content) (err error) {
	switch v := value.(type) {
	case string:
		c.setBytes([]byte(v))
	case []byte:
		c.setBytes(v)
		c.ranged, c.seeker = true, bytes.NewReader(c.bytes)
	case fs.File:
		return c.setFile(v)
	case io.ReadSeeker:
		c.stream, c.seeker, c.ranged = v, v, true
		if c.size, err = v.Seek(0, io.SeekEnd); err == nil {
			_, err = v.Seek(0, io.SeekStart)
		}
	case io.Reader:
		c.stream, c.size, c.live = v, -1, true
	default:
		if r := reflect.ValueOf(value); rendered && r.Kind() == reflect.String {
			c.setBytes([]byte(r.String()))
			return nil
		}
		err = x.setJSON(c, value)
	}
	return err
}

// setJSON sets c to a value as JSON.
func (x *exchange) setJSON(c *content, value any) error {
	start := x.json.buffer.Len()
	err := x.json.encode(x.m.options.encode, value)
	if err != nil {
		x.json.truncate(start)
		return err
	}
	c.setBytes(x.json.buffer.Bytes()[start:])
	return nil
}

// jsonText is where JSON is written: the content of a response, until it was
// sent.
type jsonText struct {
	buffer  bytes.Buffer
	encoder *json.Encoder
}

// truncate drops what was written from start on.
func (j *jsonText) truncate(start int) {
	clear(j.buffer.Bytes()[start:])
	j.buffer.Truncate(start)
}

// encode appends value, by the App's own encoder where it has one.
func (j *jsonText) encode(own func(*bytes.Buffer, any) error, value any) error {
	if own != nil {
		return own(&j.buffer, value)
	}
	if j.encoder == nil {
		j.encoder = json.NewEncoder(&j.buffer)
		j.encoder.SetEscapeHTML(false) // responses say nosniff
	}
	if err := j.encoder.Encode(value); err != nil {
		return err
	}
	j.buffer.Truncate(j.buffer.Len() - 1) // the newline
	return nil
}

// noContent is content of no bytes.
var noContent = content{bytes: []byte{}}

// setBytes makes c bytes, none where b is nil.
func (c *content) setBytes(b []byte) {
	if b == nil {
		b = noContent.bytes
	}
	c.bytes, c.size = b, int64(len(b))
}

// setFile makes c a file's content; its media type follows from its name or,
// without a telling one, from how it begins.
func (c *content) setFile(f fs.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return ErrNotFound
	}
	c.stream, c.size, c.media = f, info.Size(), mime.TypeByExtension(filepath.Ext(info.Name()))
	if s, ok := f.(io.ReadSeeker); ok {
		c.seeker, c.ranged = s, true
	}
	if c.media == "" && c.seeker != nil {
		var head [512]byte
		n, _ := io.ReadFull(c.seeker, head[:])
		c.media = http.DetectContentType(head[:n])
		_, err = c.seeker.Seek(0, io.SeekStart)
	}
	return err
}

// withCharset names the charset of text that does not name one.
func withCharset(media, charset string) string {
	typ, params, err := mime.ParseMediaType(media)
	if err != nil || params["charset"] != "" || len(typ) < 5 || typ[:5] != "text/" {
		return media
	}
	return media + "; charset=" + charset
}

// applyCoding applies the content coding that was chosen (RFC 9110, 8.4), unless the
// content comes coded.
func (x *exchange) applyCoding(r *representation) error {
	c, name := r.content, x.plan.coding(x.chosen)
	if name == "" || c.coding != "" || r.coded() {
		return nil
	}
	c.coding, c.ranged = name, false
	encoder := x.plan.encoders[name]
	if c.bytes == nil {
		c.encode, c.size = encoder, -1
		return nil
	}
	var b bytes.Buffer
	w := encoder(&b)
	if _, err := w.Write(c.bytes); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.bytes, c.size = b.Bytes(), int64(b.Len())
	return nil
}

func newGzip(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
