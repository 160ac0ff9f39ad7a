package client

import (
	"encoding/json"
	"net/http"
	"time"
)

// What tests of this package look at from inside.

func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) { return retryAfter(h, now) }

func ReadProblem(text []byte) *Problem { return readProblem(text) }

func Backoff(tries int) time.Duration { return backoff(tries) }

// Carry carries a change of JSON texts over, and is an error where it is not clear how.
func Carry(document, was, now string) (string, error) {
	var trees [3]any
	for i, text := range []string{document, was, now} {
		var err error
		if trees[i], err = readTree([]byte(text)); err != nil {
			return "", err
		}
	}
	var m merge
	text, err := json.Marshal(m.carry("", trees[0], trees[1], trees[2]))
	if m.err != nil {
		return "", m.err
	}
	return string(text), err
}

// Cached returns how many answers and bytes the cache holds.
func (c *Client) Cached() (entries int, bytes int64) {
	c.cache.mu.Lock()
	defer c.cache.mu.Unlock()
	return c.cache.used.Len(), c.cache.size
}
