package restmachine

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file finds entity-tags: what a fact says, what the handler set, or a hash;
// with a suffix for each variant, so that no two share a strong tag (RFC 9110,
// 8.8.3.3).

// entityTag is the tag of r, before the suffix of a variant; "" where it has
// none. It is asked for once.
func (x *exchange) entityTag(r *representation) (conditional.ETag, error) {
	if !r.tagged {
		r.tag, r.tagErr = x.askTag(r)
		r.tagged, r.single = true, x.single(r)
	}
	return r.tag, r.tagErr
}

func (x *exchange) askTag(r *representation) (conditional.ETag, error) {
	if own := r.field("Etag"); own != "" {
		return conditional.Quote(own)
	}
	d := r.facts.of(kindETag)
	if d == nil {
		return x.findTag(r)
	}
	said, err := x.askText(kindETag, r)
	if err != nil {
		return "", err
	}
	if sent := x.sentTag(); isQuoted(sent, said) {
		return conditional.ETag(sent), nil // most tags are asked about by those that have them
	}
	tag, err := x.m.tags.quote(said)
	if err != nil {
		err = d.failed(err)
	}
	return tag, err
}

// findTag is the tag of r where no fact says it: the value brings it, or it is made.
func (x *exchange) findTag(r *representation) (conditional.ETag, error) {
	if f, ok := r.value.(interface{ ETag() ETag }); ok && isStream(reflect.TypeOf(r.value)) {
		return f.ETag(), nil
	}
	if !x.hashes(r) {
		return "", nil
	}
	i, ok := x.offerFor(r)
	if !ok && x.plan.reads() {
		return "", nil
	}
	var c content
	tag, err := x.hashOf(r, i, &c)
	if r.content == nil && err == nil {
		r.made = c // it is what is sent
		r.content = &r.made
	}
	return tag, err
}

// hashes reports whether AutoETag makes the tag of r.
func (x *exchange) hashes(r *representation) bool {
	return x.plan.auto != off && r.facts.of(kindETag) == nil && r.field("Etag") == "" &&
		r.value != nil && !isStream(reflect.TypeOf(r.value)) && r.typ == x.shownType() && !(isPost(x.plan) && r == x.att.result)
}

// sentTag is the tag that the client's precondition has, "" where it has no one
// tag.
func (x *exchange) sentTag() string {
	if !x.preRead {
		return ""
	}
	list := &x.pre.IfNoneMatch
	if !list.Present() {
		list = &x.pre.IfMatch
	}
	if !list.IsTag() {
		return ""
	}
	return list.Lines()[0]
}

// hashOf is the tag of AutoETag: a hash of r as its i-th offer, which is rendered
// into c. The suffix tells codings apart, and variants that come to the same.
func (x *exchange) hashOf(r *representation, i int, c *content) (conditional.ETag, error) {
	if err := x.renderAs(r, i, c); err != nil || c.bytes == nil {
		return "", err // it may have turned out to be a stream
	}
	r.hashed = true
	tag := conditional.ETag(hashBytes(c.bytes))
	if x.plan.auto == Weak {
		tag = tag.Weak()
	}
	return tag, nil
}

// tagMatches compares a list with the current entity-tag: on a GET with that of the
// variant that was chosen (RFC 9110, 13.1.1), else with that of any, since which one a
// client has is not for its Accept of today to say.
func (x *exchange) tagMatches(list *conditional.List, strongly bool) (bool, error) {
	r, match := x.current(), list.Weak
	if strongly {
		match = list.Strong
	}
	tag, err := x.selectedTag(r)
	switch {
	case err != nil || tag == "":
		return false, err
	case r.single || x.plan.reads():
		return match(tag), nil
	case strongly && tag.IsWeak():
		return false, nil
	}
	tag, at := r.tag, x.chosen.rendition()
	at.media, _ = x.offerFor(r)
	for _, v := range x.variantsOf(r) {
		if r.hashed && !mentions(list, v.suffix) {
			continue
		}
		if r.hashed && at != v.rendition() {
			if tag, err = x.hashOfVariant(r, v.choice); err != nil {
				return false, err
			}
			at = v.rendition()
		}
		if tag != "" && match(tag.WithSuffix(v.suffix)) {
			return true, nil
		}
	}
	return false, nil
}

// variantsOf are the variants of r.
func (x *exchange) variantsOf(r *representation) []variant {
	if x.plan.offered == nil && r.typ != nil {
		return x.plan.variantsOf(x.plan.offersOf(r.typ))
	}
	return x.plan.variants
}

// mentions reports whether a list may have a tag with a suffix: what no tag has need not
// be rendered.
func mentions(list *conditional.List, suffix string) bool {
	return slices.ContainsFunc(list.Lines(), func(line string) bool { return strings.Contains(line, suffix) })
}

var selectedType = reflect.TypeFor[Selected]()

// hashOfVariant is the hash of another variant of r than the one that was chosen; ""
// where there is no such variant. What a GET that takes Selected returns is another
// value for each.
func (x *exchange) hashOfVariant(r *representation, c choice) (conditional.ETag, error) {
	chosen, start := x.chosen, x.json.buffer.Len()
	defer func() {
		x.chosen = chosen
		x.json.truncate(start)
	}()
	x.chosen = c
	if get := x.plan.get; slices.Contains(get.fn.In, selectedType) {
		value, err := x.handle(get)
		if err != nil {
			if x.statusOf(err) < http.StatusInternalServerError {
				err = nil
			}
			return "", err
		}
		other := x.represent(get, value)
		if other.value == nil || other.ends(http.MethodGet) || c.media >= len(x.plan.offersOf(other.typ)) {
			return "", nil
		}
		r = other
	}
	return x.hashOf(r, c.media, new(content))
}

// selectedTag is the tag of the variant of r that was chosen.
func (x *exchange) selectedTag(r *representation) (conditional.ETag, error) {
	tag, err := x.entityTag(r)
	if err != nil || tag == "" || r.single {
		return tag, err
	}
	return tag.WithSuffix(x.suffix(r)), nil
}
