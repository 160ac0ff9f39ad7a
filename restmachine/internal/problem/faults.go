package problem

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/restmachine/internal/pointer"
)

// This file gathers what is wrong with a value. In come errors, each with where it is in the
// value. Out come one error, and what a client may see of it. The public type Invalid stands
// on it, and so does what the library finds by itself.

// maxFaults is how many faults are kept. More are counted: their content is a client's, and
// the answer should not be larger than that.
const maxFaults = 100

// Faults are what is wrong with a value. The zero value is none. *Faults is an error.
type Faults struct {
	list []fault
	more int // beyond maxFaults
}

type fault struct {
	pointer, detail string
	err             error // what detail is the text of, where it was one
}

// Add adds a fault of the part of the value that a pointer leads to.
func (f *Faults) Add(at, detail string) { f.add(fault{pointer.Of(at), detail, nil}) }

func (f *Faults) add(one fault) {
	if len(f.list) == maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, one)
}

// At adds what an error says of the part of the value that a pointer leads to. Faults in it
// are added one by one, each below that pointer.
func (f *Faults) At(at string, err error) { f.at(pointer.Of(at), err) }

func (f *Faults) at(at string, err error) {
	switch e := err.(type) {
	case nil:
		return
	case *Faults:
		for _, one := range e.list {
			f.add(fault{at + one.pointer, one.detail, one.err})
		}
		f.more += e.more
		return
	case interface{ Unwrap() []error }:
		if parts := e.Unwrap(); holdsFaults(err) || isJoined(err, parts) {
			for _, part := range parts {
				f.at(at, part)
			}
			return
		}
	case interface{ Unwrap() error }:
		if holdsFaults(err) {
			f.at(at, e.Unwrap())
			return
		}
	}
	f.add(fault{at, err.Error(), err})
}

func holdsFaults(err error) bool {
	inner := (*Faults)(nil)
	return errors.As(err, &inner)
}

// isJoined reports whether an error says what its parts say, as errors.Join makes it.
func isJoined(err error, parts []error) bool {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = part.Error()
	}
	return err.Error() == strings.Join(texts, "\n")
}

// Len is the number of faults.
func (f *Faults) Len() int { return len(f.list) + f.more }

// Error is all that is kept, in one line.
func (f *Faults) Error() string {
	texts := make([]string, 0, len(f.list)+1)
	for _, one := range f.list {
		texts = append(texts, one.text())
	}
	if f.more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", f.more))
	}
	return strings.Join(texts, "; ")
}

func (f *fault) text() string {
	if f.pointer == "" {
		return f.detail
	}
	return f.pointer + ": " + f.detail
}

// Unwrap are the errors that were added.
func (f *Faults) Unwrap() []error {
	var all []error
	for _, one := range f.list {
		if one.err != nil {
			all = append(all, one.err)
		}
	}
	return all
}

// A Field is a fault as a client sees it: the public FieldError.
type Field struct {
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail"`
}

// Fields are the faults as a client sees them: of content by a pointer into it, and else by
// the name of a parameter. Their texts are shortened.
func (f *Faults) Fields(ofContent bool) []Field {
	all := make([]Field, len(f.list))
	for i, one := range f.list {
		all[i].Detail = shorten(one.detail)
		if ofContent {
			all[i].Pointer = shorten(pointer.Fragment(one.pointer))
		} else {
			all[i].Parameter = shorten(pointer.First(one.pointer))
		}
	}
	return all
}

// String is the field for people.
func (f Field) String() string {
	at := f.Pointer + f.Parameter
	if at == "" {
		return f.Detail
	}
	return at + ": " + f.Detail
}

// Detail is what a Problem of the faults says in one sentence, beside their fields. whole names
// what they are in.
func (f *Faults) Detail(whole string, fields []Field) string {
	switch {
	case f.more > 0:
		return fmt.Sprintf("%s has %d errors; the first %d are listed", whole, f.Len(), len(f.list))
	case len(f.list) > 1:
		return fmt.Sprintf("%s has %d errors", whole, len(f.list))
	}
	return strings.TrimPrefix(fields[0].String(), "#")
}

// Whole is the text of the only fault, where that is about the value as a whole. There is
// nothing to list then.
func (f *Faults) Whole() (text string, ok bool) {
	if f.Len() == 1 && f.list[0].pointer == "" {
		return f.list[0].detail, true
	}
	return "", false
}

// shorten cuts a text at a length that 100 of them may have in an answer.
func shorten(text string) string {
	const longest = 300
	if len(text) <= longest {
		return text
	}
	end := longest
	for end > longest-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
