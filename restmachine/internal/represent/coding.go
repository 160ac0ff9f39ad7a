package represent

import (
	"bytes"
	"io"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
)

// This file codes content (RFC 9110, 8.4). In comes the coding that was negotiated. Content
// is coded where that pays, so the negotiation does not decide alone: what is too short, or
// does not shrink, is sent as it is, and has the entity-tag of what is sent as it is.

// minCoded is the length in bytes from which content is coded. Shorter content fits into one
// packet either way.
const minCoded = 256

// A codingState says whether content is sent in the coding that was negotiated.
type codingState uint8

const (
	codingUnknown codingState = iota // the content was not looked at
	isPlain
	isCoded
)

// codingOf is where the state of r is kept. Of a GET there is one: what the GET was given
// and what it returned are shown as one representation.
func (rs *Representations) codingOf(r *Representation) *codingState {
	if rs.x.Plan.Reads() {
		return &rs.coding
	}
	return &r.coding
}

// codingFor is the content coding in which r is sent, "" for none. On a GET it renders r where
// nothing else tells. On a write only the result is sent, and that is rendered already.
func (rs *Representations) codingFor(r *Representation) (string, error) {
	name := rs.negotiatedCoding(r)
	if name == "" {
		return "", nil
	}
	state := rs.codingOf(r)
	if *state == codingUnknown {
		c, err := rs.contentOf(r)
		if c == nil || err != nil {
			return "", err
		}
		if *state = isPlain; rs.pays(c) || rs.mustCode() {
			*state = isCoded
		}
	}
	if *state == isPlain {
		return "", nil
	}
	return name, nil
}

// negotiatedCoding is the coding in which r would be sent if that pays. What the handler has
// coded itself is not coded again.
func (rs *Representations) negotiatedCoding(r *Representation) string {
	if len(rs.x.Plan.Codings) == 0 || r.value == nil || r.isCoded() {
		return ""
	}
	return rs.x.Plan.Coding(*rs.x.Chosen())
}

// contentOf is the content of r; nil where the client takes none, or none is sent.
func (rs *Representations) contentOf(r *Representation) (*Content, error) {
	if r.content == nil && rs.result != nil && rs.result.content != nil && rs.Described() == r {
		r = rs.result
	}
	if r.content == nil && rs.x.Plan.Reads() {
		if _, ok := rs.offerFor(r); !ok {
			return nil, nil
		}
		if err := rs.render(r); err != nil {
			return nil, err
		}
	}
	return r.content, nil
}

// mustCode reports whether the client refuses content that is not coded.
func (rs *Representations) mustCode() bool {
	_, ok := negotiate.Coding(rs.x.Lines("Accept-Encoding"), uncoded)
	return !ok
}

var uncoded = []string{"identity"}

// pays reports whether content is worth coding: it is long enough, of a type that is known to
// shrink, and not compressed already. A file keeps its length and its ranges unless its own
// place names codings.
func (rs *Representations) pays(c *Content) bool {
	if c.Events && !canFlush(rs.x.Plan.Encoders[rs.x.Plan.Coding(*rs.x.Chosen())]) {
		return false
	}
	isFile := c.Bytes == nil && c.Seeker != nil
	return (c.Size < 0 || c.Size >= minCoded) && (!isFile || rs.x.Plan.NamesCodings) &&
		shrinks(c.Media) && !isCompressed(c)
}

// shrinking are the types that are known to shrink, beside text and those with a suffix of
// shrinkingSuffixes.
var shrinking = map[string]bool{
	"application/json": true, "application/jsonl": true, "application/x-ndjson": true, "application/json-seq": true,
	"application/xml": true, "application/xml-dtd": true, "application/yaml": true, "application/toml": true,
	"application/javascript": true, "application/x-javascript": true, "application/ecmascript": true, "application/wasm": true,
	"application/graphql": true, "application/sql": true, "application/rtf": true, "application/x-tar": true,
	"application/x-www-form-urlencoded": true, "application/vnd.ms-fontobject": true,
	"font/ttf": true, "font/otf": true, "font/collection": true, "image/bmp": true, "image/x-icon": true,
	"image/vnd.microsoft.icon": true, "model/obj": true, "message/rfc822": true,
}

var shrinkingSuffixes = []string{"+json", "+xml", "+yaml", "+text"}

// shrinks reports whether content of a media type is known to shrink.
func shrinks(media string) bool {
	typ, _, _ := strings.Cut(media, ";")
	typ = strings.ToLower(strings.TrimSpace(typ))
	if strings.HasPrefix(typ, "text/") || shrinking[typ] {
		return true
	}
	for _, suffix := range shrinkingSuffixes {
		if strings.HasSuffix(typ, suffix) {
			return true
		}
	}
	return false
}

// compressed are the first bytes of gzip, zstd, zip, bzip2, xz, and WOFF and WOFF2. A file may
// be called .svg, have the type of one, and be compressed.
var compressed = []string{"\x1f\x8b", "\x28\xb5\x2f\xfd", "PK\x03\x04", "BZh", "\xfd7zXZ", "wOFF", "wOF2"}

func isCompressed(c *Content) bool {
	var room [8]byte
	head := c.Bytes
	if head == nil && c.Seeker != nil {
		n, _ := io.ReadFull(c.Seeker, room[:])
		if _, err := c.Seeker.Seek(0, io.SeekStart); err != nil {
			return true // it is not read twice
		}
		head = room[:n]
	}
	for _, magic := range compressed {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// applyCoding codes the content of r, where that is what is sent.
func (rs *Representations) applyCoding(r *Representation) error {
	c := r.content
	if c.Coding != "" {
		return nil
	}
	name, err := rs.codingFor(r)
	if name == "" || err != nil {
		return err
	}
	c.Coding, c.Ranged = name, false
	if c.Bytes == nil {
		c.Size = -1 // it is coded while it is sent
		return nil
	}
	var b bytes.Buffer
	w := rs.x.Plan.Encoders[name](&b)
	if _, err := w.Write(c.Bytes); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Bytes, c.Size = b.Bytes(), int64(b.Len())
	return nil
}
