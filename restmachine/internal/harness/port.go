// The port: an App that a test goes on declaring, and where its wiring faults say
// they are.

package harness

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A Port is an App under test with its log.
type Port struct {
	*restmachine.App
	t   *testing.T
	Log *Log
}

// NewPort makes an App that says nothing yet.
func NewPort(t *testing.T, options ...restmachine.Option) Port {
	log := &Log{}
	return Port{restmachine.New(append(options, restmachine.WithLogger(log.logger()))...), t, log}
}

// Do sends what RequestOf makes and checks the answer.
func (p Port) Do(method, path, body string, fields ...string) restmachine.Response {
	p.t.Helper()
	req := RequestOf(method, path, body, fields...)
	resp := p.Execute(req)
	restmachinetest.CheckResponse(p.t, req, resp)
	return resp
}

// Expect is Do without content. It asserts the status.
func (p Port) Expect(status int, method, path string, fields ...string) restmachine.Response {
	p.t.Helper()
	resp := p.Do(method, path, "", fields...)
	assert.Equal(p.t, status, resp.StatusCode, "%s %s %q: %s\n%s", method, path, fields, resp.Body, p.Log)
	return resp
}

// Valid asserts that the App does not have a wiring fault.
func (p Port) Valid() Port {
	p.t.Helper()
	require.NoError(p.t, p.Validate())
	return p
}

// FaultsOf are the wiring faults of an App, one text each.
func FaultsOf(t *testing.T, app *restmachine.App) []string {
	t.Helper()
	err := app.Validate()
	if err == nil {
		return nil
	}
	var all interface{ Unwrap() []error }
	require.True(t, errors.As(err, &all), "%T lists its faults", err)
	var texts []string
	for _, fault := range all.Unwrap() {
		texts = append(texts, fault.Error())
	}
	return texts
}

// NextLine is the place of the line behind the call, as faults name it.
func NextLine() string { return lineFrom(1) }

// LineAbove is the place of the line before the call.
func LineAbove() string { return lineFrom(-1) }

func lineFrom(offset int) string {
	_, file, line, _ := runtime.Caller(2)
	parts := strings.Split(file, "/")
	return fmt.Sprintf("%s:%d", strings.Join(parts[len(parts)-2:], "/"), line+offset)
}

// InThisFile is the beginning of every place in the file of the caller.
func InThisFile() string {
	place := lineFrom(0)
	return place[:strings.LastIndex(place, ":")+1]
}
