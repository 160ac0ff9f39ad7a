package restmachine

import (
	"bytes"
	"log/slog"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// Policy says what decides between 200 and 304 when a client sends both
// If-None-Match and If-Modified-Since.
type Policy = conditional.Policy

const (
	// Combine answers 304 only if both say that the resource is unchanged.
	Combine = conditional.Combine
	// RFC9110 looks at If-None-Match alone (RFC 9110, 13.2.2).
	RFC9110 = conditional.RFC9110
)

// Option changes how an App works: see the With functions.
type Option func(*options)

type options struct {
	precedence conditional.Policy
	noLock     bool
	strictTags bool
	strictJSON bool
	challenge  string
	logger     *slog.Logger
	encode     func(dst *bytes.Buffer, v any) error // nil: encoding/json
	tracer     Tracer                               // nil: nobody looks
	mayTrace   func(*http.Request) bool             // nil: nobody may
}

func defaultOptions() options {
	return options{challenge: "Bearer", logger: slog.Default()}
}

// WithPrecedence sets the policy for If-None-Match with If-Modified-Since.
// Default: Combine, which may send a 200 that RFC9110 would have spared;
// neither ever sends a stale 304.
func WithPrecedence(p Policy) Option { return func(o *options) { o.precedence = p } }

// WithoutResourceLock lets unsafe requests to one resource run side by side.
// Default: they exclude one another. For stores that check the version as they
// write, and return ErrStale.
func WithoutResourceLock() Option { return func(o *options) { o.noLock = true } }

// WithStrictTags makes entity-tags without their quotes unreadable. Default:
// such tags match, since sloppy clients send them.
func WithStrictTags() Option { return func(o *options) { o.strictTags = true } }

// WithStrictJSON refuses JSON content with names that its type lacks. Default:
// they are ignored.
func WithStrictJSON() Option { return func(o *options) { o.strictJSON = true } }

// WithChallenge sets the WWW-Authenticate field of a 401 whose Authorized gives
// none. Default: Bearer.
func WithChallenge(challenge string) Option { return func(o *options) { o.challenge = challenge } }

// WithLogger sets where internal errors are logged. Default: slog.Default as it
// is when New is called.
func WithLogger(l *slog.Logger) Option {
	return func(o *options) {
		if l != nil {
			o.logger = l
		}
	}
}

// WithJSONEncoder sets how entities become JSON; it appends to dst and must be
// safe for concurrent use. Default: encoding/json without HTML escaping (responses
// say nosniff) and without a final newline.
func WithJSONEncoder(encode func(dst *bytes.Buffer, v any) error) Option {
	return func(o *options) {
		if encode != nil {
			o.encode = encode
		}
	}
}
