// This file keeps tenants, projects and tasks in memory for set-up 2. It returns copies. A
// task is found by its project and its number, so no request reaches a task through
// another project.

package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Tenant is a company.
type Tenant struct {
	ID      string   `json:"id"`
	Members []string `json:"members"`
}

// A Project is of one tenant. Its team may see it.
type Project struct {
	ID     string   `json:"id"`
	Team   []string `json:"team"`
	tenant string
}

// A Task is of one project.
type Task struct {
	Number  int    `json:"number"`
	Title   string `json:"title"`
	Version int    `json:"version"`
	of      place
}

// NewTask is the content that makes or replaces a task.
type NewTask struct {
	Title string `json:"title"`
}

// A place is where a task is.
type place struct {
	tenant, project string
	number          int
}

// An Office keeps everything. It is safe for concurrent use.
type Office struct {
	tenants  map[string]Tenant
	projects map[[2]string]Project // by tenant and ID

	mu      sync.Mutex
	tasks   map[place]Task
	version int // the last one that a task got: none comes again for a task that is made anew
}

// NewOffice returns an Office to try: ann and bob are of acme, and eve is of globex. Both
// tenants have a project "apollo". Bob is not of the team of "zeus".
func NewOffice() *Office {
	o := &Office{
		tenants: map[string]Tenant{
			"acme":   {ID: "acme", Members: []string{"ann", "bob"}},
			"globex": {ID: "globex", Members: []string{"eve"}},
		},
		projects: map[[2]string]Project{},
		tasks:    map[place]Task{},
		version:  1,
	}
	for _, p := range []Project{
		{ID: "apollo", Team: []string{"ann", "bob"}, tenant: "acme"},
		{ID: "zeus", Team: []string{"ann"}, tenant: "acme"},
		{ID: "apollo", Team: []string{"eve"}, tenant: "globex"},
	} {
		o.projects[[2]string{p.tenant, p.ID}] = p
		at := place{p.tenant, p.ID, 1}
		o.tasks[at] = Task{Number: 1, Title: "Plan " + p.ID + " of " + p.tenant, Version: 1, of: at}
	}
	return o
}

// String is all tasks as text: a test sees by it that nothing has changed.
func (o *Office) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fmt.Sprint(o.tasks)
}

// Tenant returns the tenant, or nil.
func (o *Office) Tenant(id string) *Tenant {
	t, ok := o.tenants[id]
	if !ok {
		return nil
	}
	return &t
}

// Project returns the project of this tenant, or nil.
func (o *Office) Project(t *Tenant, id string) *Project {
	p, ok := o.projects[[2]string{t.ID, id}]
	if !ok {
		return nil
	}
	return &p
}

// Task returns the task of this project, or nil.
func (o *Office) Task(p *Project, number int) *Task {
	o.mu.Lock()
	defer o.mu.Unlock()
	t, ok := o.tasks[place{p.tenant, p.ID, number}]
	if !ok {
		return nil
	}
	return &t
}

// Tasks returns the tasks of this project by number.
func (o *Office) Tasks(p *Project) []Task {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := slices.DeleteFunc(slices.Collect(maps.Values(o.tasks)), func(t Task) bool {
		return t.of.tenant != p.tenant || t.of.project != p.ID
	})
	slices.SortFunc(all, func(a, b Task) int { return a.Number - b.Number })
	return all
}

// Keep replaces the task that was there, or makes one where was is nil. It returns
// [restmachine.ErrStale] if the task has changed.
func (o *Office) Keep(p *Project, was *Task, number int, title string) (*Task, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at := place{p.tenant, p.ID, number}
	current, exists := o.tasks[at]
	if exists != (was != nil) || exists && current != *was {
		return nil, restmachine.ErrStale
	}
	o.version++
	t := Task{Number: number, Title: title, Version: o.version, of: at}
	o.tasks[at] = t
	return &t, nil
}

// Delete removes the task. It returns [restmachine.ErrStale] if the task has changed.
func (o *Office) Delete(t *Task) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.tasks[t.of] != *t {
		return restmachine.ErrStale
	}
	delete(o.tasks, t.of)
	return nil
}
