package plan

import (
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file numbers the representations that a value can have: media types, times languages,
// charsets and codings. In comes what the path offers. Out come its Variants, and what each
// adds to the entity-tag.

// A Choice is what the negotiation chose, as indices into what is offered. Where nothing is
// offered the index is 0, but Coding is Uncoded: see [Path.DefaultChoice].
type Choice struct{ Media, Language, Charset, Coding int }

// Uncoded is the Coding of a Choice without a content coding.
const Uncoded = -1

// Rendition is the choice before content is coded. What is rendered does not depend on the
// coding.
func (c Choice) Rendition() Choice {
	c.Coding = Uncoded
	return c
}

// DefaultChoice is what is chosen where a request does not choose: the first of everything, and
// identity.
func (p *Path) DefaultChoice() Choice { return Choice{Coding: p.identity()} }

// identity is the index of the coding identity, which is the last of Codings. It is Uncoded
// where there are none.
func (p *Path) identity() int { return len(p.Codings) - 1 }

// Coding is the content coding of a choice, "" for identity.
func (p *Path) Coding(c Choice) string {
	if c.Coding >= 0 && c.Coding < p.identity() {
		return p.Codings[c.Coding]
	}
	return ""
}

// settleCodings finds which codings the path offers. Where its GET returns a file, codings that
// were named for the whole App alone are not offered: the file keeps its length and its ranges.
func (p *Path) settleCodings() {
	for _, at := range p.places {
		if _, set := at.Set["Encodings"]; set {
			p.NamesCodings = at.Level != declare.OnApp
			break
		}
	}
	if p.Get == nil || p.NamesCodings || !keepsLength(p.Get.Result) || len(p.offers[p.Get.Result]) > 0 {
		p.Codings, _ = p.Settings.Codings()
	}
}

// keepsLength reports whether a value of type t is sent with a length and in ranges: a file, or
// what can seek.
func keepsLength(t reflect.Type) bool {
	return t != nil && (t.Implements(fileType) || t.Implements(declare.SeekerType))
}

// KeepsLength is keepsLength for what is sent as it is, bytes too: a Range may be asked of it.
func (p *Path) KeepsLength(t reflect.Type) bool {
	return keepsLength(t) || t == declare.BytesType
}

// IsFile reports whether values of type t are files, which bring validators of their own.
func (p *Path) IsFile(t reflect.Type) bool { return t != nil && t.Implements(fileType) }

// A Variant is one of the representations that a value has, and what it adds to its entity-tag.
type Variant struct {
	Choice
	Suffix string
}

// VariantsOf are all variants. The first is the default, whose suffix is "".
func (p *Path) VariantsOf(offers []Offer) []Variant {
	var all []Variant
	for media := range max(len(offers), 1) {
		for language := range max(len(p.Languages), 1) {
			for charset := range max(len(p.Charsets), 1) {
				c := Choice{media, language, charset, p.identity()}
				all = append(all, Variant{c, p.SuffixOf(offers, c)})
				for c.Coding--; c.Coding >= 0; c.Coding-- {
					all = append(all, Variant{c, p.SuffixOf(offers, c)})
				}
			}
		}
	}
	return all
}

// SuffixOf is what tells the tag of a variant from the tag of the default. A coding that has
// the name of a language, such as br, is marked as a coding.
func (p *Path) SuffixOf(offers []Offer, c Choice) string {
	s := ""
	if c.Media > 0 {
		s = bareMedia(offers[c.Media].Media)
	}
	if c.Language > 0 {
		s = Join(s, p.Languages[c.Language])
	}
	if c.Charset > 0 {
		s = Join(s, p.Charsets[c.Charset])
	}
	if coding := p.Coding(c); coding != "" {
		if slices.Contains(p.Languages, coding) || slices.Contains(p.Charsets, coding) {
			coding = "coding=" + coding
		}
		s = Join(s, coding)
	}
	return s
}

// Join joins names by a semicolon. Either may be "".
func Join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ";" + b
}

// bareMedia is a media type as the name of a variant, without spaces and quotes.
func bareMedia(media string) string { return unquoted.Replace(media) }

var unquoted = strings.NewReplacer(" ", "", "\t", "", `"`, "")
