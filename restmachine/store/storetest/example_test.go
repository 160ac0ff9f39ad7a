// This example shows a test of a store.

package storetest_test

import (
	"fmt"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/restmachine/restmachine-go/restmachine/store/storetest"
)

type counter struct{ Count int }

// The test of a store looks like this function.
func ExampleRun() {
	_ = func(t *testing.T) {
		storetest.Run(t, storetest.Subject[string, counter]{
			Open:   func(testing.TB) store.Store[string, counter] { return new(store.Memory[string, counter]) },
			Key:    func(i int) string { return fmt.Sprintf("key%03d", i) },
			Value:  func(n int) counter { return counter{n} },
			Number: func(v counter) int { return v.Count },
		})
	}
}
