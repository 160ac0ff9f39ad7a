package plan

import (
	"slices"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file is about the numbers of variants: which comes first, and which coding is none.

// offering is a path that offers languages, charsets and encodings. gzip can be made.
func offering(languages, charsets, encodings []string) *Path {
	p := &Path{Settings: declare.Effective([]*declare.Place{{Settings: declare.Settings{Languages: languages, Charsets: charsets, Encodings: encodings}}})}
	p.Codings, _ = p.Settings.Codings()
	return p
}

var (
	oneMedia = []Offer{{Media: "text/html"}}
	twoMedia = []Offer{{Media: "text/html"}, {Media: `text/csv; header="present"`}}
)

func TestVariantsOf(t *testing.T) {
	for _, row := range []struct {
		name   string
		path   *Path
		offers []Offer
		want   []string // suffixes
	}{
		{"nothing offered", offering(nil, nil, nil), nil, []string{""}},
		{"one media type", offering(nil, nil, nil), oneMedia, []string{""}},
		{"two media types", offering(nil, nil, nil), twoMedia, []string{"", "text/csv;header=present"}},
		{"identity before any coding", offering(nil, nil, []string{"gzip"}), oneMedia, []string{"", "gzip"}},
		{"identity by name", offering(nil, nil, []string{"identity", "gzip"}), oneMedia, []string{"", "gzip"}},
		{"a coding that cannot be made", offering(nil, nil, []string{"br"}), oneMedia, []string{""}},
		{"languages times codings", offering([]string{"en", "no"}, nil, []string{"gzip"}), oneMedia, []string{"", "gzip", "no", "no;gzip"}},
		{"charsets", offering(nil, []string{"utf-8", "latin1"}, nil), oneMedia, []string{"", "latin1"}},
		{"a language with the name of a coding", offering([]string{"en", "gzip"}, nil, []string{"gzip"}), oneMedia, []string{"", "coding=gzip", "gzip", "gzip;coding=gzip"}},
	} {
		variants := row.path.VariantsOf(row.offers)
		var got []string
		for _, v := range variants {
			got = append(got, v.Suffix)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: suffixes %q, want %q", row.name, got, row.want)
		}
		if variants[0].Choice != row.path.DefaultChoice() {
			t.Errorf("%s: the first variant is %v, and the default %v", row.name, variants[0].Choice, row.path.DefaultChoice())
		}
	}
}

func TestDefaultChoiceIsNotCoded(t *testing.T) {
	for _, encodings := range [][]string{nil, {"gzip"}, {"identity"}, {"gzip", "identity"}} {
		p := offering(nil, nil, encodings)
		for _, c := range []Choice{p.DefaultChoice(), p.DefaultChoice().Rendition(), {Coding: Uncoded}} {
			if got := p.Coding(c); got != "" {
				t.Errorf("%q: the coding of %v is %q", encodings, c, got)
			}
		}
	}
	if got := offering(nil, nil, []string{"gzip"}).Coding(Choice{}); got != "gzip" {
		t.Errorf("the first coding is %q, want gzip", got)
	}
}
