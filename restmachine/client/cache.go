package client

import (
	"container/list"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file is the cache: answers of GETs that have an entity-tag, by their whole request. Each is
// revalidated before it is used, so nothing here knows a clock.

// A cache holds answers up to a number of bytes. The one that was used least recently goes first.
// The zero cache is ready to use.
type cache struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	used  list.List // of *entry, the latest first
	size  int64
}

// An entry is an answer in the cache. Answers are not changed once they are in it.
type entry struct {
	key  string
	kept *answer
}

// overhead is about what an entry takes beside its texts.
const overhead = 1 << 10

func (e *entry) size() int64 {
	n := overhead + len(e.key) + len(e.kept.content)
	for name, values := range e.kept.header {
		n += len(name)
		for _, value := range values {
			n += len(value)
		}
	}
	return int64(n)
}

// key is a request as the cache knows it: URL, all fields, and cookies. So each field that the
// server could name in Vary counts (RFC 9111, 4.1).
func (c *Client) key(at *url.URL, header http.Header) string {
	var b strings.Builder
	b.WriteString(at.String())
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			b.WriteString("\n" + name + ":" + value)
		}
	}
	if c.HTTP != nil && c.HTTP.Jar != nil {
		for _, cookie := range c.HTTP.Jar.Cookies(at) {
			b.WriteString("\n;" + cookie.String())
		}
	}
	return b.String()
}

// get returns the answer to a request, nil if there is none.
func (k *cache) get(key string) *answer {
	k.mu.Lock()
	defer k.mu.Unlock()
	element := k.byKey[key]
	if element == nil {
		return nil
	}
	k.used.MoveToFront(element)
	return element.Value.(*entry).kept
}

// put keeps an answer, if it can be revalidated and is whole. Otherwise it forgets what it kept
// for the request.
func (k *cache) put(c *Client, key string, a *answer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.remove(k.byKey[key])
	limit := or(c.CacheSize, defaultBytes)
	own := *a
	own.header = a.header.Clone() // the other one is for the caller
	e := &entry{key, &own}
	if !isStorable(a) || e.size() > limit {
		return
	}
	if k.byKey == nil {
		k.byKey = map[string]*list.Element{}
	}
	k.byKey[key] = k.used.PushFront(e)
	for k.size += e.size(); k.size > limit; {
		k.remove(k.used.Back())
	}
}

// isStorable reports whether an answer may be kept, and can be revalidated (RFC 9111, 3 and 4.1).
func isStorable(a *answer) bool {
	if a.cut != nil || tagOf(a.header) == "" {
		return false
	}
	return !hasMember(a.header["Cache-Control"], "no-store") && !hasMember(a.header["Vary"], "*")
}

// hasMember reports whether the lines of a list field have a member, perhaps with an argument.
func hasMember(lines []string, member string) bool {
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			name, _, _ := strings.Cut(part, "=")
			if strings.EqualFold(strings.TrimSpace(name), member) {
				return true
			}
		}
	}
	return false
}

// drop forgets all answers of a URL (RFC 9111, 4.4).
func (k *cache) drop(address string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for element := k.used.Front(); element != nil; {
		next := element.Next()
		if element.Value.(*entry).kept.url.String() == address {
			k.remove(element)
		}
		element = next
	}
}

func (k *cache) remove(element *list.Element) {
	if element != nil {
		e := k.used.Remove(element).(*entry)
		delete(k.byKey, e.key)
		k.size -= e.size()
	}
}

func (a *answer) tag() conditional.ETag { return tagOf(a.header) }

// ofContent are the fields that a 304 does not replace: they tell how the content in the cache was
// read, or its tag (RFC 9111, 3.2).
var ofContent = []string{"Content-Type", "Content-Encoding", "Content-Length", "Content-Range", "Etag", "Connection", "Transfer-Encoding"}

// refresh returns the answer with the fields of a 304 (RFC 9111, 4.3.4).
func (a *answer) refresh(h http.Header) *answer {
	current := *a
	current.header = a.header.Clone()
	for name, values := range h {
		if !slices.Contains(ofContent, name) {
			current.header[name] = values
		}
	}
	return &current
}
