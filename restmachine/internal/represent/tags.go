package represent

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file finds entity-tags and compares them. A tag is what a fact says, what the
// handler set, or a hash. Each variant adds a suffix, so that no two share a strong tag
// (RFC 9110, 8.8.3.3).

// Tag is the entity-tag of the variant of r that was chosen; "" where it has none. A coding
// that would not pay is not made, and so is not in the tag: r is rendered to find out.
func (rs *Representations) Tag(r *Representation) (conditional.ETag, error) {
	tag, err := rs.baseTag(r)
	if err != nil || tag == "" || r.oneTag {
		return tag, err
	}
	coding, err := rs.codingFor(r)
	if err != nil {
		return "", err
	}
	return tag.WithSuffix(rs.suffix(r, coding != "")), nil
}

// baseTag is the tag of r before the suffix of a variant. It is asked for once.
func (rs *Representations) baseTag(r *Representation) (conditional.ETag, error) {
	if !r.tagged {
		if rs.x.Plan.Apart && r == rs.current {
			rs.x.AsGet(func() { r.tag, r.tagErr = rs.askTag(r) })
		} else {
			r.tag, r.tagErr = rs.askTag(r)
		}
		r.tagged, r.oneTag = true, len(rs.x.Plan.Variants) == 1 && r.negotiated
	}
	return r.tag, r.tagErr
}

func (rs *Representations) askTag(r *Representation) (conditional.ETag, error) {
	if r.header != nil && r.Field("Etag") != "" {
		return conditional.Quote(r.Field("Etag"))
	}
	d := r.facts.Of(declare.GenerateETag)
	if d == nil {
		return rs.findTag(r)
	}
	said, err := rs.Text(declare.GenerateETag, r)
	if err != nil {
		return "", err
	}
	return rs.Quoted(d, said, nil)
}

// KeepTag keeps what the fact d said of the current representation, a loaded value with one
// variant, and is its tag.
func (rs *Representations) KeepTag(d *plan.Describer, said string, err error) (conditional.ETag, error) {
	r := rs.Current()
	r.tag, r.tagErr = rs.Quoted(d, said, err)
	r.tagged, r.oneTag = true, true
	return r.tag, r.tagErr
}

// Quoted is the tag of what the fact d said. It fails where the fact has failed.
func (rs *Representations) Quoted(d *plan.Describer, said string, err error) (conditional.ETag, error) {
	if err != nil {
		return "", d.Failed(err)
	}
	if sent := rs.x.SentTag(); IsQuoted(sent, said) {
		return conditional.ETag(sent), nil // most tags are asked about by clients that have them
	}
	tag, err := rs.tags.quote(said)
	if err != nil {
		err = d.Failed(err)
	}
	return tag, err
}

// findTag is the tag of r where no fact says it: the value brings it, or it is a hash.
func (rs *Representations) findTag(r *Representation) (conditional.ETag, error) {
	if f, ok := r.value.(interface{ ETag() conditional.ETag }); ok && plan.IsStream(reflect.TypeOf(r.value)) {
		return f.ETag(), nil
	}
	if !rs.isHashed(r) {
		return "", nil
	}
	i, ok := rs.offerFor(r)
	if !ok && rs.x.Plan.Reads() {
		return "", nil
	}
	var c Content
	tag, err := rs.hash(r, i, &c)
	if r.content == nil && err == nil {
		r.room = c // it is what is sent
		r.content = &r.room
	}
	return tag, err
}

// isHashed reports whether AutoETag makes the tag of r.
func (rs *Representations) isHashed(r *Representation) bool {
	p := rs.x.Plan
	return p.AutoETag != declare.NoTags && r.facts.Of(declare.GenerateETag) == nil && r.Field("Etag") == "" &&
		r.value != nil && (r.json || !plan.IsStream(reflect.TypeOf(r.value))) && r.typ == rs.ShownType() &&
		(p.ShowsPath() || r != rs.result)
}

// hash is the tag of AutoETag: a hash of r as its i-th offer, which is rendered into c.
// The suffix tells codings apart, and variants that render alike.
func (rs *Representations) hash(r *Representation, i int, c *Content) (conditional.ETag, error) {
	if err := rs.renderAs(r, i, c); err != nil || c.Bytes == nil {
		return "", err // it may have turned out to be a stream
	}
	r.hashed = true
	tag := conditional.ETag(HashTag(c.Bytes))
	if rs.x.Plan.AutoETag == declare.WeakTags {
		tag = tag.Weak()
	}
	return tag, nil
}

// Matches compares a list with the current entity-tag. On a GET that is the tag of the
// variant that was chosen (RFC 9110, 13.1.1). On a write it is the tag of any variant:
// the Accept of a write does not say which variant its client has.
func (rs *Representations) Matches(list *conditional.List, strongly bool) (bool, error) {
	r, match := rs.Current(), list.Weak
	if strongly {
		match = list.Strong
	}
	tag, err := rs.baseTag(r)
	switch {
	case err != nil || tag == "":
		return false, err
	case r.oneTag:
		return match(tag), nil
	case rs.x.Plan.Reads():
		return rs.matchesChosen(r, match)
	case strongly && tag.IsWeak():
		return false, nil
	}
	tag, at := r.tag, rs.x.Chosen().Rendition()
	at.Media, _ = rs.offerFor(r)
	for _, v := range rs.variantsOf(r) {
		if r.hashed && !mentions(list, v.Suffix) {
			continue
		}
		if r.hashed && at != v.Rendition() {
			if tag, err = rs.hashOfVariant(r, v.Choice); err != nil {
				return false, err
			}
			at = v.Rendition()
		}
		if tag != "" && match(tag.WithSuffix(v.Suffix)) {
			return true, nil
		}
	}
	return false, nil
}

// matchesChosen compares with the tag of the variant of r that was chosen. Whether that is
// coded is often known only once it is rendered, and most clients have the coded variant. To
// have it, they must have got it from us, for this very tag: so it was coded, and need not
// be rendered to be a match.
func (rs *Representations) matchesChosen(r *Representation, match func(conditional.ETag) bool) (bool, error) {
	if state := rs.codingOf(r); *state == codingUnknown && r.content == nil && rs.negotiatedCoding(r) != "" {
		switch {
		case match(r.tag.WithSuffix(rs.suffix(r, true))):
			*state = isCoded
			return true, nil
		case !match(r.tag.WithSuffix(rs.suffix(r, false))):
			return false, nil
		}
	}
	tag, err := rs.Tag(r)
	return err == nil && match(tag), err
}

// variantsOf are the variants of r.
func (rs *Representations) variantsOf(r *Representation) []plan.Variant {
	p := rs.x.Plan
	if p.Offered == nil && r.typ != nil {
		return p.VariantsOf(p.OffersOf(r.typ))
	}
	return p.Variants
}

// mentions reports whether a list may have a tag with a suffix. A variant whose tag is
// not in the list need not be rendered.
func mentions(list *conditional.List, suffix string) bool {
	return slices.ContainsFunc(list.Lines(), func(line string) bool { return strings.Contains(line, suffix) })
}

// hashOfVariant is the hash of another variant of r than the one that was chosen; ""
// where there is no such variant.
func (rs *Representations) hashOfVariant(r *Representation, c plan.Choice) (tag conditional.ETag, err error) {
	start := rs.json.buffer.Len()
	defer func() { rs.json.truncate(start) }()
	err = rs.x.As(c, func() (err error) {
		if r, err = rs.variant(r, c); r != nil && err == nil {
			tag, err = rs.hash(r, c.Media, new(Content))
		}
		return err
	})
	return tag, err
}

// variant is r in the variant c, which stands for the one that was chosen; nil where
// there is no such variant. A GET that takes Selected returns another value for each.
func (rs *Representations) variant(r *Representation, c plan.Choice) (*Representation, error) {
	get := rs.x.Plan.Get
	if !get.TakesSelected {
		return r, nil
	}
	other, err := rs.run(get)
	if err != nil {
		if rs.x.StatusOf(err) < http.StatusInternalServerError {
			err = nil
		}
		return nil, err
	}
	if other.value == nil || other.EndsWalk(rs.x.Plan.Path.Method(http.MethodGet)) || c.Media >= len(rs.x.Plan.OffersOf(other.typ)) {
		return nil, nil
	}
	return other, nil
}
