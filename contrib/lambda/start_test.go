package lambda

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// TestEndDrains: what waits for the end of the App is told so, even where the App is still
// starting and so cannot be shut down in time.
func TestEndDrains(t *testing.T) {
	app := restmachine.New()
	starts, goOn := make(chan struct{}), make(chan struct{})
	app.OnStartup(func() int { close(starts); <-goOn; return 1 })
	app.Get("/", func(int) string { return "" })
	ended := make(chan error, 1)
	go func() { ended <- app.Start(context.Background()) }()
	<-starts
	end(app)
	select {
	case <-app.Draining():
	default:
		t.Error("the App does not drain")
	}
	close(goOn)
	assert.NoError(t, <-ended)
}
