package main

import (
	"mime"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// TestPage plays the session of the page.
func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

func as(client restmachinetest.Client, name string) restmachinetest.Client {
	return client.Header("Authorization", "Bearer token-of-"+name)
}

const path = "/files/1"

// upload puts a file of ten digits there, and returns its tag.
func upload(t *testing.T, ann restmachinetest.Client) string {
	t.Helper()
	return ann.Put(path+"?name=digits.txt").IfNoneMatch("*").Body("text/plain", "0123456789").Expect(t).Status(201).Body("").ETag()
}

func TestADownloadGoesOnWhereItBrokeOff(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	ann := as(restmachinetest.NewClient(app), "ann")
	tag := upload(t, ann)

	whole := ann.Get(path).Expect(t).Status(200).Body("0123456789").Header("Accept-Ranges", "bytes").
		Header("Content-Disposition", `attachment; filename="digits.txt"; filename*=UTF-8''digits.txt`).
		Header("Content-Type", "application/octet-stream").Header("X-Content-Type-Options", "nosniff")
	assert.Equal(t, tag, whole.ETag(), "the tag that the PUT told")
	part := ann.Get(path).Header("Range", "bytes=4-")
	part.Expect(t).Status(206).Body("456789").Header("Content-Range", "bytes 4-9/10")
	part.Header("If-Range", tag).Expect(t).Status(206)
	part.IfMatch(tag).Expect(t).Status(206)
	part.IfNoneMatch(tag).Expect(t).Status(304) // nothing to go on with: the client has it all
	ann.Get(path).Header("Range", "bytes=10-").Expect(t).Status(416).Header("Content-Range", "bytes */10").NoHeader("Content-Disposition")
	restmachinetest.CheckHead(t, whole.Response, ann.Head(path).Expect(t).Status(200).Response)

	// Somebody replaces the file meanwhile.
	put := ann.Put(path).Body("text/plain", "abcdefghij")
	put.Expect(t).Status(428)
	restmachinetest.RaceWrites(t, app, put.IfMatch(tag).Request(), 4)
	part.Header("If-Range", tag).Expect(t).Status(200).Body("abcdefghij") // the whole new one, and no mixture
	part.Header("If-Range", `W/`+tag).Expect(t).Status(200)
	part.IfMatch(tag).Expect(t).Status(412)
	ann.Delete(path).IfMatch(tag).Expect(t).Status(412)
	ann.Delete(path).IfMatch("*").Expect(t).Status(204)
}

// TestFilesArePrivate: nobody but the owner learns that a file is there.
func TestFilesArePrivate(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	tag := upload(t, as(client, "ann"))
	as(client, "ann").Get(path).Expect(t).Status(200).Header("Cache-Control", "private, no-cache")
	client.Get(path).Expect(t).Status(401)

	bob := as(client, "bob")
	missing := bob.Get("/files/2").Expect(t).Status(404)
	for _, call := range []restmachinetest.Call{
		bob.Get(path), bob.Get(path).IfNoneMatch(tag), bob.Get(path).Header("Range", "bytes=0-3"), bob.Get(path).Header("If-Range", tag),
	} {
		call.Expect(t).Status(404).Body(string(missing.Response.Body)).NoHeader("ETag").NoHeader("Content-Disposition")
	}
	bob.Put(path).IfMatch(tag).Body("text/plain", "x").Expect(t).Status(404)
	bob.Put(path).IfNoneMatch("*").Body("text/plain", "x").Expect(t).Status(404)
	bob.Delete(path).IfMatch(tag).Expect(t).Status(404)
	as(client, "ann").Get(path).IfNoneMatch(tag).Expect(t).Status(304)
}

// TestNames: each name comes back whole, and none breaks out of its field.
func TestNames(t *testing.T) {
	for _, name := range []string{"a.txt", "résumé.pdf", "ünï 100 %.txt", `a"b\c.txt`, "a;b=c.txt", "文書.txt", "a\r\nSet-Cookie: x", "../../etc/passwd", "a+b c.txt"} {
		field := disposition(name)
		assert.NotContains(t, field, "\n")
		kind, params, err := mime.ParseMediaType(regexp.MustCompile(` filename="[^"]*";`).ReplaceAllString(field, ""))
		require.NoError(t, err, field)
		assert.Equal(t, "attachment", kind)
		assert.Equal(t, name, params["filename"])
	}
	assert.Equal(t, `attachment; filename="r_sum_.pdf"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf`, disposition("résumé.pdf"))
}

// TestAssets: a browser keeps them for a year, and a new one has a new URI.
func TestAssets(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	index := client.Get("/").Expect(t).Status(200).Header("Cache-Control", "no-cache")
	style := regexp.MustCompile(`href="(.*?)"`).FindStringSubmatch(string(index.Response.Body))[1]
	asset := client.Get(style).Expect(t).Status(200).
		Header("Cache-Control", "public, max-age=31536000, immutable").Header("Content-Type", "text/css; charset=utf-8")
	restmachinetest.CheckNotModified(t, asset.Response, client.Get(style).IfNoneMatch(asset.ETag()).Expect(t).Status(304).Response)
	client.Get(style).Header("Range", "bytes=0-3").Expect(t).Status(206).Body("body")
	for _, missing := range []string{strings.Replace(style, "/assets/", "/assets/0", 1), style + "x"} {
		client.Get(missing).Expect(t).Status(404).Header("Cache-Control", "no-store")
	}
}

// TestDate: a client without tags goes on by the date, if the file is old enough for that.
func TestDate(t *testing.T) {
	app := NewApp()
	files, now := NewFiles(), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	files.Now = func() time.Time { return now }
	restmachine.Override(app, Files(files))
	ann := as(restmachinetest.NewClient(app), "ann")
	upload(t, ann)
	date := ann.Get(path).Expect(t).LastModified()
	part := ann.Get(path).Header("Range", "bytes=4-").Header("If-Range", date.Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	part.Expect(t).Status(206)
	now = now.Add(time.Hour)
	ann.Put(path).IfMatch("*").Body("text/plain", "abcdefghij").Expect(t).Status(204)
	part.Expect(t).Status(200).Body("abcdefghij")
}

// TestAnotherProcessWasFaster: the file that it has put there stays.
func TestAnotherProcessWasFaster(t *testing.T) {
	app, files := NewApp(), NewFiles()
	restmachine.Override(app, recipe.Overtaken(Files(files), func() {
		_, err := files.Put(t.Context(), "1", File{"ann", "a", []byte("theirs")}, store.Any())
		require.NoError(t, err)
	}))
	ann := as(restmachinetest.NewClient(app), "ann")
	ann.Put(path).IfNoneMatch("*").Body("text/plain", "mine").Expect(t).Status(412)
	ann.Get(path).Expect(t).Body("theirs")
}
