// The lists of notes and of deleted notes, and what clients see.

package main

import (
	"context"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// list returns the records of one kind.
func list(ctx context.Context, notes Notes, deleted bool) (all []Record, err error) {
	for r, err := range store.All(ctx, notes) {
		if err != nil {
			return nil, err
		}
		if r.Value.Deleted == deleted {
			all = append(all, r)
		}
	}
	return all, nil
}

func showNote(r Record) Item    { return Item{URL: "/notes/" + r.Key, Title: r.Value.Title} }
func showTrashed(r Record) Item { return Item{"/trash/" + r.Key, r.Value.Title, r.Modified.UTC()} }

func items(records []Record, show func(Record) Item) []Item {
	all := make([]Item, len(records))
	for i, r := range records {
		all[i] = show(r)
	}
	return all
}
