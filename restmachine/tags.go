package restmachine

import (
	"reflect"
	"slices"

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
	if i, ok := x.offerFor(r); x.hashes(r) && (ok || !x.plan.reads()) {
		var c content
		tag, err := x.hashOf(r, i, &c)
		if r.content == nil && c.bytes != nil {
			r.made = c // it is what is sent
			r.content = &r.made
		}
		return tag, err
	}
	return "", nil
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

// tagMatches reports whether match holds for the current entity-tag: on a GET that
// of the variant that was chosen (RFC 9110, 13.1.1), else that of any, since which
// one a client has is not for its Accept of today to say.
func (x *exchange) tagMatches(match func(conditional.ETag) bool) (bool, error) {
	r := x.current()
	tag, err := x.selectedTag(r)
	if err != nil || tag == "" || r.single || x.plan.reads() {
		return err == nil && tag != "" && match(tag), err
	}
	variants := x.plan.variants
	if x.plan.offered == nil && r.typ != nil {
		variants = x.plan.variantsOf(x.plan.offersOf(r.typ))
	}
	for _, v := range variants {
		tag, err := x.tagOf(r, v.choice)
		if err != nil {
			return false, err
		}
		if tag != "" && match(tag.WithSuffix(v.suffix)) {
			return true, nil
		}
	}
	return false, nil
}

var selectedType = reflect.TypeFor[Selected]()

// tagOf is the tag of a variant of r, before its suffix: that of r, unless each
// variant is hashed. What a GET that looks at Selected returns is another for each.
func (x *exchange) tagOf(r *representation, c choice) (conditional.ETag, error) {
	if !r.hashed {
		return r.tag, nil
	}
	chosen := x.chosen
	defer func() { x.chosen = chosen }()
	x.chosen = c
	if get := x.plan.get; slices.Contains(get.fn.In, selectedType) {
		value, _, err := get.call(x)
		if err != nil {
			if absent(x.statusOf(err)) {
				err = nil // there is no such variant
			}
			return "", err
		}
		r = x.represent(get, value)
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
