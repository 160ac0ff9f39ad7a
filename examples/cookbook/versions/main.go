// Versions serves one record as /v1 and as /v2. The old version says how long it will be there.
//
//	go run ./cookbook/versions
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Person is what is stored.
type Person struct{ Given, Family, Email string }

// PersonV1 is a person as /v1 shows it. It does not know of e-mail addresses.
type PersonV1 struct {
	Name string `json:"name"`
}

// PersonV2 is a person as /v2 shows it.
type PersonV2 struct {
	Given  string `json:"given"`
	Family string `json:"family"`
	Email  string `json:"email"`
}

// People keeps persons by their IDs.
type (
	People = store.Store[string, Person]
	Record = store.Record[string, Person]
)

func showV1(r Record) PersonV1 { return PersonV1{r.Value.Given + " " + r.Value.Family} }
func showV2(r Record) PersonV2 { return PersonV2(r.Value) }

// change changes p as a client of /v1 wants. What /v1 does not show stays as it is.
func (in PersonV1) change(p Person) Person {
	p.Given, p.Family, _ = strings.Cut(in.Name, " ")
	return p
}

func (in PersonV2) change(Person) Person { return Person(in) }

const v2Type = "application/vnd.example.v2+json"

// When /v1 was deprecated, and when it ends.
var (
	deprecated = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	sunset     = time.Date(2036, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// A Clock tells the time.
type Clock func() time.Time

// NewApp returns the App, with one person.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(func(ctx context.Context) (People, error) {
		people := new(store.Memory[string, Person])
		_, err := people.Put(ctx, "7", Person{"Ada", "Lovelace", "ada@example.com"}, store.Absent())
		return people, err
	})
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, people People) (Record, bool, error) {
		return people.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Record.ETag)
	app.CacheControl(func(Record) string { return "no-cache" })

	v1, v2 := app.Group("/v1"), app.Group("/v2")
	v1.Provides("application/json", showV1)
	v1.GenerateETag(func(r Record) conditional.ETag { return r.ETag().WithSuffix("v1") })
	v1.ServiceAvailable(isBefore)
	v1.FinishRequest(warn)
	v1.Problems(errEnded)
	v1.Field("Deprecation", "Since when /v1 should not be used.") // for the document
	v1.Field("Sunset", "When /v1 ends.")
	v1.Field("Link", "What to do instead: rel deprecation.")
	v2.Provides("application/json", showV2)
	v2.GenerateETag(func(r Record) conditional.ETag { return r.ETag().WithSuffix("v2") })

	onePerson(v1.Get("/people/{id}", show).Put(replace[PersonV1]))
	onePerson(v2.Get("/people/{id}", show).Put(replace[PersonV2]))

	// Or by media type, at one URI. The library tells these tags apart.
	both := app.Get("/people/{id}", show).Put(replace[PersonV2])
	both.Provides("application/json", showV1)
	both.Provides(v2Type, showV2)
	both.Accepts(v2Type, func(content []byte) (p PersonV2, err error) { return p, json.Unmarshal(content, &p) })
	onePerson(both)
	return app
}

// onePerson gives the paths of a person one lock, since all of them write one record.
func onePerson(r *restmachine.Resource) {
	r.RequirePreconditions()
	r.LockKey(func(path restmachine.PathParams) string { return "person " + path.Get("id") })
}

func show(r Record) Record { return r }

// replace is the PUT of each version.
func replace[T interface{ change(Person) Person }](ctx context.Context, r Record, in restmachine.Body[T], people People) (Record, error) {
	return people.Put(ctx, r.Key, in.Value.change(r.Value), store.At(r.Version))
}

// isBefore ends /v1 when its time has come: 410.
func isBefore(now Clock) (bool, error) {
	if now().Before(sunset) {
		return true, nil
	}
	return false, errEnded
}

var errEnded = &restmachine.Problem{Status: http.StatusGone, Detail: "/v1 has ended. Use /v2."}

// warn says in each answer of /v1, errors included, that it ends.
func warn(resp *restmachine.Response) {
	resp.Header.Set("Deprecation", "@"+strconv.FormatInt(deprecated.Unix(), 10)) // RFC 9745
	resp.Header.Set("Sunset", sunset.Format(http.TimeFormat))                    // RFC 8594
	resp.Header.Add("Link", `<https://example.com/migrate>; rel="deprecation"; type="text/html"`)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
