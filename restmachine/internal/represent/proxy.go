package represent

import (
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file knows what proxies make of entity-tags. In comes a list of tags that a client
// sent. Out comes whether one of them was ours before a proxy that compresses changed it. It
// explains a mismatch, and decides nothing.

// What proxies put between a tag and the coding that they apply, and these codings: "1-gzip"
// is Apache's, "1--gzip" is Jetty's. Many others make the tag weak instead.
var (
	proxySeparators = []string{"-", "--", ";", ":", "+"}
	proxyCodings    = []string{"gzip", "br", "zstd", "deflate"}
)

// ChangedByProxy reports whether a list, which matches none of our tags, has the current tag
// as a proxy would change it: in one of our variants, made weak, or with a coding that we did
// not apply.
func (rs *Representations) ChangedByProxy(list *conditional.List) bool {
	r := rs.Current()
	tag, err := rs.baseTag(r)
	if err != nil || len(tag) < 2 || tag.IsWeak() {
		return false
	}
	mentioned := false
	for _, line := range list.Lines() {
		mentioned = mentioned || strings.Contains(line, string(tag[1:len(tag)-1]))
	}
	if !mentioned {
		return false // as nearly always
	}
	own := []conditional.ETag{tag}
	for _, v := range rs.variantsOf(r) {
		own = append(own, tag.WithSuffix(v.Suffix))
	}
	for _, one := range own {
		if list.Weak(one) && !list.Strong(one) || slices.ContainsFunc(proxied(one), func(t conditional.ETag) bool {
			return !slices.Contains(own, t) && list.Weak(t)
		}) {
			return true
		}
	}
	return false
}

// proxied are the forms of a tag with the codings of proxies.
func proxied(tag conditional.ETag) (all []conditional.ETag) {
	for _, separator := range proxySeparators {
		for _, coding := range proxyCodings {
			all = append(all, tag[:len(tag)-1]+conditional.ETag(separator+coding+`"`))
		}
	}
	return all
}
