// This file holds what a Ledger knows about content. An exchange comes in. Pieces of
// representations go out, by entity-tag. Two pieces can contradict each other.

package restmachinetest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"
)

// A piece is a part of the representation that a strong entity-tag stands for. It has the
// bytes from an offset on. It may have all bytes or none. total is the length of the
// representation, or -1 if it is not known.
type piece struct {
	tag   string
	from  int
	bytes []byte
	total int
}

// pieces returns the pieces of the resource that the exchange shows (RFC 9110, 6.4.2).
func (x exchange) pieces() []piece {
	tag := x.resp.Header.Get("ETag")
	itself := x.resp.Header.Get("Content-Location") == x.req.Path // the content is the representation
	switch {
	case !isStrong(tag):
		return nil
	case x.is("HEAD") && x.status(200):
		if length, err := strconv.Atoi(x.resp.Header.Get("Content-Length")); err == nil {
			return []piece{{tag: tag, total: length}}
		}
	case x.is("GET") && x.status(206):
		return x.parts(tag)
	case x.is("GET") && x.status(200), itself && x.status(200, 201):
		return []piece{{tag, 0, bytes.Clone(x.resp.Body), len(x.resp.Body)}}
	}
	return nil
}

// parts returns the ranges of a 206: its content, or each of its parts.
func (x exchange) parts(tag string) (all []piece) {
	add := func(field string, content []byte) {
		if p, ok := rangeOf(field); ok {
			p.tag, p.bytes = tag, bytes.Clone(content)
			all = append(all, p)
		}
	}
	media, parameters, _ := mime.ParseMediaType(x.resp.Header.Get("Content-Type"))
	if media != "multipart/byteranges" {
		add(x.resp.Header.Get("Content-Range"), x.resp.Body)
		return all
	}
	for r := multipart.NewReader(bytes.NewReader(x.resp.Body), parameters["boundary"]); ; {
		part, err := r.NextRawPart()
		if err != nil {
			return all
		}
		if content, err := io.ReadAll(part); err == nil {
			add(part.Header.Get("Content-Range"), content)
		}
	}
}

// rangeOf reads a Content-Range, "bytes 0-4/10" or "bytes 0-4/*" (RFC 9110, 14.4). It
// returns a piece without its bytes.
func rangeOf(field string) (p piece, ok bool) {
	positions, total, _ := strings.Cut(strings.TrimPrefix(field, "bytes "), "/")
	first, _, _ := strings.Cut(positions, "-")
	from, err := strconv.Atoi(first)
	if p = (piece{from: from, total: -1}); err != nil {
		return p, false
	}
	if total != "*" {
		p.total, err = strconv.Atoi(total)
	}
	return p, err == nil
}

func (p piece) end() int { return p.from + len(p.bytes) }

// contradicts reports whether p and q have the same tag and cannot be pieces of one
// representation.
func (p piece) contradicts(q piece) bool {
	return p.tag == q.tag && (p.total >= 0 && q.total >= 0 && p.total != q.total || !bytes.Equal(p.shared(q), q.shared(p)))
}

// shared returns the bytes of p that q has, too.
func (p piece) shared(q piece) []byte {
	from, end := max(p.from, q.from), min(p.end(), q.end())
	if from >= end {
		return nil
	}
	return p.bytes[from-p.from : end-p.from]
}

// within reports whether q shows everything that p shows.
func (p piece) within(q piece) bool {
	return p.tag == q.tag && p.total == q.total && (len(p.bytes) == 0 || q.from <= p.from && p.end() <= q.end())
}

// against says how p contradicts q.
func (p piece) against(q piece) string {
	return fmt.Sprintf("%s is the tag of %v, and was the tag of %v", p.tag, p, q)
}

// String returns the piece as a report shows it.
func (p piece) String() string {
	if len(p.bytes) == 0 {
		return fmt.Sprintf("%d bytes", p.total)
	}
	return fmt.Sprintf("%#q (%d-%d of %d)", excerpt(p.bytes), p.from, p.end()-1, p.total)
}
