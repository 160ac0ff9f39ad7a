package main

import (
	"bufio"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestPage plays the session of the page.
func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

// say says a message, and returns what a stream sends of it.
func say(t *testing.T, client restmachinetest.Client, text string) (data string) {
	t.Helper()
	return string(client.Post("/messages").JSON(NewMessage{text}).Expect(t).Status(201).Response.Body)
}

func TestMessagesComeAtOnceAndAreNotMissed(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)
	first := say(t, client, "one")

	live := client.Get("/messages/live").Stream(t).Status(200).
		Header("Content-Type", "text/event-stream").Header("Cache-Control", "no-store")
	live.Event("all", `{"messages":[`+first+`]}`)
	live.Event("message", say(t, client, "two"))
	live.Close()

	missed := []string{say(t, client, "three"), say(t, client, "four")}
	again := live.Reconnect()
	for _, data := range missed {
		again.Event("message", data)
	}
	again.Event("message", say(t, client, "five"))
}

// TestWhoWasAwayForTooLong: what is not kept any more comes as the whole, and so does everything
// for a client that was here before the program began anew.
func TestWhoWasAwayForTooLong(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	say(t, client, "0")
	live := client.Get("/messages/live").Stream(t)
	assert.NotEmpty(t, live.Next().ID)
	live.Close()
	for i := range kept {
		say(t, client, fmt.Sprint(i))
	}
	live.Reconnect().Event("message", string(messageOf(t, client, 0))) // the last moment
	say(t, client, "one too many")

	var all Messages
	again := live.Reconnect()
	event := again.JSON(&all)
	assert.Equal(t, "all", event.Name)
	assert.Len(t, all.Messages, kept)
	assert.Equal(t, "one too many", all.Messages[kept-1].Text)

	for _, id := range []string{"OTHERRUN-1", "nonsense", event.ID + "0", "-1"} {
		stream := client.Get("/messages/live").Header("Last-Event-ID", id).Stream(t)
		assert.Equal(t, "all", stream.Next().Name, id)
	}
}

// messageOf returns a message of the list as JSON.
func messageOf(t *testing.T, client restmachinetest.Client, n int) []byte {
	t.Helper()
	var all Messages
	client.Get("/messages").Expect(t).JSON(&all)
	require.Greater(t, len(all.Messages), n)
	return fmt.Appendf(nil, `{"id":%q,"text":%q}`, all.Messages[n].ID, all.Messages[n].Text)
}

func TestTheListHasATag(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	tag := client.Get("/messages").Expect(t).Status(200).Body(`{"messages":[]}`).ETag()
	client.Get("/messages").IfNoneMatch(tag).Expect(t).Status(304)
	say(t, client, "one")
	client.Get("/messages").IfNoneMatch(tag).Expect(t).Status(200)
	client.Post("/messages").IfMatch(tag).JSON(NewMessage{"late"}).Expect(t).Status(412)
	client.Post("/messages").JSON(NewMessage{}).Expect(t).Status(422).Problem("needs a text")
	client.Head("/messages/live").Expect(t).Status(200).Body("")
}

// TestHeartbeat: a client that hears nothing gets a comment, which an EventSource passes over.
func TestHeartbeat(t *testing.T) {
	live := restmachinetest.NewClient(NewApp(restmachine.WithHeartbeat(time.Millisecond))).Get("/messages/live").Stream(t)
	lines := bufio.NewScanner(live)
	for lines.Scan() {
		if line := lines.Text(); line != "" && line[0] == ':' {
			return
		}
	}
	t.Error("the stream ended")
}

func TestTheServerEnds(t *testing.T) {
	app := NewApp()
	live := restmachinetest.NewClient(app).Get("/messages/live").Stream(t)
	live.Event("all", `{"messages":[]}`)
	app.Drain()
	live.Ended()
}
