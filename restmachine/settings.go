package restmachine

import (
	"io"
	"maps"
	"reflect"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
)

// Strength says how AutoETag tags: Strong or Weak (RFC 9110, 8.8.1).
type Strength uint8

const (
	off Strength = iota
	// Strong tags change with every byte of the content.
	Strong
	// Weak tags do, too, but promise only equivalence, and so never satisfy
	// If-Match.
	Weak
)

// settings are what was set at one place; the zero value says nothing.
type settings struct {
	languages, charsets, encodings []string
	encoders                       map[string]func(io.Writer) io.WriteCloser
	autoETag                       Strength
	required                       bool
	maxBody                        int64
	mapped                         []mapping
}

// set sets one of the settings at a place. Of what one Resource was given through
// two Scopes neither undoes the other: a limit would be off, and nobody told.
func set[T any](f *Facts, name string, setting *T, to T) {
	p, at := f.place, f.open(name)
	if was, ok := p.set[name]; ok && was.scope != f.scope && !reflect.DeepEqual(*setting, to) {
		p.app.declared.add(at, "%s of %s is set here through %s, and at %s through %s; set it once",
			name, p, f.scope, was.site, was.scope)
	}
	if p.set == nil {
		p.set = map[string]way{}
	}
	p.set[name] = way{f.scope, at}
	*setting = to
}

// mapping is one MapError.
type mapping struct {
	from, to error
	site     string
}

const defaultMaxBody = 1 << 20

// builtIn are the encoders that need not be given.
var builtIn = map[string]func(io.Writer) io.WriteCloser{"gzip": newGzip}

// settled folds the settings of a chain of places, nearest first, into those
// that hold.
func settled(chain []*place) settings {
	s := settings{encoders: builtIn}
	for _, p := range chain {
		near := p.settings
		if s.languages == nil {
			s.languages = near.languages
		}
		if s.charsets == nil {
			s.charsets = near.charsets
		}
		if s.encodings == nil {
			s.encodings = near.encodings
		}
		if s.autoETag == off {
			s.autoETag = near.autoETag
		}
		if s.maxBody == 0 {
			s.maxBody = near.maxBody
		}
		s.required = s.required || near.required
		s.mapped = append(s.mapped, near.mapped...)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		near := chain[i].settings.encoders
		if len(near) > 0 {
			s.encoders = maps.Clone(s.encoders)
		}
		for name, e := range near {
			s.encoders[strings.ToLower(name)] = e
		}
	}
	if s.maxBody == 0 {
		s.maxBody = defaultMaxBody
	}
	return s
}

// codings are the codings that can be made, identity last; unmade are those
// that were named and have no encoder.
func (s settings) codings() (offered, unmade []string) {
	for _, name := range s.encodings {
		name = strings.ToLower(name)
		switch {
		case name == "identity":
		case s.encoders[name] == nil:
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

func validMedia(media string, ranges bool) bool {
	typ, _, _ := strings.Cut(media, ";")
	return negotiate.Match("*/*", media) && (ranges || !strings.Contains(typ, "*"))
}
