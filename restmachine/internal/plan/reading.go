package plan

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
)

// This file looks at the types that callbacks read, whatever part of the request they are read
// from. In comes such a type. Out comes what its values have to pass, and the fault of one that
// cannot be validated. Out come reports of what its author wrote and nobody reads: a Validate that
// is never called, and tags.

// A reading is a type that is read.
type reading struct {
	by      string // the callback that was bound first
	parts   []Part
	content bool // it is read from content, as JSON
	parsed  bool // it is read from content by an Accepts, which may read any tag
}

// checks are what values of type t have to pass, which a callback reads from a part of the
// request. A type that the App cannot validate is a fault.
func (b *binder) checks(t reflect.Type, from Part, asJSON bool) validate.Checks {
	r := b.read[t]
	if r == nil {
		r = &reading{by: b.chain[len(b.chain)-1].String()}
		b.read[t] = r
		for _, check := range b.TypeChecks {
			if err := check(t); err != nil {
				b.fault("%s cannot be validated: %v", t, err)
			}
		}
		if method := validate.Misspelt(t); method != "" {
			b.report(declare.Notice, "%s takes %s, whose method %s is never called; write it as Validate() error", b.caller(), t, method)
		}
	}
	r.parts = declare.Union(r.parts, []Part{from})
	r.content = r.content || asJSON
	r.parsed = r.parsed || from == BodyPart && !asJSON
	return append(validate.Of(t), b.Validators...)
}

// reportStrays reports the tags of types that are read which nobody reads.
func (c *compiler) reportStrays() {
	from := func(t reflect.Type, place string) bool {
		for read, r := range c.read {
			if validate.Base(read) == t && slices.ContainsFunc(r.parts, func(p Part) bool {
				text, ok := texts[p]
				return ok && text.place.String() == place
			}) {
				return true
			}
		}
		return false
	}
	type cause struct {
		owner reflect.Type
		why   validate.Why
	}
	tags, by := map[cause][]string{}, map[cause]string{}
	byName := func(t, u reflect.Type) int { return cmp.Compare(c.read[t].by+t.String(), c.read[u].by+u.String()) }
	for _, t := range slices.SortedFunc(maps.Keys(c.read), byName) {
		reads := validate.Reading{From: from, Content: c.read[t].content, Parsed: c.read[t].parsed, Validated: len(c.Validators)+len(c.TypeChecks) > 0}
		for _, s := range reads.Strays(t) {
			of := cause{s.Owner, s.Why}
			tags[of] = declare.Union(tags[of], []string{"`" + s.Tag + "` of " + s.Field})
			by[of] = cmp.Or(by[of], c.read[t].by)
		}
	}
	for of, all := range tags {
		severity := declare.Risk
		if of.why == validate.NoOption {
			severity = declare.Notice
		}
		c.report(severity, "%s reads %s, and nobody reads %s: %s", by[of], of.owner, declare.Few(all), fmt.Sprintf(strayTags[of.why], of.owner))
	}
}

// strayTags say why nobody reads a tag, and what to do. They are given the type.
var strayTags = [...]string{
	validate.NoDefault: "a default is for what is read as Query, Header or Cookie, and JSON leaves such a field empty; set the value in an UnmarshalJSON of %s, or in the handler",
	validate.NotTagged: "a field is read by a tag path, query, header or cookie, and there is none; add one, or remove the default of %s",
	validate.NoPlace:   "no callback takes %[1]s as the Path, Query, Header or Cookie that they name; take restmachine.Query[%[1]s], or another one, beside the content, or remove the tags",
	validate.NoCheck:   "the App does not have a validator of tags, so %s is not validated; add one by WithValidator, as contrib/validator does, or give the type a Validate() error",
	validate.NoOption:  "JSON does not know these options; remove them, and check the value in a Validate() error of %s",
}
