package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file creates and deletes, and reads the answers to writes.

// creation is a PUT that is done only where there is nothing.
func creation(url string, content []byte) request {
	return request{method: http.MethodPut, url: url, content: content, guarded: true, header: http.Header{
		"If-None-Match": {"*"}, "Accept-Encoding": {"identity"},
	}}
}

// beginWith starts an operation that sends a value.
func (c *Client) beginWith(ctx context.Context, url string, value any) (*operation, []byte, error) {
	o, err := c.begin(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	content, err := json.Marshal(value)
	if err != nil {
		return nil, nil, fmt.Errorf("client: %w", err)
	}
	return o, content, nil
}

// Create puts a value where there is nothing yet: PUT with If-None-Match: *. If something is there,
// the error is a *StatusError with status 412, which is an ErrPreconditionFailed. Since the caller
// chooses the URL, Create can be repeated where Post cannot.
func Create[T any](ctx context.Context, c *Client, url string, value T) (res Resource[T], err error) {
	o, content, err := c.beginWith(ctx, url, value)
	if err != nil {
		return res, err
	}
	a, err := o.write(creation(url, content))
	if err != nil {
		return res, err
	}
	return written(o, a, value), nil
}

// Post sends a value to a collection, and returns what that created. If the answer does not have
// it, Post reads it from the Location, without Client.Header at another origin. If the answer
// is not a creation, the Resource is what the answer has.
//
// A POST is not repeated once it may have been done: a lost answer is ErrUnknown. If it was done,
// and only the reading failed, there is an error and the Resource has a URL.
func Post[T any](ctx context.Context, c *Client, url string, value any) (res Resource[T], err error) {
	o, content, err := c.beginWith(ctx, url, value)
	if err != nil {
		return res, err
	}
	return post[T](o, request{method: http.MethodPost, url: url, content: content})
}

// PostAt is Post with If-Match: an action on one resource, such as POST /posts/1/publish, at the
// version that the caller has read. The tag comes from a Resource, and must be strong: otherwise
// the error is ErrNoStrongTag, and nothing is sent. If there is another version now, the error is
// an ErrPreconditionFailed. A nil value is a POST without content.
//
// Like Post, it is not repeated once it may have been done: an action need not change the tag.
func PostAt[T any](ctx context.Context, c *Client, url string, tag conditional.ETag, value any) (res Resource[T], err error) {
	o, content, err := c.beginWith(ctx, url, value)
	if err != nil {
		return res, err
	}
	if _, err := conditional.ParseETag(string(tag)); err != nil || tag.IsWeak() {
		return res, fmt.Errorf("%w: %q: POST at %s", ErrNoStrongTag, oneLine(string(tag)), o.origin)
	}
	if value == nil {
		content = nil
	}
	return post[T](o, request{method: http.MethodPost, url: url, content: content, header: http.Header{"If-Match": {string(tag)}}})
}

// post sends a POST, and returns what it created, or what its answer has.
func post[T any](o *operation, r request) (res Resource[T], err error) {
	a, err := o.write(r)
	if err != nil {
		return res, err
	}
	at := a.resolve("Location")
	if at == nil || a.status != http.StatusCreated && a.status != http.StatusSeeOther {
		return posted[T](a)
	}
	if shown := a.resolve("Content-Location"); a.status == http.StatusCreated && shown != nil && shown.String() == at.String() {
		made := describe[T](a)
		if made.URL = at.String(); decode(a, &made.Value) == nil {
			return made, nil
		}
	}
	o.tries = 0
	if res, err = get[T](o, at.String()); err != nil {
		res.URL = at.String()
		err = fmt.Errorf("client: the POST was done, but what it created cannot be read: %w", err)
	}
	return res, err
}

// posted is the answer to a POST that did not say where something was created.
func posted[T any](a *answer) (res Resource[T], err error) {
	res.Header = a.header
	if at := a.resolve("Location"); at != nil {
		res.URL = at.String()
	}
	if len(a.content) == 0 && a.cut == nil {
		return res, nil
	}
	if err := decode(a, &res.Value); err != nil {
		return res, fmt.Errorf("client: the POST was done, but its answer cannot be read: %w", err)
	}
	return res, nil
}

// Delete deletes the version of a resource that has this tag: DELETE with If-Match. The tag comes
// from a Resource. If there is another version now, the error is an ErrPreconditionFailed.
//
// If an answer is lost and the next try finds nothing, the resource is gone, as was wanted: the
// error is nil.
//
// A proxy that compresses makes the tags weak that Get sees. If the tag is weak, Delete first asks
// for the resource without compression. If the version is still the same, the strong tag of this
// answer guards the DELETE. If there is none, the error is ErrNoStrongTag.
//
// A proxy may also have given a compressed representation another strong tag, which the server does
// not know. Then set Accept-Encoding to identity in Client.Header.
func Delete(ctx context.Context, c *Client, url string, tag conditional.ETag) error {
	o, err := c.begin(ctx, url)
	if err != nil {
		return err
	}
	if _, err := conditional.ParseETag(string(tag)); err != nil {
		return fmt.Errorf("%w: %q is not an entity-tag: DELETE at %s", ErrNoStrongTag, oneLine(string(tag)), o.origin)
	}
	if tag.IsWeak() {
		if url, tag, err = o.strengthen(url, tag); err != nil {
			return err
		}
	}
	_, err = o.write(request{method: http.MethodDelete, url: url, guarded: true, header: http.Header{"If-Match": {string(tag)}}})
	var unknown *unknownError
	if errors.As(err, &unknown) && (errors.Is(unknown.last, ErrNotFound) || errors.Is(unknown.last, ErrGone)) {
		return nil
	}
	return err
}

// strengthen returns the strong tag of the version that a weak tag names, and where it was read.
func (o *operation) strengthen(url string, weak conditional.ETag) (string, conditional.ETag, error) {
	a, err := o.read(request{method: http.MethodGet, url: url, header: forWriting, strong: true})
	if err != nil {
		return "", "", err
	}
	if err := checkTag(a.header); err != nil {
		return "", "", fmt.Errorf("%w: %s", err, a.url.Redacted())
	}
	if !conditional.WeakMatch(a.tag(), weak) {
		return "", "", fmt.Errorf("%w: %s is no longer %s, but %s", ErrPreconditionFailed, a.url.Redacted(), weak, a.tag())
	}
	return a.url.String(), a.tag(), nil
}

// written is the Resource that a PUT or PATCH made. The answer to a PUT is a representation only if
// Content-Location says so (RFC 9110, 8.7); it is cached as one. What cannot be read of it does no
// harm: the write was done.
func written[T any](o *operation, a *answer, sent T) Resource[T] {
	res := describe[T](a)
	if a.status == http.StatusAccepted || a.status == http.StatusSeeOther {
		res.Value, res.ETag = sent, ""
		return res
	}
	shown := a.resolve("Content-Location")
	if shown == nil || shown.String() != a.url.String() || decode(a, &res.Value) != nil {
		res.Value = sent
		return res
	}
	if res.ETag != "" && !res.ETag.IsWeak() {
		asked := o.client.header(request{method: http.MethodGet, header: forWriting}, true)
		o.client.cache.put(o.client, o.client.key(a.url, asked), a)
	}
	return res
}
