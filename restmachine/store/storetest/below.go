// This file holds the law of lists below a prefix. A store comes in, and an error goes out if
// store.Below shows other records than a list of all of them.

package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A belowLister is a store with a Below of its own.
type belowLister[K, V any] interface {
	Below(ctx context.Context, prefix K, after *K, limit int) ([]store.Record[K, V], error)
}

// texts is a store whose keys are text, whatever their type is called. It can only list.
type texts[K comparable, V any] struct {
	store.Store[string, V] // nil
	of                     store.Store[K, V]
}

// textsBelow is the same of a store with a Below.
type textsBelow[K comparable, V any] struct {
	texts[K, V]
	by belowLister[K, V]
}

func (t texts[K, V]) List(ctx context.Context, after *string, limit int) ([]store.Record[string, V], error) {
	return inText(t.of.List(ctx, keyOf[K](after), limit))
}

func (t textsBelow[K, V]) Below(ctx context.Context, prefix string, after *string, limit int) ([]store.Record[string, V], error) {
	return inText(t.by.Below(ctx, *keyOf[K](&prefix), keyOf[K](after), limit))
}

// keyOf is the key of a text, nil for nil.
func keyOf[K any](text *string) *K {
	if text == nil {
		return nil
	}
	key := new(K)
	reflect.ValueOf(key).Elem().SetString(*text)
	return key
}

// inText spells the keys of records.
func inText[K, V any](records []store.Record[K, V], err error) (all []store.Record[string, V], _ error) {
	for _, r := range records {
		all = append(all, store.Record[string, V]{Key: reflect.ValueOf(r.Key).String(), Value: r.Value, Version: r.Version, Modified: r.Modified})
	}
	return all, err
}

// inTexts is the store of a probe by keys of text; nil if its keys are not text.
func (p *probe[K, V]) inTexts() store.Store[string, V] {
	if reflect.TypeFor[K]().Kind() != reflect.String {
		return nil
	}
	t := texts[K, V]{of: p.store}
	if by, ok := p.store.(belowLister[K, V]); ok {
		return textsBelow[K, V]{t, by}
	}
	return t
}

// below compares each page below each prefix of a key with what all records tell.
func (p *probe[K, V]) below() error {
	s := p.inTexts()
	if s == nil {
		return nil
	}
	for i := 8; i <= 12; i++ {
		if _, err := p.puts(i, i, store.Any()); err != nil {
			return err
		}
	}
	all, err := s.List(p.ctx, nil, 100)
	if err != nil {
		return fmt.Errorf("List failed: %w", err)
	}
	prefixes, afters := []string{""}, []*string{nil}
	for i := range all {
		key := all[i].Key
		_, last := utf8.DecodeLastRuneInString(key)
		prefixes = append(prefixes, key[:len(key)-last], key, key+"0")
		afters = append(afters, &key)
	}
	for _, prefix := range prefixes {
		for i, after := range afters {
			limit := 1 + i%3
			if i == 0 {
				limit = 100
			}
			if err := p.belowIs(s, all, prefix, after, limit); err != nil {
				return err
			}
		}
	}
	return p.belowIs(s, all, "", nil, 0)
}

// belowIs compares a page with what all records tell.
func (p *probe[K, V]) belowIs(s store.Store[string, V], all []store.Record[string, V], prefix string, after *string, limit int) error {
	what := fmt.Sprintf("Below %q, limit %d", prefix, limit)
	if after != nil {
		what += fmt.Sprintf(", after %q", *after)
	}
	page, err := store.Below(p.ctx, s, prefix, after, limit)
	if err != nil {
		return fmt.Errorf("%s failed: %w", what, err)
	}
	var got, want []string
	for _, r := range page {
		got = append(got, fmt.Sprint(r.Key, " ", p.Number(r.Value), " ", r.Version))
	}
	for _, r := range all {
		if strings.HasPrefix(r.Key, prefix) && r.Key != prefix && (after == nil || r.Key > *after) && len(want) < limit {
			want = append(want, fmt.Sprint(r.Key, " ", p.Number(r.Value), " ", r.Version))
		}
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s returned %v, want %v", what, got, want)
	}
	return nil
}
