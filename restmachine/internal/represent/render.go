package represent

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file renders a representation: its value becomes content, in the media type, the
// charset and the coding that were negotiated.

// Render renders the result. The error may be a 406.
func (rs *Representations) Render() error {
	r := rs.result
	if r.value == nil {
		return nil // there is nothing to send
	}
	if err := rs.render(r); err != nil {
		return err
	}
	return rs.applyCoding(r)
}

// render makes the content of r, without a content coding. The error may be a 406.
func (rs *Representations) render(r *Representation) error {
	if r.content != nil {
		return nil
	}
	i, ok := rs.offerFor(r)
	if !ok && rs.x.Plan.Reads() {
		return rs.notAcceptable(r)
	}
	if rs.isHashed(r) { // the hash is of what is sent, so finding the tag renders it
		if _, err := rs.baseTag(r); err != nil {
			return err
		}
	}
	if r.content == nil {
		if err := rs.renderAs(r, i, &r.room); err != nil {
			return err
		}
		r.content = &r.room
	}
	return nil
}

// renderAs renders r as its i-th offer, without a content coding, into c.
func (rs *Representations) renderAs(r *Representation, i int, c *Content) error {
	c.begun = true
	p := rs.x.Plan
	offers := p.Offered
	if !r.negotiated {
		offers = p.OffersOf(r.typ)
	}
	o := &offers[i]
	if r.json && o.Callback == nil && r.header == nil && len(p.Charsets) == 0 {
		c.Media, c.Lines = o.Media, o.Lines
		encode := p.Plans.Encode
		if r.typ == p.Handler.Result {
			encode = p.Handler.JSON
		}
		if err := rs.setJSON(c, r.value, encode); err != nil {
			return r.unrendered(o, err)
		}
		return nil
	}
	value := r.value
	if o.Callback != nil {
		rendered, err := rs.x.Value(o.Callback, value)
		if err != nil {
			rs.x.CloseLater(rendered)
			return err
		}
		if value = orEmpty(rendered); value == nil {
			return fmt.Errorf("the renderer %s returned nothing for a %s", o.Callback.Func, r.typ)
		}
		rs.x.CloseLater(value)
	}
	if err := rs.setContent(c, value, o.Media, o.Callback != nil); err != nil {
		return r.unrendered(o, err)
	}
	if c.Media == "" || o.Callback != nil {
		c.Media, c.Lines = o.Media, o.Lines
	}
	charset := rs.x.Chosen().Charset
	if own := r.Field("Content-Type"); own != "" {
		c.Media, c.Lines = own, nil
	} else if charset < len(p.Charsets) {
		c.Media, c.Lines = withCharset(c.Media, p.Charsets[charset]), nil
	}
	return nil
}

// unrendered is an error in rendering r.
func (r *Representation) unrendered(o *plan.Offer, err error) error {
	return fmt.Errorf("rendering a %s as %s: %w", r.typ, o.Media, err)
}

// SetContent sets c, which is empty, to a value as content. What a renderer returned is
// text where it is any string.
func (rs *Representations) SetContent(c *Content, value any, rendered bool) error {
	return rs.setContent(c, value, "", rendered)
}

// setContent is SetContent. A sequence is written as media says.
func (rs *Representations) setContent(c *Content, value any, media string, rendered bool) (err error) {
	switch v := value.(type) {
	case string:
		c.SetBytes([]byte(v))
	case []byte:
		c.SetBytes(v)
		c.Ranged, c.Seeker = true, bytes.NewReader(c.Bytes)
	case fs.File:
		return c.setFile(v)
	case io.ReadSeeker:
		c.Stream, c.Seeker, c.Ranged = v, v, true
		if c.Size, err = v.Seek(0, io.SeekEnd); err == nil {
			_, err = v.Seek(0, io.SeekStart)
		}
	case io.Reader:
		c.Stream, c.Size, c.Live = v, -1, true
	default:
		if r := reflect.ValueOf(value); rendered && r.Kind() == reflect.String {
			c.SetBytes([]byte(r.String()))
			return nil
		}
		if rs.setMade(c, value, media) {
			return nil
		}
		err = rs.setJSON(c, value, rs.x.Plan.Plans.Encode)
	}
	return err
}

// setJSON sets c to a value as JSON.
func (rs *Representations) setJSON(c *Content, value any, encode plan.Encode) error {
	start := rs.json.buffer.Len()
	rs.json.written = true
	if err := encode(&rs.json.buffer, value); err != nil {
		rs.json.truncate(start)
		return err
	}
	c.SetBytes(rs.json.buffer.Bytes()[start:])
	return nil
}
