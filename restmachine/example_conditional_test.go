// Validators, and what clients do with them: a 304 that spares the content, a
// 412 that saves somebody's work.

package restmachine_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

func ExampleFacts_GenerateETag() {
	app := newBlog()
	app.GenerateETag(func(p *Post) string { return fmt.Sprintf("%s-%d", p.ID, p.Version) })
	app.Get("/posts/{id}", (*Post).itself)

	show(app.Execute(restmachine.Request{Path: "/posts/1"}), "ETag")
	show(app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{"If-None-Match": {`"1-1"`}}}), "ETag")
	// Output:
	// 200 ETag: "1-1" {"id":"1","title":"Hello"}
	// 304 ETag: "1-1"
}

func ExampleFacts_LastModified() {
	app := newBlog()
	app.LastModified(func(p *Post) time.Time { return p.UpdatedAt })
	app.Get("/posts/{id}", (*Post).itself)

	seen := http.Header{"If-Modified-Since": {"Mon, 15 Jan 2024 10:00:00 GMT"}}
	show(app.Execute(restmachine.Request{Path: "/posts/1", Header: seen}), "Last-Modified")
	// Output: 304 Last-Modified: Mon, 15 Jan 2024 10:00:00 GMT
}

func ExampleFacts_Expires() {
	app := newBlog()
	app.Expires(func(p *Post) time.Time { return p.UpdatedAt.AddDate(1, 0, 0) })
	app.Get("/posts/{id}", (*Post).itself)

	show(app.Execute(restmachine.Request{Method: "HEAD", Path: "/posts/1"}), "Expires")
	// Output: 200 Expires: Wed, 15 Jan 2025 10:00:00 GMT
}

func ExampleFacts_CacheControl() {
	app := newBlog()
	app.CacheControl(func(*Post) string { return "max-age=60" })
	app.Get("/posts/{id}", (*Post).itself)

	show(app.Execute(restmachine.Request{Path: "/posts/1"}), "Cache-Control")
	// Output: 200 Cache-Control: max-age=60 {"id":"1","title":"Hello"}
}

// A list has no version of its own: its tag is a hash of the content.
func ExampleFacts_AutoETag() {
	posts := []string{"Hello"}
	app := restmachine.New()
	list := app.Resource("/posts")
	list.AutoETag(restmachine.Strong)
	list.Get(func() []string { return posts })

	seen := app.Execute(restmachine.Request{Path: "/posts"}).Header["Etag"]
	again := restmachine.Request{Path: "/posts", Header: http.Header{"If-None-Match": seen}}
	show(app.Execute(again))
	posts = append(posts, "Good day")
	show(app.Execute(again))
	// Output:
	// 304
	// 200 ["Hello","Good day"]
}

// Nobody overwrites what they have not seen.
func ExampleFacts_RequirePreconditions() {
	app := newBlog()
	app.RequirePreconditions()
	app.GenerateETag(func(p *Post) string { return fmt.Sprint(p.Version) })
	app.Get("/posts/{id}", (*Post).itself)
	app.Delete("/posts/{id}", func(p *Post, db *Database) { db.Delete(p) })

	for _, header := range []http.Header{nil, {"If-Match": {`"0"`}}, {"If-Match": {`"1"`}}} {
		fmt.Println(app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1", Header: header}).StatusCode)
	}
	// Output:
	// 428
	// 412
	// 204
}

// Of two writes, only the action requires a precondition: the methods are named. The nearest
// RequirePreconditions holds alone.
func ExampleFacts_RequirePreconditions_methods() {
	app := newBlog()
	app.RequirePreconditions()
	app.GenerateETag(func(p *Post) string { return fmt.Sprint(p.Version) })
	app.Get("/posts/{id}", (*Post).itself)
	publish := app.Post("/posts/{id}/publish", func(*Post) {})
	publish.Put(func(*Post) {})
	publish.RequirePreconditions("POST")

	for _, method := range []string{"POST", "PUT"} {
		fmt.Println(method, app.Execute(restmachine.Request{Method: method, Path: "/posts/1/publish"}).StatusCode)
	}
	tag := http.Header{"If-Match": {`"1"`}}
	fmt.Println("POST", app.Execute(restmachine.Request{Method: "POST", Path: "/posts/1/publish", Header: tag}).StatusCode)
	// Output:
	// POST 428
	// PUT 204
	// POST 204
}

// Two paths lead to one post. They share its key, so that writes by either wait
// for each other, and one may call the other.
func ExampleFacts_LockKey() {
	app := newBlog()
	app.LockKey(func(path restmachine.PathParams) string { return path.Get("id") })
	app.Put("/posts/{id}", func(p *Post, db *Database) *Post { return db.Save(*p) })
	app.Put("/drafts/{id}", func(ctx context.Context, p *Post) string {
		resp := app.ExecuteContext(ctx, restmachine.Request{Method: "PUT", Path: "/posts/" + p.ID})
		return fmt.Sprint("the post says ", resp.StatusCode)
	})

	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/drafts/1"}))
	// Output: 200 the post says 200
}

// The user of a path without a name is one of those with one. /me and /users/{id} have no
// key in common, so the App does not start until both say what it is.
func ExampleFacts_LockKey_twoPaths() {
	type User struct{ ID, Name string }
	app := restmachine.New()
	app.ResourceExists(func(path restmachine.PathParams) *User { return &User{Name: "Ada"} })
	app.GenerateETag(func(u *User) string { return restmachine.HashETag(u) })
	me := app.Get("/me", func(u *User) *User { return u }).Delete(func(*User) {})
	one := app.Get("/users/{id}", func(u *User) *User { return u }).Delete(func(*User) {})
	fmt.Println(app.Validate() != nil)

	me.LockKey(func(h http.Header) string { return "user " + h.Get("X-User") })
	one.LockKey(func(path restmachine.PathParams) string { return "user " + path.Get("id") })
	fmt.Println(app.Validate())
	// Output:
	// true
	// <nil>
}

// A page on each of two paths is a record of its own, though both are a *Page.
func ExampleByPath() {
	type Page struct{ Text string }
	app := restmachine.New()
	app.ResourceExists(func(r *http.Request) *Page { return &Page{r.URL.Path} })
	app.GenerateETag(func(p *Page) string { return restmachine.HashETag(p) })
	for _, path := range []string{"/about", "/contact"} {
		page := app.Get(path, func(p *Page) *Page { return p }).Delete(func(*Page) {})
		page.LockKey(restmachine.ByPath)
	}

	fmt.Println(app.Validate())
	// Output: <nil>
}

// A gauge for metrics, here looked at from inside of a write.
func ExampleApp_LocksHeld() {
	app := newBlog()
	app.Put("/posts/{id}", func(*Post) string { return fmt.Sprint(app.LocksHeld(), " locked") })

	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1"}))
	fmt.Println(app.LocksHeld())
	// Output:
	// 200 1 locked
	// 0
}

// A page for people who ask why a write hangs.
func ExampleApp_Locks() {
	app := newBlog()
	app.Put("/posts/{id}", func(*Post) string {
		held := app.Locks()[0]
		return fmt.Sprintf("%s is held by %s %s; %d wait", held.Key, held.Holder.Method, held.Holder.Path, len(held.Waiters))
	})

	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1"}))
	fmt.Println(len(app.Locks()))
	// Output:
	// 200 /posts/1 is held by PUT /posts/1; 0 wait
	// 0
}

// Each lock has its key, and the requests that wait for it.
func ExampleLock() {
	app := newBlog()
	app.Put("/posts/{id}", func(*Post) {
		for _, lock := range app.Locks() {
			fmt.Println(lock.Key, "is locked;", len(lock.Waiters), "wait")
		}
	})

	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1"}))
	// Output:
	// /posts/1 is locked; 0 wait
	// 204
}

// A holder is a request. Its route says which handler holds the lock.
func ExampleLockStay() {
	app := newBlog()
	app.Put("/posts/{id}", func(*Post) {
		holder := app.Locks()[0].Holder
		fmt.Println(holder.Method, holder.Path, holder.Route, time.Since(holder.Since) < time.Hour)
	})

	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1"}))
	// Output:
	// PUT /posts/1 /posts/{id} true
	// 204
}

// Equal values have equal tags.
func ExampleHashETag() {
	one, two := OpenDatabase().Post("1"), OpenDatabase().Post("1")
	fmt.Println(restmachine.HashETag(one) == restmachine.HashETag(two))
	fmt.Println(restmachine.HashETag("Hello"))
	// Output:
	// true
	// "GF-NsyJx_iX1Yab8k4suJg"
}

func ExampleTimeETag() {
	day := time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)
	fmt.Println(restmachine.TimeETag(day), restmachine.TimeETag(day.Add(1)))
	fmt.Printf("%q\n", restmachine.TimeETag(time.Time{}))
	// Output:
	// "s7ars0.0" "s7ars0.1"
	// ""
}

// A count of views that changes need not make clients get the post again.
func ExampleWeakETag() {
	fmt.Println(restmachine.WeakETag("1-7"), restmachine.WeakETag(`"1-7"`), restmachine.WeakETag(`W/"1-7"`))
	// Output: W/"1-7" W/"1-7" W/"1-7"
}

// A fact may return an ETag, with its quotes, in place of a string.
func ExampleETag() {
	app := newBlog()
	app.GenerateETag(func(p *Post) restmachine.ETag { return restmachine.ETag(`W/"seven"`) })
	app.Get("/posts/{id}", (*Post).itself)

	show(app.Execute(restmachine.Request{Method: "HEAD", Path: "/posts/1"}), "ETag")
	// Output: 200 ETag: W/"seven"
}

// A weak tag spares content, but guards no write.
func ExampleStrength() {
	for _, strength := range []restmachine.Strength{restmachine.Strong, restmachine.Weak} {
		app := newBlog()
		app.AutoETag(strength)
		app.Get("/posts/{id}", (*Post).itself)
		app.Delete("/posts/{id}", func(p *Post, db *Database) { db.Delete(p) })

		tag := app.Execute(restmachine.Request{Path: "/posts/1"}).Header["Etag"]
		get := app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{"If-None-Match": tag}})
		del := app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1", Header: http.Header{"If-Match": tag}})
		fmt.Println(get.StatusCode, del.StatusCode)
	}
	// Output:
	// 304 204
	// 304 412
}

// After a backup was restored, the tag is the one that the client knows, and the
// date is not.
func ExamplePolicy() {
	for _, policy := range []restmachine.Policy{restmachine.Combine, restmachine.RFC9110} {
		app := newBlog(restmachine.WithPrecedence(policy))
		app.GenerateETag(func(p *Post) string { return fmt.Sprint(p.Version) })
		app.LastModified(func(p *Post) time.Time { return p.UpdatedAt })
		app.Get("/posts/{id}", (*Post).itself)

		resp := app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{
			"If-None-Match":     {`"1"`},
			"If-Modified-Since": {"Sun, 14 Jan 2024 10:00:00 GMT"},
		}})
		fmt.Println(policy, resp.StatusCode)
	}
	// Output:
	// Combine 200
	// RFC9110 304
}
