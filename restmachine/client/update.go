package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file changes what is there: GET, change, and a write that names the tag of the GET. A
// change comes in, and the Resource that it made goes out.

// An Option changes what Update and Patch do.
type Option int

const (
	// OrCreate makes Update and Patch create what is not there. The change gets a zero T, and a PUT
	// with If-None-Match: * sends it. It does not create what is gone: 410 stays an error.
	OrCreate Option = iota + 1
	// Repeatable says that the change may be made twice, for example because it sets a value. Then
	// Update and Patch begin anew where they would return ErrUnknown after a 412. A change that
	// adds to what is there is not repeatable.
	Repeatable
)

// Update reads the resource at a URL, lets change alter its value, and puts it back with If-Match.
// Members that T does not know stay as they are. If somebody was faster, which is a 412, Update
// begins anew: change is called again, with what is there now. An error of change ends Update and
// is returned as it is. If change changes nothing, nothing is sent.
//
// The error is, beside those of Get: after the last try, a *StatusError with status 412, which is
// an ErrPreconditionFailed; ErrNoStrongTag; ErrWouldLose; ErrRedirected; ErrUnknown. The PUT goes
// to the URL that the GET was redirected to, since the tag is a tag of that resource.
//
// A 202 is a success, too: the server has accepted the write and will do it later.
func Update[T any](ctx context.Context, c *Client, url string, change func(*T) error, options ...Option) (Resource[T], error) {
	return update(ctx, c, url, change, http.MethodPut, options)
}

// Patch is like Update, but sends what has changed, as a JSON Merge Patch (RFC 7396) in a PATCH
// with If-Match. It suits large resources, and servers that refuse members in a PUT which clients
// cannot set. An array is sent as a whole. A member that becomes null is deleted.
func Patch[T any](ctx context.Context, c *Client, url string, change func(*T) error, options ...Option) (Resource[T], error) {
	return update(ctx, c, url, change, http.MethodPatch, options)
}

func update[T any](ctx context.Context, c *Client, url string, change func(*T) error, method string, options []Option) (res Resource[T], err error) {
	o, err := c.begin(ctx, url)
	if err != nil {
		return res, err
	}
	var refused conditional.ETag
	for {
		now, r, err := prepare(o, url, change, method, options)
		if err != nil {
			return res, err
		}
		if r.content == nil {
			return now, nil
		}
		a, err := o.write(r)
		if err == nil {
			return written(o, a, now.Value), nil
		}
		if !isRaceLost(err, slices.Contains(options, Repeatable)) {
			return res, err
		}
		if err := o.pause(err, nil); err != nil {
			if now.ETag != "" && now.ETag == refused {
				err = fmt.Errorf("%w; %s is the tag of each GET, but the server does not know it: does a proxy or a cache change it?", err, refused)
			}
			return res, err
		}
		refused = now.ETag
	}
}

// isRaceLost reports whether to begin anew with what is there now.
func isRaceLost(err error, repeatable bool) bool {
	var unknown *unknownError
	if errors.As(err, &unknown) {
		return repeatable && errors.Is(unknown.last, ErrPreconditionFailed)
	}
	return errors.Is(err, ErrPreconditionFailed)
}

// forWriting is sent where the tag will guard a write. A coding would have a tag of its own (RFC
// 9110, 8.8.3.3), which a proxy may make and the server not know. A cache between would show what
// was there before.
var forWriting = http.Header{"Accept-Encoding": {"identity"}, "Cache-Control": {"no-cache"}}

// prepare reads, lets change alter the value, and returns the write. The write does not have
// content if nothing changed.
func prepare[T any](o *operation, url string, change func(*T) error, method string, options []Option) (now Resource[T], r request, err error) {
	a, err := o.read(request{method: http.MethodGet, url: url, header: forWriting, strong: true})
	if errors.Is(err, ErrNotFound) && slices.Contains(options, OrCreate) {
		now.URL = url
		if err := change(&now.Value); err != nil {
			return now, r, err
		}
		content, err := json.Marshal(now.Value)
		return now, creation(url, content), err
	}
	if err != nil {
		return now, r, err
	}
	now = describe[T](a)
	if err := decode(a, &now.Value); err != nil {
		return now, r, err
	}
	if err := checkTag(a.header); err != nil {
		return now, r, fmt.Errorf("%w: %s", err, a.url.Redacted())
	}
	content, err := makeChange(a.content, &now.Value, change, method)
	if err != nil {
		return now, r, err
	}
	media := mediaOf(a.header) // what is read is what is sent
	if media == "" {
		media = mediaJSON
	}
	if method == http.MethodPatch {
		media = "application/merge-patch+json"
	}
	return now, request{method: method, url: now.URL, content: content, guarded: true, header: http.Header{
		"If-Match": {string(now.ETag)}, "Content-Type": {media}, "Accept-Encoding": {"identity"},
	}}, nil
}

// makeChange lets change alter the value, and returns what to send: nil if nothing changed.
func makeChange[T any](text []byte, value *T, change func(*T) error, method string) ([]byte, error) {
	was, err := treeOf(*value) // before change can alter what it shares
	if err != nil {
		return nil, err
	}
	if err := change(value); err != nil {
		return nil, err
	}
	now, err := treeOf(*value)
	if err != nil || reflect.DeepEqual(was, now) {
		return nil, err
	}
	document, err := readTree(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrContent, err)
	}
	var m merge
	changed := m.carry("", document, was, now)
	if m.err != nil {
		return nil, m.err
	}
	if method == http.MethodPatch {
		changed = patchOf(document, changed)
	}
	return writeTree(changed)
}

// treeOf returns the JSON of a value as a tree.
func treeOf(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	return readTree(text)
}

// writeTree returns a tree as JSON.
func writeTree(tree any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(tree)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// checkTag returns why the tag of an answer cannot guard a write.
func checkTag(h http.Header) error {
	tag := tagOf(h)
	switch {
	case tag != "" && !tag.IsWeak():
		return nil
	case tag != "":
		return fmt.Errorf("%w: it is weak, %s; let the server send a strong one, and let no proxy weaken it", ErrNoStrongTag, tag)
	case len(h["Etag"]) > 0:
		return fmt.Errorf("%w: ETag is %q, which is not an entity-tag; the server must put it between quotes", ErrNoStrongTag, oneLine(strings.Join(h["Etag"], ", ")))
	case len(h["Last-Modified"]) > 0:
		return fmt.Errorf("%w: there is only a Last-Modified, and two changes may share a second; let the server send an ETag", ErrNoStrongTag)
	}
	return fmt.Errorf("%w: let the server send an ETag", ErrNoStrongTag)
}
