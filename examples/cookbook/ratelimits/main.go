// Ratelimits answers 429 to a caller that asks too often, and says when to come again. Who is known is
// counted by name, and who is not by address.
//
//	go run ./cookbook/ratelimits
package main

import (
	"context"
	"log"
	"math"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A User is who sent the request. Nobody is a nil *User.
type User struct{ Name string }

// A Report is what there is to read.
type Report struct {
	Text string `json:"text"`
}

type Clock func() time.Time // tests have another one

// NewApp returns an App that limits its callers: those that it knows, and those that it does not.
func NewApp(known, unknown Rate) *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Clock { return time.Now })
	app.Dependency(caller)
	byName, byAddress := NewLimits(known), NewLimits(unknown)

	free, limited := app.Group("/"), app.Group("/")
	free.Get("/readyz", app.Ready) // a balancer may ask as often as it likes
	limited.ServiceAvailable(func(u *User, r *http.Request, m restmachine.Method, now Clock) (bool, error) {
		cost := 1
		if !m.Safe() {
			cost = 5 // a write is more work
		}
		wait := time.Duration(0)
		if u != nil {
			wait = byName.Take(u.Name, cost, now())
		} else {
			wait = byAddress.Take(network(r.RemoteAddr), cost, now())
		}
		return wait == 0, tooMany(wait)
	})
	limited.Authorized(func(u *User) bool { return u != nil })

	report := limited.Resource("/report")
	report.ResourceExists(func() *Report { return &Report{"All is well."} })
	report.GenerateETag(func(r *Report) string { return restmachine.HashETag(r) })
	report.CacheControl(func() string { return "private, max-age=60" }) // whoever caches asks less often
	report.Get(func(r *Report) *Report { return r })
	report.Post(func(r *Report) {})
	return app
}

// tooMany is the 429 that tells the wait in whole seconds. Less than the wait would be refused again.
func tooMany(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	return &restmachine.Problem{Status: http.StatusTooManyRequests, Detail: "Ask again in " + seconds + " s.",
		Header: http.Header{"Retry-After": {seconds}}}
}

// caller finds out who asks. The tokens of a real service are in its database.
func caller(h http.Header) *User {
	switch token, _ := strings.CutPrefix(h.Get("Authorization"), "Bearer "); token {
	case "token-of-ann":
		return &User{"ann"}
	case "token-of-bob":
		return &User{"bob"}
	}
	return nil
}

// network is the address that a connection comes from. Of IPv6 it is the first half, since one caller has
// all addresses that begin so.
func network(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return "unknown"
	}
	address := at.Addr().Unmap().WithZone("")
	if address.Is6() {
		prefix, _ := address.Prefix(64) // 64 bits are never too many
		return prefix.String()
	}
	return address.String()
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app := NewApp(Rate{PerSecond: 0.5, Burst: 10}, Rate{PerSecond: 0.1, Burst: 3})
	if err := app.ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
