package declare

import (
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is what can be set beside facts. In come the settings of a chain of
// places. Out come the settings that hold at its nearest place.

// Strength says how AutoETag makes tags (RFC 9110, 8.8.1). The numbers are those
// of the public type.
type Strength uint8

// The strengths.
const (
	NoTags Strength = iota
	StrongTags
	WeakTags
)

// Settings are what was set at one place. The zero value sets nothing.
type Settings struct {
	Languages, Charsets, Encodings []string
	Encoders                       map[string]func(io.Writer) io.WriteCloser
	AutoETag                       Strength
	Required                       []string // by RequirePreconditions: these methods; empty: all writes but POST; nil: not set
	MaxBody                        int64
	Mapped                         []Mapping
	Problems                       []Refusal // by Problems
	Fields                         []Field   // by Field
	Sharing                        *Sharing  // by Share
}

// A Sharing says which fields let pages of other origins see what a place answers.
type Sharing struct {
	By     string // what the user called, for messages
	Fields func(origin, methods string) http.Header
	Site   string
}

// A Mapping is one MapError, or one MapErrorAs.
type Mapping struct {
	From, To error
	As       *wire.Func // of a MapErrorAs, instead of From and To: a func(E) error
	Site     string
}

// A Refusal is one of the problems that Problems told, which callbacks refuse with.
type Refusal struct {
	Problem error
	Status  int
	Site    string
}

// A Field is a response field that Field told, which answers carry.
type Field struct {
	Name, Doc string
	Statuses  []int // none: those of all answers
	Site      string
}

// String names the field for messages: as it was told.
func (f Field) String() string {
	text := "Field " + f.Name
	for _, status := range f.Statuses {
		text += " " + strconv.Itoa(status)
	}
	return text
}

// Overlaps reports whether two fields of one name are told of the same answers.
func (f Field) Overlaps(with Field) bool {
	return strings.EqualFold(f.Name, with.Name) && (len(f.Statuses) == 0 && len(with.Statuses) == 0 ||
		slices.ContainsFunc(f.Statuses, func(status int) bool { return slices.Contains(with.Statuses, status) }))
}

// String names the mapping for messages.
func (m Mapping) String() string {
	if m.As != nil {
		return fmt.Sprintf("MapErrorAs %s by %s", m.As.In[0], m.As.Name)
	}
	return fmt.Sprintf("MapError %q to %q", m.From, m.To)
}

// DefaultMaxBody is the greatest length of request content, in bytes, where no
// MaxBody is set.
const DefaultMaxBody = 1 << 20

// builtIn are the encoders that nobody has to give.
var builtIn = map[string]func(io.Writer) io.WriteCloser{"gzip": newGzip}

func newGzip(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }

// Effective folds the settings of a chain of places, nearest first, into those
// that hold at its nearest place.
func Effective(chain []*Place) Settings {
	s := Settings{Encoders: builtIn}
	for _, p := range chain {
		near := p.Settings
		if s.Languages == nil {
			s.Languages = near.Languages
		}
		if s.Charsets == nil {
			s.Charsets = near.Charsets
		}
		if s.Encodings == nil {
			s.Encodings = near.Encodings
		}
		if s.AutoETag == NoTags {
			s.AutoETag = near.AutoETag
		}
		if s.MaxBody == 0 {
			s.MaxBody = near.MaxBody
		}
		if s.Sharing == nil {
			s.Sharing = near.Sharing
		}
		if s.Required == nil {
			s.Required = near.Required
		}
		s.Mapped = append(s.Mapped, near.Mapped...)
		s.Problems = append(s.Problems, near.Problems...)
		s.Fields = append(s.Fields, near.Fields...)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		near := chain[i].Settings.Encoders
		if len(near) > 0 {
			s.Encoders = maps.Clone(s.Encoders)
		}
		for name, e := range near {
			s.Encoders[strings.ToLower(name)] = e
		}
	}
	if s.MaxBody == 0 {
		s.MaxBody = DefaultMaxBody
	}
	return s
}

// Codings are the content codings that can be made, identity last. unmade are
// those that were named and do not have an encoder.
func (s Settings) Codings() (offered, unmade []string) {
	for _, name := range s.Encodings {
		name = strings.ToLower(name)
		switch {
		case name == "identity":
		case s.Encoders[name] == nil:
			unmade = append(unmade, name)
		default:
			offered = append(offered, name)
		}
	}
	if len(offered) > 0 {
		offered = append(offered, "identity")
	}
	return offered, unmade
}

// validMedia reports whether media is a media type or, where ranges is set, a
// media range.
func validMedia(media string, ranges bool) bool {
	typ, _, _ := strings.Cut(media, ";")
	return negotiate.Match("*/*", media) && (ranges || !strings.Contains(typ, "*"))
}
