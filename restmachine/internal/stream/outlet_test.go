package stream

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// A client is what an Outlet sends to. slow is a client that does not read.
type client struct {
	mu       sync.Mutex
	got      strings.Builder
	opened   int
	flushed  int
	deadline time.Time
	slow     bool
	failed   error
}

func (c *client) out(live bool, beat time.Duration) *Outlet {
	return NewOutlet(Out{
		Open:     func() io.Writer { c.opened++; return c },
		Flush:    func() error { c.flushed++; return nil },
		Deadline: func(t time.Time) { c.deadline = t },
		Patience: 30 * time.Second, Live: live, Beat: beat,
		Failed: func(err error) { c.failed = err },
	})
}

func (c *client) Write(p []byte) (int, error) {
	c.mu.Lock()
	slow := c.slow
	c.mu.Unlock()
	if slow {
		time.Sleep(time.Until(c.deadline))
		return 0, os.ErrDeadlineExceeded
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got.Write(p)
}

func (c *client) has() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got.String()
}

func nothing() error { return nil }

// What is written is gathered for a short while, and sent though nothing follows.
func TestWritesAreGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &client{}
		out := c.out(false, 0)
		time.Sleep(time.Hour)
		assert.Zero(t, c.opened, "nothing was written, so nothing is sent")
		for range 3 {
			_, err := io.WriteString(out, "row\n")
			assert.NoError(t, err)
		}
		assert.Empty(t, c.has())
		time.Sleep(soon)
		synctest.Wait()
		assert.Equal(t, "row\nrow\nrow\n", c.has())
		assert.Equal(t, 1, c.flushed)
		assert.True(t, c.deadline.IsZero(), "nothing is being written")

		_, err := out.Write(bytes.Repeat([]byte("x"), 100<<10))
		assert.NoError(t, err)
		assert.Len(t, c.has(), 12+100<<10, "there was enough")
		assert.NoError(t, out.Close(nil, nothing))
		assert.Equal(t, 1, c.opened)
		_, err = io.WriteString(out, "late")
		assert.ErrorIs(t, err, ErrClosed)
		time.Sleep(time.Hour)
		assert.NotContains(t, c.has(), "late")
	})
}

// The response begins soon, and an idle one has heartbeats. An event puts the next one off.
func TestHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &client{}
		out := c.out(true, 15*time.Second)
		time.Sleep(prompt)
		synctest.Wait()
		assert.Equal(t, 1, c.opened)
		assert.Empty(t, c.has())
		time.Sleep(10 * time.Second)
		assert.NoError(t, out.Send([]byte("data: 1\n\n")))
		time.Sleep(14 * time.Second)
		assert.Equal(t, "data: 1\n\n", c.has())
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Equal(t, "data: 1\n\n"+Heartbeat, c.has())
		time.Sleep(30 * time.Second)
		synctest.Wait()
		assert.Equal(t, 3, strings.Count(c.has(), Heartbeat))
		assert.NoError(t, out.Close(nil, nothing))
		time.Sleep(time.Hour)
		assert.Equal(t, 3, strings.Count(c.has(), Heartbeat))
	})
}

// A client that does not read holds a write for its patience, and no longer: a heartbeat finds
// out, too.
func TestAClientThatStopsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &client{}
		out := c.out(true, 15*time.Second)
		assert.NoError(t, out.Send([]byte("1")))
		c.mu.Lock()
		c.slow = true
		c.mu.Unlock()
		begun := time.Now()
		time.Sleep(15*time.Second + 30*time.Second)
		synctest.Wait()
		assert.ErrorIs(t, c.failed, os.ErrDeadlineExceeded)
		assert.True(t, out.IsUntaken())
		assert.ErrorIs(t, out.Send([]byte("2")), os.ErrDeadlineExceeded)
		assert.ErrorIs(t, out.Close(nil, nothing), os.ErrDeadlineExceeded)
		assert.Equal(t, 45*time.Second, time.Since(begun))
	})
}

// What fails before anything was written leaves the response to others. What fails later sends
// what was written, so that the client sees a response that breaks off.
func TestFailures(t *testing.T) {
	broken := errors.New("broken")
	c := &client{}
	assert.ErrorIs(t, c.out(false, 0).Close(broken, nothing), broken)
	assert.Zero(t, c.opened)

	out := c.out(false, 0)
	_, _ = io.WriteString(out, "half")
	assert.ErrorIs(t, out.Close(broken, func() error { return errors.New("it is not ended") }), broken)
	assert.Equal(t, "half", c.has())
	assert.False(t, out.IsUntaken())

	out = c.out(false, 0)
	assert.ErrorIs(t, out.Close(nil, func() error { return broken }), broken)
	assert.Equal(t, 2, c.opened, "nothing was written, and it is a response all the same")
}

// A middleware that panics where the timer writes ends the stream, and not the process.
func TestAPanicOfTheTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		out := NewOutlet(Out{
			Open:  func() io.Writer { panic("a middleware") },
			Flush: nothing, Live: true, Failed: cancel,
		})
		<-ctx.Done()
		assert.ErrorContains(t, context.Cause(ctx), "a middleware")
		assert.ErrorContains(t, out.Close(nil, nothing), "a middleware")
		assert.False(t, out.IsUntaken(), "it is not the client's doing")
	})
}

// Several goroutines may send.
func TestManySenders(t *testing.T) {
	c := &client{}
	out := c.out(true, time.Millisecond)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				assert.NoError(t, out.Send([]byte("data: x\n\n")))
			}
		})
	}
	all.Wait()
	assert.NoError(t, out.Close(nil, nothing))
	assert.Equal(t, 400, strings.Count(c.has(), "data: x\n\n"))
}
