// This file writes a state as the fragment of a link, and reads it. A State comes in and a
// text like "tag=weak&method=PUT" goes out, and the reverse. Only what is not the default is
// written.

package play

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a link: more is not a state that somebody chose on the page.
const (
	maxLink   = 64 << 10
	maxFields = 50
)

// Link returns the fragment that leads to the state. [Parse] reads it.
func (s State) Link() string {
	var b strings.Builder
	add := func(name, value, unset string) {
		if value == unset {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name + "=" + escape(value))
	}
	for _, setting := range Settings {
		add(setting.Name, *setting.of(&s), setting.Default())
	}
	add("method", s.Method, defaultMethod)
	add("path", s.Path, defaultPath)
	for _, f := range s.Fields {
		add("field", f.Name+": "+f.Value, "")
	}
	add("content", s.Content, "")
	return b.String()
}

// escape escapes a value of a link. What is legible and safe in a fragment stays.
func escape(s string) string {
	return readable.Replace(url.QueryEscape(s))
}

var readable = strings.NewReplacer("%2F", "/", "%3A", ":", "%2C", ",", "%2A", "*", "%40", "@", "%3F", "?")

// Parse reads the fragment of a link, with or without its #. The error says what is wrong, in
// words for the page.
func Parse(link string) (State, error) {
	link = strings.TrimPrefix(link, "#")
	if len(link) > maxLink {
		return New(), fmt.Errorf("the link has %d bytes; at most %d can be read", len(link), maxLink)
	}
	values, err := url.ParseQuery(link)
	if err != nil {
		return New(), fmt.Errorf("the link cannot be read: %w", err)
	}
	s := New()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := s.set(name, values[name]); err != nil {
			return New(), err
		}
	}
	return s, nil
}

// set takes over one name of a link.
func (s *State) set(name string, values []string) error {
	if name == "field" {
		return s.setFields(values)
	}
	if len(values) != 1 {
		return fmt.Errorf("the link says %s %d times", name, len(values))
	}
	value := values[0]
	if !utf8.ValidString(value) {
		return fmt.Errorf("%s in the link is not text", name)
	}
	switch name {
	case "method":
		if !isToken(value) {
			return fmt.Errorf("%q is not a method: a method is one word", value)
		}
		s.Method = value
	case "path":
		if !strings.HasPrefix(value, "/") || strings.ContainsFunc(value, isControlOrSpace) {
			return fmt.Errorf("%q is not a path: a path begins with /, and does not have a space", value)
		}
		s.Path = value
	case "content":
		s.Content = value
	default:
		i := slices.IndexFunc(Settings, func(s Setting) bool { return s.Name == name })
		if i < 0 {
			return fmt.Errorf("the link says %q, which this page does not know", name)
		}
		return s.choose(Settings[i], value)
	}
	return nil
}

func isControl(r rune) bool        { return r < ' ' && r != '\t' || r == 0x7f }
func isControlOrSpace(r rune) bool { return isControl(r) || r == ' ' || r == '\t' }

// isToken reports whether the text can be a method or the name of a field (RFC 9110, 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r)
	})
}

// choose sets a setting.
func (s *State) choose(setting Setting, value string) error {
	switch {
	case setting.Set:
		set, err := setting.ordered(value)
		*setting.of(s) = set
		return err
	case len(setting.Options) == 0:
		if _, err := time.Parse(dateForm, value); value != "" && err != nil {
			return fmt.Errorf("%s is %q, which is not a date like %s", setting.Name, value, setting.unset)
		}
	case !setting.has(value):
		return setting.unknown(value)
	}
	*setting.of(s) = value
	return nil
}

const dateForm = "2006-01-02T15:04:05"

// ordered returns the names of a set, each once, in the order of the options.
func (s Setting) ordered(value string) (string, error) {
	names := strings.Split(value, ",")
	if value == "" {
		names = nil
	}
	for _, name := range names {
		if !s.has(name) {
			return "", s.unknown(name)
		}
	}
	var set []string
	for _, o := range s.Options {
		if slices.Contains(names, o.Name) {
			set = append(set, o.Name)
		}
	}
	return strings.Join(set, ","), nil
}

func (s Setting) unknown(value string) error {
	var names []string
	for _, o := range s.Options {
		names = append(names, o.Name)
	}
	return fmt.Errorf("%s is %q; it can be %s", s.Name, value, strings.Join(names, ", "))
}

// setFields takes over the fields of the request, each as "Name: value".
func (s *State) setFields(lines []string) error {
	if len(lines) > maxFields {
		return fmt.Errorf("the link has %d fields; at most %d can be read", len(lines), maxFields)
	}
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case !ok || !isToken(name):
			return fmt.Errorf("%q is not a field like If-Match: *", line)
		case !utf8.ValidString(value) || strings.ContainsFunc(value, isControl):
			return fmt.Errorf("the value of the field %s has a control character", name)
		}
		s.Fields = append(s.Fields, Field{name, value})
	}
	return nil
}
