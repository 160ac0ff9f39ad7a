// Peruser shows different content at one URI to different users, and no cache mixes it up.
//
//	go run ./cookbook/peruser
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Profile is what is stored of a user, and what the user sees of it.
type Profile struct {
	Bio   string `json:"bio"`
	Email string `json:"email"`
}

// A Public is what everybody else sees.
type Public struct {
	Bio string `json:"bio"`
}

// Profiles keeps profiles by the names of their users.
type (
	Profiles = store.Store[string, Profile]
	Record   = store.Record[string, Profile]
)

// A View is a profile for one caller.
type View struct {
	Record
	Own bool // it is the caller's
}

// ETag is the tag of what the caller sees: the two views of one record differ.
func (v View) ETag() conditional.ETag {
	if v.Own {
		return v.Record.ETag().WithSuffix("own")
	}
	return v.Record.ETag()
}

// Show returns what the caller sees.
func (v View) Show() any {
	if v.Own {
		return v.Value
	}
	return Public{v.Value.Bio}
}

// A User is who calls; "" is nobody.
type User string

// Cookies are what a browser sends. The library writes Vary: Cookie, since they are read.
type Cookies struct {
	Session string `cookie:"session"`
}

// Caller finds the user of a session. A real program looks it up.
func Caller(in restmachine.Cookie[Cookies]) User {
	return map[string]User{"of-ann": "ann", "of-bob": "bob"}[in.Value.Session]
}

// NewApp returns the App, with two users.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(newProfiles)
	app.Dependency(Caller)
	app.GenerateETag(View.ETag)
	app.CacheControl(func(View) string { return "private, no-cache" })
	app.Provides("application/json", View.Show)

	user := app.Get("/users/{name}", show).Put(replace)
	user.ResourceExists(func(ctx context.Context, path restmachine.PathParams, all Profiles) (Record, bool, error) {
		return all.Get(ctx, path.Get("name"))
	})
	user.Forbidden(func(m restmachine.Method, path restmachine.PathParams, u User) bool {
		return !m.Safe() && path.Get("name") != string(u)
	})
	user.LockKey(func(path restmachine.PathParams) string { return "user " + path.Get("name") })
	user.RequirePreconditions()

	// The same record, without its name in the path.
	me := app.Get("/me", show).Put(replace)
	me.Authorized(func(u User) bool { return u != "" })
	me.ResourceExists(func(ctx context.Context, u User, all Profiles) (Record, bool, error) {
		return all.Get(ctx, string(u))
	})
	me.LockKey(func(u User) string { return "user " + string(u) })
	me.RequirePreconditions()
	return app
}

func show(r Record, u User) View { return View{r, r.Key == string(u)} }

func replace(ctx context.Context, r Record, in restmachine.Body[Profile], u User, all Profiles) (View, error) {
	r, err := all.Put(ctx, r.Key, in.Value, store.At(r.Version))
	return show(r, u), err
}

func newProfiles(ctx context.Context) (Profiles, error) {
	all := new(store.Memory[string, Profile])
	for name, p := range map[string]Profile{
		"ann": {"Gardener.", "ann@example.com"},
		"bob": {"Baker.", "bob@example.com"},
	} {
		if _, err := all.Put(ctx, name, p, store.Absent()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
