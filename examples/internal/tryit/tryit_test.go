package tryit

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A visitor sends a request as soon as it is told what to try.
type visitor struct {
	status int
	stop   context.CancelFunc
}

func (v *visitor) Write(text []byte) (int, error) {
	defer v.stop()
	resp, err := http.Get(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, err
	}
	v.status = resp.StatusCode
	return len(text), resp.Body.Close()
}

// TestWhatIsPrintedCanBeTried: the port is bound by then, and named. Where it cannot be bound,
// nothing is printed.
func TestWhatIsPrintedCanBeTried(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	v := &visitor{stop: stop}
	said := make(chan struct{})
	reader, writer := io.Pipe()
	go func() { // the App serves once the line is written
		defer close(said)
		text := make([]byte, 100)
		n, _ := reader.Read(text)
		_, err := v.Write(text[:n])
		assert.NoError(t, err)
	}()
	app := restmachine.New(restmachine.WithLogger(Logger(io.Discard, writer, "http://%[1]s/")))
	app.Get("/", func() string { return "hello" })
	require.NoError(t, app.ListenAndServe(ctx, "127.0.0.1:0"))
	<-said
	assert.Equal(t, 200, v.status)

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	var out bytes.Buffer
	app = restmachine.New(restmachine.WithLogger(Logger(io.Discard, &out, "http://%[1]s/")))
	app.Get("/", func() {})
	var failed *net.OpError
	require.True(t, errors.As(app.ListenAndServe(t.Context(), taken.Addr().String()), &failed))
	assert.Empty(t, out.String())
}
