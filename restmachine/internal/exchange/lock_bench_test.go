// What the lock on the resource costs.

package exchange_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// BenchmarkPut is what the lock on the resource costs a write that nobody else
// is in the way of:
//
//	go test ./restmachine/internal/exchange -run '^$' -bench Put -count 10
func BenchmarkPut(b *testing.B) {
	for _, k := range []keeper{byLock, byNobody} {
		b.Run("kept by "+k.name, func(b *testing.B) {
			app := restmachine.New(append([]restmachine.Option{harness.Quiet}, k.options...)...)
			app.ResourceExists(harness.TaskByPath)
			app.GenerateETag(func(t *harness.Task) string { return t.ID })
			same := func(t *harness.Task) *harness.Task { return t }
			app.Get("/tasks/{id}", same).Put(same)
			req := harness.RequestOf("PUT", "/tasks/7", "", "If-Match", `"7"`)
			require.Equal(b, 200, app.Execute(req).StatusCode)
			b.ReportAllocs()
			for b.Loop() {
				app.Execute(req)
			}
		})
	}
}
