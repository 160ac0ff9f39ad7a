package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestList: the list shows each task as a client may see it, and has another tag after each write.
func TestList(t *testing.T) {
	app := NewApp()
	addList(app)
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)
	empty := client.Get("/tasks").Expect(t).Status(200).Body("[]").ETag()
	task := client.Post("/tasks").JSON(Task{Title: "Write a guide"}).Expect(t).Status(201).Location()
	var rows []Row
	listed := client.Get("/tasks").IfNoneMatch(empty).Expect(t).Status(200).JSON(&rows)
	assert.Equal(t, []Row{{task[len("/tasks/"):], Task{Title: "Write a guide"}}}, rows)
	client.Get("/tasks").IfNoneMatch(listed.ETag()).Expect(t).Status(304)
	client.Delete(task).Expect(t).Status(204)
	client.Get("/tasks").IfNoneMatch(listed.ETag()).Expect(t).Status(200).Body("[]")
}
