// restmachine with many routes and many resources.

package contest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"
	"github.com/restmachine/restmachine-go/restmachine"
)

func theOne(s *Store) *Document { return s.Document("doc1") }

func theOnePlain(s *Store) *plainDocument { return (*plainDocument)(theOne(s)) }

func many(n int, exists, tag, date, get restmachine.Func) *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewStore)
	app.ResourceExists(exists)
	app.GenerateETag(tag)
	app.LastModified(date)
	for i := range n {
		app.Get(pattern(i), get)
	}
	return started(app)
}

func manyOurs(n int) *restmachine.App { return many(n, theOne, version, modified, read) }

func manyPlain(n int) *restmachine.App {
	return many(n, theOnePlain, versionPlain, modifiedPlain, readPlain)
}

// A Start builds a service of so many resources, each with GET and PUT, up to
// where it can answer.
type Start struct {
	Name  string
	Build func(resources int) http.Handler
}

// Starts lists those whose start-up is measured.
func Starts() []Start {
	return []Start{
		{Floor, startByHand},
		{Plain, func(n int) http.Handler {
			return startApp(n, findPlain, versionPlain, modifiedPlain, readPlain, replacePlain)
		}},
		{Ours, func(n int) http.Handler {
			return startApp(n, find, version, modified, read, replace)
		}},
	}
}

func startApp(n int, exists, tag, date, get, put restmachine.Func) *restmachine.App {
	app := restmachine.New()
	if n > 1 {
		app.LockKey(restmachine.ByPath) // each path has documents of its own
	}
	app.OnStartup(NewStore)
	app.ResourceExists(exists)
	app.GenerateETag(tag)
	app.LastModified(date)
	for i := range n {
		app.Get(resource(i), get)
		app.Put(resource(i), put)
	}
	return started(app)
}

func startByHand(n int) http.Handler {
	s, router := NewStore(), httprouter.New()
	for i := range n {
		path := strings.NewReplacer("{", ":", "}", "").Replace(resource(i))
		router.GET(path, func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
			getByHand(w, r, s.Document(ps.ByName("id")))
		})
		router.PUT(path, func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
			putByHand(w, r, s, s.Document(ps.ByName("id")))
		})
	}
	return router
}

func resource(i int) string { return fmt.Sprintf("/tenants/t%d/documents/{id}", i) }
