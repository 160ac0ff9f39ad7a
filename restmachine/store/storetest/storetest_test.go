// These tests check the laws with a store that keeps them. The store can be told to
// break each law.

package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A box keeps its number in a slice, which an assignment would share.
type box struct{ n []int }

func (b box) number() (sum int) {
	for _, n := range b.n {
		sum += n
	}
	return sum
}

func (b box) scribble() {
	for i := range b.n {
		b.n[i]--
	}
}

func subject(open func(t testing.TB) store.Store[string, box]) Subject[string, box] {
	return Subject[string, box]{
		Open:     open,
		Key:      func(i int) string { return fmt.Sprintf("key%03d", i) },
		Value:    func(n int) box { return box{[]int{n}} },
		Number:   box.number,
		Scribble: box.scribble,
		Reopen: func(_ testing.TB, s store.Store[string, box]) store.Store[string, box] {
			return s.(*faulty).reopen()
		},
		Writes: 4_000,
	}
}

// brokenBy returns the laws that a fault breaks.
func brokenBy(t *testing.T, fault string) (broken []string) {
	s := subject(func(testing.TB) store.Store[string, box] {
		return newFaulty(fault)
	})
	for _, l := range laws[string, box]() {
		if l.holds(newProbe(t, s)) != nil {
			broken = append(broken, l.name)
		}
	}
	return broken
}

func TestEachFaultBreaksItsLaw(t *testing.T) {
	proven := map[string]bool{}
	for _, tt := range []struct {
		fault string
		laws  []string
	}{
		{"missing is an error", []string{"Missing"}},
		{"missing is found", []string{"Missing"}},
		{"one record for all keys", []string{"GetAfterPut"}},
		{"version by content", []string{"VersionsChange", "Recreation"}},
		{"compares the number alone", []string{"Incarnations"}},
		{"compares the incarnation alone", []string{"StalePut", "StaleDelete"}},
		{"negative versions", []string{"VersionsChange"}},
		{"no incarnation", []string{"Recreation"}},
		{"no date", []string{"ModifiedGrows"}},
		{"clock runs backwards", []string{"ModifiedGrows"}},
		{"Put does not check", []string{"StalePut", "Absent", "OneWinner", "OneCreator", "Conservation"}},
		{"stale is some error", []string{"StalePut", "Absent"}},
		{"what exists is only stale", []string{"Absent"}},
		{"what is stale exists", []string{"StalePut"}},
		{"Delete does not check", []string{"StaleDelete", "UpdateOrDelete"}},
		{"Absent overwrites", []string{"Absent", "OneCreator"}},
		{"Any does not create", []string{"Any"}},
		{"nothing to delete is an error", []string{"AnyDelete"}},
		{"Delete does nothing", []string{"AnyDelete"}},
		{"Put shares what it is given", []string{"Isolation"}},
		{"Put shares what it returns", []string{"Isolation"}},
		{"Get shares", []string{"Isolation"}},
		{"List shares", []string{"Isolation"}},
		{"last first", []string{"List"}},
		{"List begins at the key", []string{"List"}},
		{"no limit", []string{"List"}},
		{"Get without context", []string{"Cancelled"}},
		{"Put without context", []string{"Cancelled"}},
		{"Delete without context", []string{"Cancelled"}},
		{"List without context", []string{"Cancelled"}},
		{"Below forgets the page before", []string{"Below"}},
		{"Below shows all", []string{"Below"}},
		{"Below shows the parent", []string{"Below"}},
		{"List shows the first version", []string{"ListTag"}},
		{"Put writes, and then sees the end", []string{"Interrupted"}},
		{"Put says nothing of its end", []string{"Interrupted"}},
		{"an unknown write is stale", []string{"Interrupted"}},
		{"an interrupted write is stale", []string{"Interrupted"}},
		{"Delete deletes, and then sees the end", []string{"Interrupted"}},
		{"reopened, it makes new versions", []string{"Reopened"}},
		{"reopened, it has a copy", []string{"TwoStores"}},
		{"Get from a cache", []string{"TwoStores"}},
		{"date of before it waited", []string{"ModifiedInOrder"}},
		{"List is old", []string{"ListDuringWrites"}},
		{"List reads values first, and then versions", []string{"ListDuringWrites"}},
		{"List reads keys first, and then records", []string{"ListDuringWrites"}},
		{"cursor by number", []string{"Cursor"}},
		{"check, then act", []string{"OneWinner", "OneCreator", "UpdateOrDelete", "Conservation"}},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			assert.Subset(t, brokenBy(t, tt.fault), tt.laws)
			for _, law := range tt.laws {
				proven[law] = true
			}
		})
	}
	for _, l := range laws[string, box]() {
		assert.True(t, proven[l.name], "no fault shows that %s can fail", l.name)
	}
	assert.Empty(t, brokenBy(t, ""), "the store without a fault")
}

func TestRun(t *testing.T) {
	Run(t, subject(func(testing.TB) store.Store[string, box] {
		return newFaulty("")
	}))
}
