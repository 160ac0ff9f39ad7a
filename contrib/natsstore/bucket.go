// This file opens buckets. A configuration comes in, and a bucket that keeps the promises of a
// store goes out, or an error that says what about the bucket is unfit, and what to do.

package natsstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A bucket is what is the same for all types of keys and values.
type bucket struct {
	js       jetstream.JetStream
	name     string
	prefix   string        // what the tokens of keys follow, with its dot; "" if nothing
	apart    string        // the prefix of the API, if JetStream is another domain's; else ""
	patience time.Duration // how long a call tries if its context does not have a deadline

	// reads asks the leader, since it believes that AllowDirect is off: it must not ask for
	// its Info again. lists is another handle of the same stream, for that.
	reads, lists jetstream.Stream

	incarnation atomic.Int64 // when the stream was made, in nanoseconds
	maxSize     int32
	markerTTL   time.Duration // how long the message of a deletion is kept; 0 for always
}

// An Option changes how Open opens a bucket.
type Option func(*options)

type options struct {
	prefix   string
	mend     bool
	patience time.Duration
}

// WithPrefix keeps the records under keys of the bucket that begin with the prefix and a dot. So
// several stores share a bucket, each with its prefix, and List reads only the keys of its own.
// The prefix has letters, digits and the signs - _ = /, and dots between them.
func WithPrefix(prefix string) Option { return func(o *options) { o.prefix = prefix } }

// WithMend turns off AllowDirect if the bucket exists and has it on, as buckets that other
// programs made do. Without this option Open returns an error. Programs that opened the bucket
// before must open it again: they would wait in vain for the answer of a replica.
func WithMend() Option { return func(o *options) { o.mend = true } }

// WithPatience is how long a call tries if its context does not have a deadline, while no leader
// answers. The default is 10 seconds: a cluster that lost a server elects leaders in less.
func WithPatience(d time.Duration) Option { return func(o *options) { o.patience = d } }

var prefixes = regexp.MustCompile(`^[-/_=a-zA-Z0-9]+(\.[-/_=a-zA-Z0-9]+)*$`)

// streamPrefix is what the name of a bucket's stream begins with.
const streamPrefix = "KV_"

// openBucket finds the bucket, or makes it.
func openBucket(ctx context.Context, js jetstream.JetStream, cfg jetstream.KeyValueConfig, o options) (*bucket, error) {
	if o.prefix != "" {
		if !prefixes.MatchString(o.prefix) {
			return nil, fmt.Errorf("natsstore: the prefix %q has signs that keys of NATS do not have", o.prefix)
		}
		o.prefix += "."
	}
	b := &bucket{js: js, name: cfg.Bucket, prefix: o.prefix, apart: apart(js), patience: cmp.Or(o.patience, 10*time.Second)}
	if err := b.findOrMake(ctx, cfg); err != nil {
		return nil, fmt.Errorf("natsstore: bucket %s could not be opened: %w", cfg.Bucket, err)
	}
	if info := b.reads.CachedInfo(); info.Config.AllowDirect && o.mend {
		mended := info.Config
		mended.AllowDirect, mended.MirrorDirect = false, false
		var err error
		if b.reads, err = js.UpdateStream(ctx, mended); err != nil {
			return nil, fmt.Errorf("natsstore: AllowDirect of bucket %s could not be turned off: %w", cfg.Bucket, err)
		}
	}
	info := b.reads.CachedInfo()
	if err := unfit(info.Config, cfg); err != nil {
		return nil, fmt.Errorf("natsstore: bucket %s %w", cfg.Bucket, err)
	}
	var err error
	if b.lists, err = js.Stream(ctx, streamPrefix+cfg.Bucket); err != nil {
		return nil, fmt.Errorf("natsstore: bucket %s could not be opened: %w", cfg.Bucket, err)
	}
	b.incarnation.Store(info.Created.UnixNano())
	b.maxSize = info.Config.MaxMsgSize
	b.markerTTL = info.Config.SubjectDeleteMarkerTTL
	return b, nil
}

// apart returns what the subjects of writes begin with, as KeyValue of nats.go has it.
func apart(js jetstream.JetStream) string {
	o := js.Options()
	switch {
	case o.Domain != "":
		return "$JS." + o.Domain + ".API."
	case o.APIPrefix == "" || o.APIPrefix == jetstream.DefaultAPIPrefix:
		return ""
	case o.APIPrefix[len(o.APIPrefix)-1] == '.':
		return o.APIPrefix
	}
	return o.APIPrefix + "."
}

// findOrMake sets reads. Another process may make the bucket at the same time.
func (b *bucket) findOrMake(ctx context.Context, cfg jetstream.KeyValueConfig) (err error) {
	if cfg.Mirror != nil || len(cfg.Sources) > 0 {
		return errors.New("it may have neither Mirror nor Sources, whose messages overwrite records")
	}
	name := streamPrefix + cfg.Bucket
	if b.reads, err = b.js.Stream(ctx, name); !errors.Is(err, jetstream.ErrStreamNotFound) {
		return err
	}
	if b.reads, err = b.js.CreateStream(ctx, streamConfig(cfg)); errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		b.reads, err = b.js.Stream(ctx, name)
	}
	return err
}

// streamConfig is the stream of a bucket as nats.go makes it, except that AllowDirect is off.
func streamConfig(cfg jetstream.KeyValueConfig) jetstream.StreamConfig {
	s := jetstream.StreamConfig{
		Name:                   streamPrefix + cfg.Bucket,
		Description:            cfg.Description,
		Subjects:               []string{"$KV." + cfg.Bucket + ".>"},
		MaxMsgsPerSubject:      max(1, int64(cfg.History)),
		MaxBytes:               cmp.Or(cfg.MaxBytes, -1),
		MaxAge:                 cfg.TTL,
		MaxMsgSize:             cmp.Or(cfg.MaxValueSize, -1),
		Storage:                cfg.Storage,
		Replicas:               max(1, cfg.Replicas),
		Placement:              cfg.Placement,
		AllowRollup:            true,
		DenyDelete:             true,
		Duplicates:             2 * time.Minute,
		MaxMsgs:                -1,
		MaxConsumers:           -1,
		RePublish:              cfg.RePublish,
		Discard:                jetstream.DiscardNew,
		AllowMsgTTL:            cfg.LimitMarkerTTL > 0,
		SubjectDeleteMarkerTTL: cfg.LimitMarkerTTL,
		Metadata:               cfg.Metadata,
	}
	if cfg.TTL > 0 {
		s.Duplicates = min(s.Duplicates, cfg.TTL)
	}
	if cfg.Compression {
		s.Compression = jetstream.S2Compression
	}
	return s
}

// unfit returns why the stream is not fit to be the store that cfg asks for, or nil.
func unfit(is jetstream.StreamConfig, cfg jetstream.KeyValueConfig) error {
	switch {
	case is.AllowDirect:
		return fmt.Errorf("lets any replica answer reads, so that a read may miss a write that was acknowledged before: "+
			"open it WithMend, or run: nats stream edit %s --no-allow-direct", is.Name)
	case is.Mirror != nil || len(is.Sources) > 0:
		return errors.New("has a mirror or sources, whose messages overwrite records: take another bucket")
	case is.SubjectTransform != nil || is.AllowMsgCounter || is.Sealed:
		return errors.New("changes or refuses what is written (SubjectTransform, AllowMsgCounter or Sealed): take another bucket")
	case is.NoAck || is.PersistMode != jetstream.DefaultPersistMode:
		return errors.New("acknowledges writes before they are kept, or never (NoAck or PersistMode): turn that off")
	case is.Retention != jetstream.LimitsPolicy:
		return errors.New("drops what was consumed (Retention): take another bucket")
	case (is.MaxBytes > 0 || is.MaxMsgs > 0) && is.Discard != jetstream.DiscardNew:
		return errors.New("drops its oldest records when it is full (Discard): set DiscardNew, so that it refuses new ones")
	case is.MaxAge != cfg.TTL:
		return fmt.Errorf("drops records after %v, but the TTL that was asked for is %v (0 keeps them)", is.MaxAge, cfg.TTL)
	case is.Storage != cfg.Storage:
		return fmt.Errorf("has the storage %v, but %v was asked for", is.Storage, cfg.Storage)
	case is.Replicas < cfg.Replicas:
		return fmt.Errorf("has %d replicas, but %d were asked for: run: nats stream edit %s --replicas %[2]d", is.Replicas, cfg.Replicas, is.Name)
	}
	return nil
}

// subject returns the subject of a key in the stream. A token * stands for all of them.
func (b *bucket) subject(token string) string { return "$KV." + b.name + "." + b.prefix + token }

// writeSubject returns the subject to which a key is written.
func (b *bucket) writeSubject(token string) string { return b.apart + b.subject(token) }
