package client

import (
	"context"
	"net/http"
	"time"
)

// This file is the settings of a Client, and the fields of its requests.

// A Client sends requests for the functions of this package. The zero Client is ready to use. Its
// fields must not change once it is in use. Any number of goroutines may use it, by pointer.
type Client struct {
	// HTTP sends the requests; nil is http.DefaultClient. Its Transport, Jar and Timeout are used,
	// and the Timeout ends one request, not all tries. Its CheckRedirect is not called.
	HTTP *http.Client

	// Header is sent with each request to the origin of the URL that the caller gave: Authorization,
	// User-Agent, or an Accept other than application/json. Preconditions, Range and Idempotency-Key
	// are left out: they belong to one request, and a constant Idempotency-Key makes net/http
	// repeat writes on its own. A token that changes is for a Transport to add.
	Header http.Header

	// Tries is after how many failures a function gives up: lost races, lost answers, and statuses
	// such as 503. 0 is 10. At 1 nothing is repeated.
	Tries int

	// MaxWait is the longest Retry-After that is waited for; 0 is one minute. If the server asks for
	// more, its answer is the error.
	MaxWait time.Duration

	// MaxBody is how many bytes of content are read, decompressed; 0 is 10 MiB.
	MaxBody int64

	// CacheSize is how many bytes the cache may hold; 0 is 10 MiB, and a negative number is none.
	CacheSize int64

	cache cache
}

const (
	defaultTries   = 10
	defaultMaxWait = time.Minute
	defaultBytes   = 10 << 20
)

// or returns the value of a setting.
func or[N int | int64 | time.Duration](set, otherwise N) N {
	if set == 0 {
		return otherwise
	}
	return set
}

// sender is the http.Client without redirects, which would lose the method of a PUT.
func (c *Client) sender() *http.Client {
	from := c.HTTP
	if from == nil {
		from = http.DefaultClient
	}
	own := *from
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// ofOneRequest are the fields that do not stand in Client.Header.
var ofOneRequest = []string{
	"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range",
	"Content-Length", "Idempotency-Key", "X-Idempotency-Key",
}

// header returns the fields of a request. Where it is not trusted, Client.Header is left out.
func (c *Client) header(r request, trusted bool) http.Header {
	h := http.Header{}
	if trusted {
		for name, values := range c.Header {
			h[http.CanonicalHeaderKey(name)] = values
		}
	}
	for _, name := range ofOneRequest {
		delete(h, name)
	}
	if r.content == nil {
		delete(h, "Content-Type")
	} else if len(h["Content-Type"]) == 0 {
		h["Content-Type"] = []string{mediaJSON}
	}
	if len(h["Accept"]) == 0 {
		h["Accept"] = []string{mediaJSON}
	}
	for name, values := range r.header {
		h[name] = values
	}
	return h
}

// An operation is one call of a function of this package, with all that it sends.
type operation struct {
	client *Client
	ctx    context.Context
	origin string // of the URL that the caller gave
	tries  int    // so far
}

// begin starts an operation on a URL.
func (c *Client) begin(ctx context.Context, address string) (*operation, error) {
	u, err := parseURL(address)
	if err != nil {
		return nil, err
	}
	return &operation{client: c, ctx: ctx, origin: originOf(u)}, nil
}
