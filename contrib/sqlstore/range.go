// This file reads lists: the records of a range of keys. A range comes in, and records in
// order go out, all from one moment.

package sqlstore

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Range says which records [Store.Select] returns. The zero Range is all of them. Each
// field takes records away.
type Range[K ~string] struct {
	Prefix K // keys that begin with it
	From   K // keys from this one on
	To     K // keys before this one, if it is not ""

	// After is where the page before has ended: its last key. The range goes on behind it,
	// in the direction of the range.
	After *K

	// Limit is how many records there may be, if it is not zero.
	Limit int

	// Descending turns the order round.
	Descending bool
}

// Select returns the records of a range in the order of their keys. All of them are from
// the same moment. [store.ListTag] makes their entity-tag.
func (s *Store[K, V]) Select(ctx context.Context, r Range[K]) (page []store.Record[K, V], err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	bounds := []K{r.Prefix, r.From, r.To}
	if r.After != nil {
		bounds = append(bounds, *r.After)
	}
	for _, bound := range bounds {
		if err := checkKey(bound); err != nil {
			return nil, err
		}
	}
	statement, args := s.says.selectRange(r.clauses())
	err = s.run(ctx, reading("Select from", r.Prefix), func(q querier) error {
		page, err = s.all(ctx, q, statement, args)
		return err
	})
	return page, err
}

// Below returns the records whose keys begin with prefix and are longer: see [store.Below], which
// calls it. All records are from the same moment.
func (s *Store[K, V]) Below(ctx context.Context, prefix K, after *K, limit int) ([]store.Record[K, V], error) {
	if limit <= 0 {
		return nil, ctx.Err()
	}
	if after == nil || *after < prefix {
		after = &prefix
	}
	return s.Select(ctx, Range[K]{Prefix: prefix, After: after, Limit: limit})
}

func (s *Store[K, V]) all(ctx context.Context, q querier, statement string, args []any) (page []store.Record[K, V], err error) {
	rows, err := q.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := s.scan(rows)
		if err != nil {
			return nil, err
		}
		page = append(page, r)
	}
	return page, rows.Err()
}

// clauses returns the end of a SELECT, with its arguments.
func (r Range[K]) clauses() (clauses string, args []any) {
	var b strings.Builder
	where := " WHERE "
	compare := func(operator string, bound string) {
		args = append(args, bound)
		fmt.Fprintf(&b, `%s"key" %s $%d`, where, operator, len(args))
		where = " AND "
	}
	if r.From != "" {
		compare(">=", string(r.From))
	}
	if r.To != "" {
		compare("<", string(r.To))
	}
	if r.Prefix != "" {
		compare(">=", string(r.Prefix))
		if end := behind(string(r.Prefix)); end != "" {
			compare("<", end)
		}
	}
	order, direction := ">", ""
	if r.Descending {
		order, direction = "<", " DESC"
	}
	if r.After != nil {
		compare(order, string(*r.After))
	}
	b.WriteString(` ORDER BY "key"` + direction)
	if r.Limit > 0 {
		args = append(args, r.Limit)
		fmt.Fprintf(&b, " LIMIT $%d", len(args))
	}
	return b.String(), args
}

// behind returns the first text behind all that begin with the prefix, or "" if there is
// none. The prefix is UTF-8, and so is the result: UTF-8 has the order of its characters.
func behind(prefix string) string {
	for prefix != "" {
		last, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		switch {
		case last == utf8.MaxRune: // nothing is behind it; the character before it decides
		case last == 0xD7FF: // the surrogates behind it are not characters
			return prefix + string(rune(0xE000))
		default:
			return prefix + string(last+1)
		}
	}
	return ""
}
