// The task, and a doorman who keeps its handler waiting: for tests of the lock and
// of the shutdown.

package harness

import (
	"net/http"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Task is a resource of which every one exists.
type Task struct {
	ID string `json:"id"`
}

// TaskByPath loads the task of the parameter id.
func TaskByPath(path restmachine.PathParams) *Task { return &Task{path.Get("id")} }

// A Doorman keeps the handler of one request inside. The test receives from In when
// the handler has come, and sends to Out to let it go on.
type Doorman struct {
	In, Out chan struct{}
	once    sync.Once // a write may run the GET's handler, too
}

// NewDoorman makes a Doorman whom nobody has passed.
func NewDoorman() *Doorman { return &Doorman{In: make(chan struct{}), Out: make(chan struct{})} }

// Pass stops a request that has the field X-Stay.
func (d *Doorman) Pass(header http.Header) {
	if header.Get("X-Stay") == "" {
		return
	}
	d.once.Do(func() {
		d.In <- struct{}{}
		<-d.Out
	})
}
