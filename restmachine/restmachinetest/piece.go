// What a Ledger knows of content: pieces of representations, by entity-tag.

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

// A piece is what an exchange shows of the representation that a strong
// entity-tag stands for: the bytes from an offset on, which may be all or none,
// and how many it has, -1 where that is not told.
type piece struct {
	tag   string
	from  int
	bytes []byte
	total int
}

// pieces are what the exchange shows of its resource (RFC 9110, 6.4.2).
func (x exchange) pieces() []piece {
	tag := x.resp.Header.Get("ETag")
	itself := x.resp.Header.Get("Content-Location") == x.req.Path // what is sent is the representation
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

// parts are the ranges of a 206: its content, or the parts of it.
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

// rangeOf is a piece, without its bytes, where a Content-Range says that it is:
// "bytes 0-4/10", or "bytes 0-4/*" (RFC 9110, 14.4).
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

// contradicts reports whether p and q cannot be pieces of one representation,
// though they have its tag.
func (p piece) contradicts(q piece) bool {
	return p.tag == q.tag && (p.total >= 0 && q.total >= 0 && p.total != q.total || !bytes.Equal(p.shared(q), q.shared(p)))
}

// shared are the bytes of p where q has some, too.
func (p piece) shared(q piece) []byte {
	from, end := max(p.from, q.from), min(p.end(), q.end())
	if from >= end {
		return nil
	}
	return p.bytes[from-p.from : end-p.from]
}

// within reports whether q shows all that p shows.
func (p piece) within(q piece) bool {
	return p.tag == q.tag && p.total == q.total && (len(p.bytes) == 0 || q.from <= p.from && p.end() <= q.end())
}

// against says how p contradicts q.
func (p piece) against(q piece) string {
	return fmt.Sprintf("%s is of %v, and was of %v", p.tag, p, q)
}

// String is the piece as a report shows it.
func (p piece) String() string {
	if len(p.bytes) == 0 {
		return fmt.Sprintf("%d bytes", p.total)
	}
	return fmt.Sprintf("%#q (%d-%d of %d)", excerpt(p.bytes), p.from, p.end()-1, p.total)
}
