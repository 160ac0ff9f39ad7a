package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestTasks(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app) // finds every wiring fault without a request
	client := restmachinetest.NewClient(app)

	created := client.Post("/tasks").JSON(Task{Title: "Write a guide"}).Expect(t).Status(201)
	task, tag := created.Location(), created.ETag()

	client.Get(task).Expect(t).Status(200).Body(`{"title":"Write a guide","done":false}`)
	client.Get(task).IfNoneMatch(tag).Expect(t).Status(304)

	done := client.Put(task).IfMatch(tag).JSON(Task{Title: "Write a guide", Done: true})
	restmachinetest.RaceWrites(t, app, done.Request(), 8) // eight at once: one succeeds, seven are 412
	done.Expect(t).Status(412)

	client.Post("/tasks").JSON(Task{}).Expect(t).Status(422).Problem("needs a title")
	client.Delete(task).Expect(t).Status(204)
	client.Get(task).Expect(t).Status(404)
}
