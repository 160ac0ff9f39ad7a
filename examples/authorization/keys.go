// A key in place of a token: a program sends it in a field of its own. The field comes in.
// The User goes out whose key it is, or nil, as from Caller. The gates stay as they are.

package main

import "github.com/restmachine/restmachine-go/restmachine"

// KeyField is the field with the key.
type KeyField struct {
	Key string `header:"X-Api-Key"`
}

// CallerByKey is a Dependency like Caller.
func CallerByKey(in restmachine.Header[KeyField], keys *Tokens) *User { return keys.User(in.Value.Key) }

// HasKey is a gate whose 401 says that a key is needed.
func HasKey(u *User) (challenge string, ok bool) { return `ApiKey realm="notes"`, u != nil }
