// Sessions signs users in by a cookie. A page of another site cannot use the cookie to change anything,
// and a cache cannot show the content of one user to another.
//
//	go run ./cookbook/sessions
package main

import (
	"context"
	"crypto/subtle"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// cookieName begins with __Host-: browsers take such a cookie only with Secure, with the path / and
// without a domain. So no other host of the domain can set it.
const cookieName = "__Host-session"

// lifetime is how long a session lasts.
const lifetime = 12 * time.Hour

// A User is who has signed in. Nobody is a nil *User.
type User struct{ Name string }

// A Login is the content that signs a user in.
type Login struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// A Note is what each user has one of.
type Note struct {
	Text string `json:"text"`
}

type (
	Notes     = store.Store[string, Note]
	Record    = store.Record[string, Note]
	Clock     func() time.Time // tests have another one
	Passwords func(Login) bool
)

type cookies struct {
	Token string `cookie:"__Host-session"`
}

// NewApp returns an App that asks a function whether a password is right.
func NewApp(passwords Passwords) *restmachine.App {
	app := restmachine.New(restmachine.WithChallenge("Cookie"))
	app.OnStartup(func() Passwords { return passwords })
	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(NewSessions)
	app.OnStartup(func() Notes { return new(store.Memory[string, Note]) })
	app.Dependency(func(in restmachine.Cookie[cookies], sessions *Sessions) *User { return sessions.User(in.Value.Token) })

	// Pages of other sites change nothing, on any path, and the login is one of them.
	var ours http.CrossOriginProtection
	app.Forbidden(func(r *http.Request) bool { return ours.Check(r) != nil })

	public, members := app.Group("/"), app.Group("/")
	public.Post("/session", signIn).Problems(errPassword)
	public.Delete("/session", signOut)
	public.Field("Set-Cookie", "The session.", 204) // for the document

	members.Authorized(func(u *User) bool { return u != nil })
	note := members.Resource("/note")
	note.LockKey(func(u *User) string { return "note of " + u.Name })
	note.ResourceExists(func(ctx context.Context, u *User, notes Notes) (Record, bool, error) { return notes.Get(ctx, u.Name) })
	note.GenerateETag(Record.ETag)
	note.CacheControl(func() string { return "private, no-cache" })
	note.Provides("application/json", func(r Record) Note { return r.Value })
	note.RequirePreconditions()
	note.Get(func(r Record) Record { return r })
	note.Put(func(ctx context.Context, was restmachine.Optional[Record], u *User, in restmachine.Body[Note], notes Notes) (Record, error) {
		return notes.Put(ctx, u.Name, in.Value, store.At(was.Value.Version))
	})
	return app
}

var errPassword = &restmachine.Problem{Status: http.StatusUnauthorized, Detail: "The name or the password is wrong."}

// signIn always makes a new session. The one that the request came with ends: it may be one that somebody
// else has put into the browser.
func signIn(in restmachine.Body[Login], old restmachine.Cookie[cookies], passwords Passwords, sessions *Sessions) (*restmachine.Reply[any], error) {
	if !passwords(in.Value) {
		return nil, errPassword
	}
	sessions.End(old.Value.Token)
	return withCookie(sessions.Begin(in.Value.Name), int(lifetime.Seconds())), nil
}

// signOut ends the session here, too: a copy of the cookie is worth nothing then.
func signOut(in restmachine.Cookie[cookies], sessions *Sessions) *restmachine.Reply[any] {
	sessions.End(in.Value.Token)
	return withCookie("", -1)
}

// withCookie is a 204 that sets the cookie, or takes it away if its age is negative.
func withCookie(token string, age int) *restmachine.Reply[any] {
	cookie := http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: age,
		Secure:   true,                 // never over plain HTTP
		HttpOnly: true,                 // no script reads it
		SameSite: http.SameSiteLaxMode, // other sites send it only with a link that somebody follows
	}
	reply := restmachine.NoContent[any]()
	reply.Header.Set("Set-Cookie", cookie.String())
	return reply
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A real service keeps a slow hash of each password: examples/authorization has one.
	passwords := func(l Login) bool {
		return l.Name != "" && subtle.ConstantTimeCompare([]byte(l.Password), []byte("open sesame")) == 1
	}
	if err := NewApp(passwords).ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
