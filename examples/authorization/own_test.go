// What the guide shows of tests: the wiring, and a few attempts. The other files of tests make
// many more.

package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestWhoSeesWhat(t *testing.T) {
	app, office := Tenants(), NewOffice()
	restmachine.Override(app, office)
	restmachinetest.Check(t, app) // faults of the wiring, and paths outside of their gates

	client := restmachinetest.NewClient(app).Watching(func() string { return office.String() })
	as := func(name string) restmachinetest.Client {
		return client.Header("Authorization", "Bearer token-of-"+name)
	}
	task := "/tenants/acme/projects/zeus/tasks/1"

	tag := as("ann").Get(task).Expect(t).Status(200).ETag()
	client.Get(task).Expect(t).Status(401)
	as("bob").Get(task).IfNoneMatch(tag).Expect(t).Status(403)
	as("eve").Delete(task).IfMatch(tag).Expect(t).Status(404)
}

// A client must not see which of the two it was.
func TestAHiddenTaskIsLikeAMissingOne(t *testing.T) {
	client := restmachinetest.NewClient(Tenants()).Header("Authorization", "Bearer token-of-eve")
	missing := client.Get("/tenants/none/projects/zeus/tasks/1").Expect(t).Status(404)
	client.Get("/tenants/acme/projects/zeus/tasks/1").Expect(t).Status(404).Body(string(missing.Response.Body))
}
