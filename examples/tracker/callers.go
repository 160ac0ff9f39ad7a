// Who calls. The fields of a request come in. The User goes out whose token they carry, or
// nil. It decides nothing: the gates decide.

package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A User is who sent the request. Nobody is a nil *User.
type User struct{ Name string }

// Caller is the Dependency that finds the User. It is asked at most once per request.
func Caller(ctx context.Context, h http.Header, m restmachine.Method, store *Store) (*User, error) {
	return store.User(ctx, tokenIn(h, m))
}

func isKnown(u *User) bool { return u != nil }

// tokenIn returns the token of a request. Programs send it in Authorization. Browsers send the
// cookie, which counts for reading alone: another site can make a browser write, and the
// browser would add the cookie.
func tokenIn(h http.Header, m restmachine.Method) string {
	if lines := h.Values("Authorization"); len(lines) == 1 {
		if scheme, token, _ := strings.Cut(lines[0], " "); strings.EqualFold(scheme, "Bearer") { // RFC 9110, 11.1
			return token
		}
	} else if len(lines) == 0 && m.Safe() {
		if cookie, err := (&http.Request{Header: h}).Cookie("token"); err == nil {
			return cookie.Value
		}
	}
	return ""
}

// logIn takes the form of the start page, and answers with the cookie.
func logIn(ctx context.Context, in restmachine.Body[url.Values], store *Store) (*restmachine.Reply[string], error) {
	token := in.Value.Get("token")
	user, err := store.User(ctx, token)
	if err != nil {
		return nil, err
	}
	if user == nil {
		var bad restmachine.Invalid
		bad.Add("/token", "is not the token of a user")
		return nil, bad.Err()
	}
	cookie := http.Cookie{Name: "token", Value: token, Path: "/teams", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode}
	reply := restmachine.SeeOther[string]("/teams")
	reply.Header.Set("Set-Cookie", cookie.String())
	return reply, nil
}
