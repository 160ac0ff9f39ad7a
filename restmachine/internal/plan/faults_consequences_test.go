// Which faults follow from others: a mistake is told once, by its cause. Laws over a yard, which
// is an App of declarations that each can be made wrong.

package plan_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// The types of a yard. Two yards of one App have nothing in common: K tells them apart.
type (
	keep[K any]   struct{ _ K }
	guest[K any]  struct{ _ K }
	vessel[K any] struct {
		Name    string
		Version int
	}
	mate[K any]   struct{ Name string }
	poster[K any] struct{ Label string }
	refit[K any]  struct{ Name string }
	berth[K any]  struct {
		Vessel string `path:"vessel"`
	}
	typo[K any] struct {
		Vessel string `path:"vesel"`
	}
)

// A yard is what declarations are made on.
type yard struct {
	app           *restmachine.App
	group, beside *restmachine.Scope // of one prefix
	vessel        *restmachine.Resource
}

// A declaration is one of an App that starts, and the ways to make it wrong, the last one to
// forget it.
type declaration struct {
	name  string
	right func(y *yard)
	wrong []func(y *yard)
}

func forgotten(*yard) {}

// yardOf are the declarations of a yard.
func yardOf[K any]() []declaration {
	return []declaration{
		{"OnStartup", func(y *yard) { y.app.OnStartup(func() *keep[K] { return nil }) }, []func(*yard){
			func(y *yard) { y.app.OnStartup(&keep[K]{}) },
			func(y *yard) { y.app.OnStartup(func() (*keep[K], func()) { return nil, nil }) },
			func(y *yard) { y.app.OnStartup(func() keep[K] { return keep[K]{} }) },
			forgotten,
		}},
		{"Dependency", func(y *yard) { y.app.Dependency(func(*keep[K], http.Header) *guest[K] { return nil }) }, []func(*yard){
			func(y *yard) {
				y.app.Dependency(func(*keep[K], http.Header) (*guest[K], bool, error) { return nil, false, nil })
			},
			func(y *yard) { y.app.Dependency(func(*keep[K], *keep[*K]) *guest[K] { return nil }) },
			forgotten,
		}},
		{"ResourceExists of the vessel", func(y *yard) {
			y.group.ResourceExists(func(restmachine.Path[berth[K]], *keep[K]) *vessel[K] { return nil })
		}, []func(*yard){
			func(y *yard) {
				y.group.ResourceExists(func(restmachine.Path[berth[K]], *keep[K]) vessel[K] { return vessel[K]{} })
			},
			func(y *yard) {
				y.group.ResourceExists(func(restmachine.Path[berth[K]], *keep[K]) (vessel[K], bool) { return vessel[K]{}, false })
			},
			func(y *yard) {
				y.group.ResourceExists(func(restmachine.Path[typo[K]], *keep[K]) *vessel[K] { return nil })
			},
			func(y *yard) {
				y.beside.ResourceExists(func(restmachine.Path[berth[K]], *keep[K]) *vessel[K] { return nil })
			},
			forgotten,
		}},
		{"ResourceExists of the mate", func(y *yard) { y.group.ResourceExists(func(*vessel[K], *keep[K]) *mate[K] { return nil }) }, []func(*yard){
			func(y *yard) { y.group.ResourceExists(func(vessel[K], *keep[K]) *mate[K] { return nil }) },
			func(y *yard) { y.group.ResourceExists(func(*vessel[K], *keep[K]) mate[K] { return mate[K]{} }) },
			forgotten,
		}},
		{"GenerateETag", func(y *yard) { y.app.GenerateETag(func(*vessel[K]) string { return "" }) }, []func(*yard){
			func(y *yard) { y.app.GenerateETag(func(vessel[K]) string { return "" }) },
			func(y *yard) { y.app.GenerateETag(func(*vessel[K]) int { return 0 }) },
			func(y *yard) { y.app.GenerateETag(func(*poster[K]) string { return "" }) },
			forgotten,
		}},
		{"LastModified", func(y *yard) { y.vessel.LastModified(func(*vessel[K]) time.Time { return time.Time{} }) }, []func(*yard){
			func(y *yard) { y.vessel.LastModified(func(*vessel[K]) int { return 0 }) },
			forgotten,
		}},
		{"Forbidden", func(y *yard) { y.group.Forbidden(func(restmachine.Method, *guest[K]) bool { return false }) }, []func(*yard){
			func(y *yard) { y.beside.Forbidden(func(restmachine.Method, *guest[K]) bool { return false }) },
			func(y *yard) { y.group.Forbidden(func(restmachine.Method, guest[K]) bool { return false }) },
			func(y *yard) { y.group.Forbidden(func(*guest[K]) string { return "" }) },
			forgotten,
		}},
		{"GET", func(y *yard) { y.vessel.Get(func(v *vessel[K]) *vessel[K] { return v }) }, []func(*yard){
			func(y *yard) { y.vessel.Get(func(v *vessel[K]) (*vessel[K], int) { return v, 200 }) },
			func(y *yard) { y.vessel.Get(func(v *vessel[K]) vessel[K] { return *v }) },
			func(y *yard) { y.vessel.Get(func(v *vessel[K]) poster[K] { return poster[K]{} }) },
			func(y *yard) { y.vessel.Get("a vessel") },
			forgotten,
		}},
		{"PUT", func(y *yard) {
			y.vessel.Put(func(v *vessel[K], _ restmachine.Body[refit[K]], _ *keep[K]) *vessel[K] { return v })
		}, []func(*yard){
			func(y *yard) { y.vessel.Put(func(v *vessel[K], _ refit[K], _ *keep[K]) *vessel[K] { return v }) },
			func(y *yard) {
				y.vessel.Put(func(v *vessel[K], _ restmachine.Body[refit[K]]) (*vessel[K], int) { return v, 200 })
			},
			func(y *yard) {
				y.beside.Put("/{vessel}", func(v *vessel[K], _ restmachine.Body[refit[K]], _ *keep[K]) *vessel[K] { return v })
			},
			func(y *yard) {
				y.beside.Get("/{vessel}", func(v *vessel[K]) *vessel[K] { return v })
			},
			forgotten,
		}},
		{"IsConflict", func(y *yard) { y.vessel.IsConflict(func(*vessel[K]) bool { return false }) }, []func(*yard){
			func(y *yard) { y.vessel.IsConflict(func(*vessel[K]) {}) },
			forgotten,
		}},
		{"DELETE", func(y *yard) { y.vessel.Delete(func(*vessel[K], *keep[K]) error { return nil }) }, []func(*yard){
			func(y *yard) { y.vessel.Delete(func(*vessel[K], *keep[K]) (int, int) { return 0, 0 }) },
			forgotten,
		}},
		{"DeleteCompleted", func(y *yard) { y.vessel.DeleteCompleted(func() bool { return true }) }, []func(*yard){
			func(y *yard) { y.vessel.DeleteCompleted(func() {}) },
			forgotten,
		}},
		{"the GET of the mate", func(y *yard) { y.group.Get("/{vessel}/mate", func(m *mate[K]) *mate[K] { return m }) }, []func(*yard){
			func(y *yard) { y.group.Get("/{vessel}/mate", func(m *mate[K]) (*mate[K], bool) { return m, true }) },
			func(y *yard) { y.group.Get("{vessel}/mate", func(m *mate[K]) *mate[K] { return m }) },
			func(y *yard) { y.group.Resource("/{vessel}/mate") },
			forgotten,
		}},
		{"POST", func(y *yard) {
			y.group.Post("", func(restmachine.Body[refit[K]], *keep[K]) *restmachine.Reply[*vessel[K]] { return nil })
		}, []func(*yard){
			func(y *yard) {
				y.group.Post("", func(restmachine.Body[refit[K]], *keep[K]) restmachine.Reply[*vessel[K]] {
					return restmachine.Reply[*vessel[K]]{}
				})
			},
			func(y *yard) {
				y.group.Post("", func(restmachine.Body[chan K], *keep[K]) *restmachine.Reply[*vessel[K]] { return nil })
			},
			forgotten,
		}},
		{"Location", func(y *yard) { y.app.Location(func(*vessel[K]) string { return "" }) }, []func(*yard){
			func(y *yard) { y.app.Location(func(vessel[K]) string { return "" }) },
			func(y *yard) { y.app.Location(func(*vessel[K]) {}) },
			forgotten,
		}},
		{"Provides", func(y *yard) {
			y.app.Provides("application/vnd.vessel+json", func(*vessel[K]) poster[K] { return poster[K]{} })
		}, []func(*yard){
			func(y *yard) {
				y.app.Provides("application/vnd.vessel+json", func(vessel[K]) poster[K] { return poster[K]{} })
			},
			func(y *yard) { y.app.Provides("vessel", func(*vessel[K]) poster[K] { return poster[K]{} }) },
			forgotten,
		}},
	}
}

// A slip is a declaration that is made wrong.
type slip struct{ yard, declaration, way int }

// slipsOf are all slips of a yard.
func slipsOf(n int, of []declaration) (all []slip) {
	for i, d := range of {
		for way := range d.wrong {
			all = append(all, slip{n, i, way})
		}
	}
	return all
}

// yards are two that have nothing in common.
var yards = [][]declaration{yardOf[bool](), yardOf[string]()}

func (s slip) String() string {
	d := yards[s.yard][s.declaration]
	if s.way == len(d.wrong)-1 {
		return d.name + " forgotten"
	}
	return fmt.Sprintf("%s, wrong way %d", d.name, s.way)
}

// withSlips declares both yards, with slips.
func withSlips(slips ...slip) *restmachine.App {
	app := restmachine.New(harness.Quiet)
	for n, declarations := range yards {
		prefix := fmt.Sprintf("/yard%d", n)
		y := &yard{app: app, group: app.Group(prefix), beside: app.Group(prefix)}
		y.vessel = y.group.Resource("/{vessel}")
		for i, d := range declarations {
			if at := slices.IndexFunc(slips, func(s slip) bool { return s.yard == n && s.declaration == i }); at >= 0 {
				d.wrong[slips[at].way](y)
			} else {
				d.right(y)
			}
		}
	}
	return app
}

// TestYardStarts: without a slip there is nothing to tell.
func TestYardStarts(t *testing.T) { require.NoError(t, withSlips().Validate()) }

// TestOneSlipOneFault: what is wrong in one place is told once.
func TestOneSlipOneFault(t *testing.T) {
	told := 0
	for _, s := range slipsOf(0, yards[0]) {
		faults := harness.FaultsOf(t, withSlips(s))
		told += len(faults)
		assert.LessOrEqual(t, len(faults), 1, "%s:\n%s", s, strings.Join(faults, "\n"))
	}
	assert.Greater(t, told, 35, "most slips are faults")
}

// TestMendingOneByOne: whatever is wrong together, whoever mends a fault that is told sees it
// gone, and in the end the App starts. There are never more faults than slips.
func TestMendingOneByOne(t *testing.T) {
	all := slipsOf(0, yards[0])
	r := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		var slips []slip
		for _, i := range r.Perm(len(all))[:2+r.IntN(4)] {
			if !slices.ContainsFunc(slips, func(s slip) bool { return s.declaration == all[i].declaration }) {
				slips = append(slips, all[i])
			}
		}
		mend(t, slips)
	}
}

// mend mends slips until the App starts.
func mend(t *testing.T, slips []slip) {
	t.Helper()
	for faults := harness.FaultsOf(t, withSlips(slips...)); len(faults) > 0; {
		if !assert.LessOrEqual(t, len(faults), len(slips), "%v:\n%s", slips, strings.Join(faults, "\n")) {
			return
		}
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(faults))), len(faults), "told twice: %v", slips)
		var left []string
		i := slices.IndexFunc(slips, func(s slip) bool {
			without := slices.DeleteFunc(slices.Clone(slips), func(o slip) bool { return o == s })
			left = harness.FaultsOf(t, withSlips(without...))
			return !slices.Contains(left, faults[0])
		})
		if !assert.GreaterOrEqual(t, i, 0, "no slip is the cause, of %v:\n%s", slips, faults[0]) {
			return
		}
		slips, faults = slices.Delete(slices.Clone(slips), i, i+1), left
	}
}

// TestIndependentFaultsAreToldTogether: what is wrong in one yard hides nothing of the other.
func TestIndependentFaultsAreToldTogether(t *testing.T) {
	told := func(slips ...slip) []string {
		return slices.Sorted(slices.Values(harness.FaultsOf(t, withSlips(slips...))))
	}
	r := rand.New(rand.NewPCG(3, 4))
	others := slipsOf(1, yards[1])
	for _, s := range slipsOf(0, yards[0]) {
		alone := told(s)
		for _, i := range r.Perm(len(others))[:5] {
			want := append(told(others[i]), alone...)
			slices.Sort(want) // one line, in both yards, is one place
			assert.Equal(t, slices.Compact(want), told(s, others[i]), "%s, and %s", s, others[i])
		}
	}
}

// A task of the tables below, and what a newcomer writes of it.
type (
	task     struct{ Title string }
	tasks    interface{ all() []task }
	taskList struct{}
	newTask  struct{ Title string }
)

func (*taskList) all() []task { return nil }

func tagOfTask(*task) string { return "" }

// TestOneMissingProvider is one fault, which lists who needs the type, what resembles it, and what
// to do.
func TestOneMissingProvider(t *testing.T) {
	p := harness.NewPort(t)
	p.OnStartup(func() *taskList { return nil })
	p.ResourceExists(func(restmachine.PathParams, tasks) (*task, error) { return nil, nil })
	p.GenerateETag(tagOfTask)
	first := harness.NextLine()
	p.Get("/tasks", func(tasks) []task { return nil })
	p.Post("/tasks", func(restmachine.Body[newTask], tasks) error { return nil })
	r := p.Get("/tasks/{id}", func(t *task) *task { return t })
	r.Put(func(t *task, _ restmachine.Body[newTask], _ tasks) *task { return t })
	r.Patch(func(t *task, _ restmachine.Body[newTask], _ tasks) *task { return t })
	r.Delete(func(*task, tasks) error { return nil })
	var more string
	for i := range 4 {
		p.Get(fmt.Sprint("/more/", i), func(tasks) []task { return nil })
		more = harness.LineAbove()
	}
	faults := harness.FaultsOf(t, p.App)
	require.Len(t, faults, 1, "%s", strings.Join(faults, "\n"))
	lines := strings.Split(faults[0], "\n")
	require.Len(t, lines, 8, "%s", faults[0])
	assert.True(t, strings.HasPrefix(lines[0], first+": nothing provides plan_test.tasks; OnStartup "), lines[0])
	assert.Contains(t, lines[0], "provides *plan_test.taskList and could return it as plan_test.tasks: let it, or add an OnStartup, Dependency or ResourceExists that returns it")
	assert.Equal(t, 1, strings.Count(faults[0], "add an OnStartup"), "what to do is said once")
	for i, says := range []string{"needed by: GET /tasks ", " POST /tasks ", " GET /tasks/{id} ", " PUT /tasks/{id} ", " PATCH /tasks/{id} ", " DELETE /tasks/{id} "} {
		assert.Contains(t, lines[1+i], says)
		assert.Contains(t, lines[1+i], harness.InThisFile())
	}
	assert.Contains(t, lines[3], " -> ResourceExists plan_test.", "the chain")
	assert.Equal(t, "           and 4 others: "+more, lines[7])
}

// TestOneMistakeOneFault has what newcomers wrote, and the one fault that they should read.
func TestOneMistakeOneFault(t *testing.T) {
	for name, c := range map[string]struct {
		declare func(app *restmachine.App)
		says    []string
	}{
		"facts for T where *T is returned": {func(app *restmachine.App) {
			app.ResourceExists(func() *task { return nil })
			app.GenerateETag(func(task) string { return "" })
			app.LastModified(func(task) time.Time { return time.Time{} })
			app.Get("/tasks/{id}", func(t *task) *task { return t })
			app.Get("/tasks/{id}/more", func(t *task) *task { return t })
		}, []string{"take *plan_test.task in the fact", "as in: GenerateETag", " beside GET /tasks/{id} ", "LastModified"}},
		"a fact for the loaded T where *T is returned": {func(app *restmachine.App) {
			app.ResourceExists(func() (task, bool) { return task{}, true })
			app.GenerateETag(func(task) string { return "" })
			app.Get("/tasks/{id}", func(t task) *task { return &t })
		}, []string{"take *plan_test.task in the fact"}},
		"no ResourceExists": {func(app *restmachine.App) {
			app.GenerateETag(tagOfTask)
			app.Forbidden(func(*task) bool { return false })
			app.Get("/tasks/{id}", func(t *task) newTask { return newTask{} }).
				Put(func(t *task, _ restmachine.Body[newTask]) newTask { return newTask{} }).
				IsConflict(func(*task) bool { return false })
		}, []string{saysNoProvider + " *plan_test.task", "GenerateETag plan_test.tagOfTask", "IsConflict"}},
		"a ResourceExists of the wrong form": {func(app *restmachine.App) {
			app.ResourceExists(func() task { return task{} })
			app.GenerateETag(tagOfTask)
			app.Get("/tasks/{id}", func(t *task) *task { return t })
		}, []string{"return *T, an interface"}},
		"an OnStartup that is a value": {func(app *restmachine.App) {
			app.OnStartup(&taskList{})
			app.Get("/tasks", func(*taskList) []task { return nil })
			app.Get("/all", func(tasks) []task { return nil })
		}, []string{"OnStartup: a value of type *plan_test.taskList is not a function; pass a function that returns it"}},
		"a handler of the wrong form": {func(app *restmachine.App) {
			app.ResourceExists(func() *task { return nil })
			app.GenerateETag(tagOfTask)
			app.Get("/tasks/{id}", func(t *task) (*task, int) { return t, 200 })
		}, []string{"use NewReply"}},
		"one path in two Groups": {func(app *restmachine.App) {
			public, members := app.Group("/"), app.Group("/")
			members.Authorized(func() bool { return true })
			public.Get("/tasks", func() []task { return nil })
			members.Post("/tasks", func(restmachine.Body[newTask]) {})
		}, []string{"/tasks is registered here through Group", "Authorized plan_test.", "register all methods of the path through one of the two", "take restmachine.Method"}},
		"one path and method in two Groups": {func(app *restmachine.App) {
			public, members := app.Group("/"), app.Group("/")
			members.Authorized(func() bool { return true })
			public.Get("/tasks", func() []task { return nil })
			members.Get("/tasks", func() []task { return nil })
		}, []string{"GET /tasks has two handlers", "remove one"}},
		"one path in a Group, and in the App": {func(app *restmachine.App) {
			v1 := app.Group("/v1")
			v1.ResourceExists(func() *task { return nil })
			app.Get("/v1/tasks", func() []task { return nil })
			v1.Put("/tasks", func(t *task, _ restmachine.Body[newTask]) {})
		}, []string{"/v1/tasks is registered here through Group"}},
		"a prefix without a slash": {func(app *restmachine.App) {
			v1 := app.Group("v1")
			v1.Authorized(func() bool { return true })
			v1.Get("/tasks", func() []task { return nil })
			v1.Get("/more", func() []task { return nil })
		}, []string{`does not begin with "/"`}},
		"a prefix that cannot be one": {func(app *restmachine.App) {
			v1 := app.Group("/v{1")
			v1.Authorized(func() bool { return true })
			v1.Get("/tasks", func() []task { return nil })
			v1.Get("/more", func() []task { return nil })
		}, []string{`the prefix "/v{1"`}},
		"a type that JSON cannot hold": {func(app *restmachine.App) {
			app.Post("/tasks", func(restmachine.Body[chan int]) {})
			app.Put("/tasks", func(restmachine.Body[chan int]) {})
		}, []string{"Body[chan int] cannot be read from JSON", "taken by: POST /tasks", "PUT /tasks"}},
		"ways round a gate": {func(app *restmachine.App) {
			app.ResourceExists(func() *task { return nil })
			app.Forbidden(func(*task) bool { return false })
			app.Get("/tasks/{id}", func(t *task) *task { return t })
			for _, part := range []string{"a", "b", "c", "d", "e"} {
				app.Get("/tasks/{id}/"+part, func() string { return "" })
			}
		}, []string{"/tasks/{id}/a (", "and 2 others"}},
		"writes that no client can guard": {func(app *restmachine.App) {
			app.ResourceExists(func() *task { return nil })
			app.GenerateETag(tagOfTask)
			app.Get("/whole", func(t *task) *task { return t })
			app.Get("/tasks/{id}", func(t *task) newTask { return newTask{} }).
				Put(func(*task, restmachine.Body[newTask]) {}).Delete(func(*task) {}).LockKey(restmachine.ByPath)
		}, []string{"PUT /tasks/{id} and DELETE /tasks/{id}: no client can guard the write"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := harness.NewPort(t)
			c.declare(p.App)
			faults := harness.FaultsOf(t, p.App)
			require.Len(t, faults, 1, "%s", strings.Join(faults, "\n"))
			for _, says := range c.says {
				assert.Contains(t, faults[0], says)
			}
		})
	}
}
