package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file reads: a URL comes in, and a Resource goes out.

// A Resource is a value with the tag that guards its next write.
type Resource[T any] struct {
	// Value is what was read. After a write, it is the new representation if the answer had it
	// (RFC 9110, 8.7: Content-Location), and otherwise the value that was sent.
	Value T
	// URL is where the resource is: where redirects have led, or where it was created. "" if a POST did
	// not say.
	URL string
	// ETag is the entity-tag of the last answer; "" if there was none that could be read.
	ETag conditional.ETag
	// Header is the fields of the last answer. Those of a 304 have replaced those that were cached.
	Header http.Header
}

// Get reads the resource at a URL, as JSON. What the cache holds is used if the server says that
// it is current. The content may come compressed.
//
// The error is a *StatusError for an answer other than 2xx, and an ErrContent for content that is
// not the JSON of a T. With an error, the Resource is zero, here and in the other functions.
func Get[T any](ctx context.Context, c *Client, url string) (Resource[T], error) {
	o, err := c.begin(ctx, url)
	if err != nil {
		return Resource[T]{}, err
	}
	return get[T](o, url)
}

func get[T any](o *operation, url string) (res Resource[T], err error) {
	a, err := o.read(request{method: http.MethodGet, url: url})
	if err != nil {
		return res, err
	}
	read := describe[T](a)
	if err := decode(a, &read.Value); err != nil {
		return res, err
	}
	return read, nil
}

// describe is a Resource without its value.
func describe[T any](a *answer) Resource[T] {
	return Resource[T]{URL: a.url.String(), ETag: tagOf(a.header), Header: a.header}
}

// decode reads the content of an answer, which must be JSON.
func decode(a *answer, into any) error {
	where := a.url.Redacted()
	switch {
	case a.cut != nil:
		return fmt.Errorf("%w: %s: %w", ErrContent, where, a.cut)
	case len(a.content) == 0:
		return fmt.Errorf("%w: %s: status %d without content", ErrContent, where, a.status)
	case a.header.Get("Content-Encoding") != "":
		return fmt.Errorf("%w: %s: its coding is %q; leave Accept-Encoding out of Header", ErrContent, where, oneLine(a.header.Get("Content-Encoding")))
	case !isJSON(a.header):
		return fmt.Errorf("%w: %s: its type is %q, which is not JSON", ErrContent, where, oneLine(mediaOf(a.header)))
	}
	if err := json.Unmarshal(a.content, into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrContent, where, err)
	}
	return nil
}
