package restmachine

import (
	"bytes"
	"log/slog"
	"reflect"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/doubt"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
)

// This file says how an App works, beside what it is told. In come the Options of New.
// Out come the settings of the machine.

// Policy says what decides between 200 and 304 when a client sends both If-None-Match
// and If-Modified-Since: see [WithPrecedence].
type Policy = conditional.Policy

const (
	// Combine answers 304 only if both say that the resource is unchanged.
	Combine = conditional.Combine
	// RFC9110 looks at If-None-Match alone (RFC 9110, 13.2.2).
	RFC9110 = conditional.RFC9110
)

// Option changes how an App works: see the With functions, and the default of each.
type Option func(*options)

// options are the settings of an App.
type options struct {
	machine     machine.Options
	tracer      Tracer // nil: nobody looks
	lockWarning time.Duration
	drainDelay  time.Duration
}

// defaultOptions returns what holds where no Option says otherwise.
func defaultOptions() options {
	var o options
	o.machine.Words = vocabulary
	o.machine.Locks, o.machine.Nested, o.machine.Doubts = new(keylock.Locks), new(keylock.Locks), new(doubt.Table)
	o.lockWarning = 5 * time.Second
	o.machine.Heartbeat, o.machine.Patience = 15*time.Second, 30*time.Second
	o.setLogger(slog.Default())
	o.machine.Challenge = "Bearer"
	return o
}

// setLogger sets where the App logs. A slog.Handler that panics harms nothing.
func (o *options) setLogger(l *slog.Logger) {
	o.machine.Logger, o.machine.OwnLogger = exchange.Guard(l), l
}

// forMachine returns the options as a machine takes them.
func (o *options) forMachine() *machine.Options {
	if o.tracer != nil {
		o.machine.Watch.Observe, o.machine.Watch.URI = observe(o.tracer), o.tracer.TraceURI
	}
	if !o.machine.OwnJSON {
		o.machine.Encode = o.machine.JSON.Writer().Append
	}
	return &o.machine
}

// WithPrecedence sets the policy for If-None-Match with If-Modified-Since. Default:
// [Combine], which may send a 200 that [RFC9110] would have spared (RFC 9110, 13.2.2);
// neither ever sends a stale 304.
func WithPrecedence(p Policy) Option { return func(o *options) { o.machine.Precedence = p } }

// WithoutResourceLock lets unsafe requests on one resource run side by side. Default:
// they exclude one another, from before ResourceExists to the end of the handler. It is
// for stores that check the version as they write, and return [ErrStale].
func WithoutResourceLock() Option { return func(o *options) { o.machine.NoLock = true } }

// WithLockWarning sets how long a write may wait for a lock before the App logs a warning, while
// it still waits. Default: 5 seconds. 0 or less: no warning. The warning names who waits and who
// holds the lock: method, path, route, and since when (the holder's time is the latest possible).
// It shows two things. One is a slow handler with a queue behind it. The other is a callback that
// waits for a goroutine or a server, which calls this App for the same resource without the
// context that the callback was given: that write waits for its own handler, for ever. Where the
// callback calls [App.Execute] itself, it waits a tenth of a second and is a 500, whatever is set
// here. Of the waits of one route for another one, the first is logged, the tenth, the hundredth
// and so on. See [Facts.LockKey].
func WithLockWarning(d time.Duration) Option { return func(o *options) { o.lockWarning = d } }

// WithHeartbeat sets how long an event stream may be silent before its client gets a comment,
// which it ignores. Default: 15 seconds, which is what WHATWG HTML, 9.2.7 recommends. 0 or less:
// for ever. Proxies cut connections that are silent for too long: nginx after 60 seconds. A
// heartbeat also finds out that a client has gone without a word. See [Events].
func WithHeartbeat(d time.Duration) Option {
	return func(o *options) { o.machine.Heartbeat = max(d, 0) }
}

// WithStreamPatience sets how long a client may take to receive a piece of a stream, which is 32
// KiB at the most. Default: 30 seconds. 0 or less: for ever, or as long as the http.Server lets
// it. A client that takes longer is cut off, so that one that has stopped reading does not hold
// a goroutine, a database connection or a drain. It concerns [Events], and all values that write
// themselves: func(io.Writer) error, io.WriterTo, iter.Seq and iter.Seq2. For these it stands in
// place of the WriteTimeout of the http.Server, which would cut a stream that takes long for
// good reasons. It sets a write deadline, so every middleware has to let an
// http.ResponseController through (by a method Unwrap).
func WithStreamPatience(d time.Duration) Option {
	return func(o *options) { o.machine.Patience = max(d, 0) }
}

// WithDrainDelay sets how long ListenAndServe goes on to accept connections once it drains.
// Default: 0. Meanwhile [App.Ready] is an error, so that a balancer sees that this server is
// going before it would be refused. Give it a little more time than the balancer takes to
// notice. See [App.Drain].
func WithDrainDelay(d time.Duration) Option { return func(o *options) { o.drainDelay = d } }

// WithStrictTags makes an entity-tag without its quotes unreadable, as RFC 9110, 8.8.3
// says. Default: such tags match, since sloppy clients send them.
func WithStrictTags() Option { return func(o *options) { o.machine.StrictTags = true } }

// WithStrictNegotiation makes it a 406 where a client's Accept-Language or Accept-Charset
// takes none of the languages or charsets that are offered (RFC 9110, 15.5.7). Default:
// they are wishes, and the client gets the first that is offered. An Accept that takes
// none of the media types is a 406 in any case.
func WithStrictNegotiation() Option {
	return func(o *options) { o.machine.StrictNegotiation = true }
}

// WithStrictJSON refuses JSON content with names that its type lacks: 422, also in a
// [MergePatch]. Default: they are ignored.
func WithStrictJSON() Option { return func(o *options) { o.machine.JSON.Strict = true } }

// WithJSONv2 reads and writes JSON by the rules of encoding/json/v2. Default: by those of
// encoding/json, but no object may have a name twice. Under both, content that is not UTF-8
// or nests deeper than 100 levels is refused. By v2's rules a name has the case of its field,
// [N]byte is base64, and an array has exactly its elements; omitempty and string mean
// something else; and a time.Duration is a wiring fault. The page on JSON in the guide has
// the differences. See [Facts.Accepts] and [Facts.Provides] for the JSON of one type.
func WithJSONv2() Option { return func(o *options) { o.machine.JSON.V2 = true } }

// WithValidator validates each value that is read from a request: of a [Body], a [Query] and a
// [Path], and the result of a [MergePatch]. Default: only the Validate() error methods of their
// types do. check gets the T, once for each value, beside Validate; what both find comes in one
// answer (see [Invalid]). What is taken as it is, such as []byte, is not validated.
//
// Each of types is called with each T, by [App.Validate] and so at the start. Its error is a
// wiring fault: a tag that cannot be understood is found before the first request. The module
// contrib/validator gives both functions. Several WithValidator add up.
func WithValidator(check func(v any) error, types ...func(t reflect.Type) error) Option {
	return func(o *options) {
		if check != nil {
			o.machine.Validators = append(o.machine.Validators, check)
		}
		o.machine.TypeChecks = append(o.machine.TypeChecks, types...)
	}
}

// WithChallenge sets the WWW-Authenticate field of a 401 for which [Facts.Authorized]
// does not give a challenge (RFC 9110, 11.6.1). Default: Bearer.
func WithChallenge(challenge string) Option {
	return func(o *options) { o.machine.Challenge = challenge }
}

// WithLogger sets where an App logs what its clients must not see. Each line that a
// request causes has the context of the request, so a slog.Handler finds request and
// trace IDs there. No lock is held while a line is logged. A slog.Handler that panics
// harms nothing. nil leaves the default. Default: slog.Default, as it is when New is
// called.
func WithLogger(l *slog.Logger) Option {
	return func(o *options) {
		if l != nil {
			o.setLogger(l)
		}
	}
}

// WithJSONEncoder sets how entities become JSON. encode appends v to dst, and must be
// safe for concurrent use. nil leaves the default. Default: as encoding/json writes them,
// but without HTML escaping (responses say nosniff) and without a final newline; a slice or
// map that is nil is written as [] or {}.
func WithJSONEncoder(encode func(dst *bytes.Buffer, v any) error) Option {
	return func(o *options) {
		if encode != nil {
			o.machine.Encode, o.machine.OwnJSON = encode, true
		}
	}
}
