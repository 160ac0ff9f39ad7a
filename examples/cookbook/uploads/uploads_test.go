package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestPage(t *testing.T) { recipe.Check(t, NewApp(t.TempDir())) }

// open returns a client that watches the folder: whatever is refused leaves nothing there.
func open(t *testing.T) (client restmachinetest.Client, app *restmachine.App, folder string) {
	t.Helper()
	folder = t.TempDir()
	app = NewApp(folder)
	restmachinetest.Check(t, app)
	return restmachinetest.NewClient(app).Watching(func() string { return fmt.Sprint(names(t, folder)) }), app, folder
}

func names(t *testing.T, folder string) (all []string) {
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func tagOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

const bin = "application/octet-stream"

func TestPut(t *testing.T) {
	client, _, _ := open(t)
	put := client.Put("/files/a.txt")
	put.Body(bin, "one").Expect(t).Status(428)
	put.IfMatch("*").Body(bin, "one").Expect(t).Status(412)
	put.IfNoneMatch("*").Body(bin, "one").Expect(t).Status(201).Header("ETag", tagOf("one"))
	put.IfNoneMatch("*").Body(bin, "two").Expect(t).Status(412)
	put.IfMatch(tagOf("two")).Body(bin, "two").Expect(t).Status(412)
	put.IfMatch(tagOf("one")).Body(bin, "").Expect(t).Status(204).Header("ETag", tagOf(""))
	put.IfMatch("*").Header("Content-Range", "bytes 0-2/9").Body(bin, "one").Expect(t).Status(400).Problem("send the whole content")
	client.Delete("/files/a.txt").Expect(t).Status(428)
	client.Delete("/files/a.txt").IfMatch(tagOf("")).Expect(t).Status(204)
	client.Get("/files/a.txt").Expect(t).Status(404).NoHeader("Content-Disposition")
}

func TestGet(t *testing.T) {
	client, _, _ := open(t)
	client.Put("/files/a.txt").IfNoneMatch("*").Body("text/html", "0123456789").Expect(t).Status(201)
	get := client.Get("/files/a.txt")
	file := get.Expect(t).Status(200).Body("0123456789").Header("ETag", tagOf("0123456789")).
		Header("Content-Type", bin).Header("Content-Disposition", "attachment").Header("X-Content-Type-Options", "nosniff")
	restmachinetest.CheckNotModified(t, file.Response, get.IfNoneMatch(file.ETag()).Expect(t).Status(304).Response)
	restmachinetest.CheckNotModified(t, file.Response, get.IfModifiedSince(file.LastModified()).Expect(t).Status(304).Response)
	restmachinetest.CheckHead(t, file.Response, client.Head("/files/a.txt").Expect(t).Response)
	part := get.Header("Range", "bytes=7-")
	part.Header("If-Range", file.ETag()).Expect(t).Status(206).Body("789")
	part.Header("If-Range", tagOf("another")).Expect(t).Status(200).Body("0123456789")
	get.Header("Range", "bytes=10-").Expect(t).Status(416)
}

// TestOneOfManyCreates: of eight uploads under one new name, one is kept; and so for a new content.
func TestOneOfManyCreates(t *testing.T) {
	client, app, _ := open(t)
	create := client.Put("/files/a.txt").IfNoneMatch("*").Body(bin, "one")
	restmachinetest.RaceWrites(t, app, create.Request(), 8)
	restmachinetest.RaceWrites(t, app, client.Put("/files/a.txt").IfMatch(tagOf("one")).Body(bin, "two").Request(), 8)
}

// form makes a form of parts: name, file name and content in turn.
func form(t *testing.T, parts ...string) (mediaType, content string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for ; len(parts) > 0; parts = parts[3:] {
		part, err := w.CreateFormFile(parts[0], parts[1])
		require.NoError(t, err)
		_, err = io.WriteString(part, parts[2])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return w.FormDataContentType(), out.String()
}

func TestForm(t *testing.T) {
	_, app, folder := open(t)
	client := restmachinetest.NewClient(app) // a content may lie there without a name: nobody can ask for it
	post := client.Post("/files")
	before := client.Get("/files").Expect(t).Status(200).Body("{}").ETag()
	created := post.Body(form(t, "file", "../a b.txt", "one")).Expect(t).Status(201)
	assert.Equal(t, "/files/a%20b.txt", created.Location(), "the folder that the client named does not count")
	client.Get(created.Location()).IfNoneMatch(created.ETag()).Expect(t).Status(304)
	client.Get(created.Location()).Expect(t).Status(200).Body("one")
	post.Body(form(t, "file", "a b.txt", "two")).Expect(t).Status(409).Problem("a file of this name")
	client.Get("/files").IfNoneMatch(before).Expect(t).Status(200)
	post.IfMatch(before).Body(form(t, "file", "c", "three")).Expect(t).Status(412)
	assert.Contains(t, names(t, folder), strings.Trim(tagOf("one"), `"`))
}

func TestFormsThatAreRefused(t *testing.T) {
	client, _, folder := open(t)
	post := client.Post("/files")
	media, whole := form(t, "file", "a.txt", "one")
	post.Body("application/x-www-form-urlencoded", "file=one").Expect(t).Status(415)
	post.Body("multipart/form-data", whole).Expect(t).Status(400) // without its boundary
	post.Body(media, "").Expect(t).Status(400)
	post.Body(media, whole[:len(whole)-10]).Expect(t).Status(400).Problem("not a form")
	post.Body(form(t, "document", "a.txt", "one")).Expect(t).Status(422).Problem("called file")
	post.Body(form(t, "file", "", "one")).Expect(t).Status(422)
	post.Body(form(t, "file", strings.Repeat("a", 101), "one")).Expect(t).Status(422)
	post.Body(form(t, "file", "a.txt", strings.Repeat("a", maxUpload))).Expect(t).Status(413)
	client.Put("/files/a.txt").IfNoneMatch("*").Body(bin, strings.Repeat("a", maxUpload+1)).Expect(t).Status(413)
	assert.Empty(t, names(t, folder))
}

// TestASecondPartIsRefused: its content is in the folder, and no name leads there.
func TestASecondPartIsRefused(t *testing.T) {
	client := restmachinetest.NewClient(NewApp(t.TempDir()))
	client.Post("/files").Body(form(t, "file", "a.txt", "one", "file", "b.txt", "two")).Expect(t).Status(400)
	client.Get("/files").Expect(t).Status(200).Body("{}")
}

// TestOnTheWire: content whose length nobody said is counted as it comes, and an upload that is cut off
// leaves nothing behind.
func TestOnTheWire(t *testing.T) {
	_, app, folder := open(t)
	server := httptest.NewServer(app)
	defer server.Close()
	media, content := form(t, "file", "a.txt", strings.Repeat("a", maxUpload))
	resp, err := server.Client().Post(server.URL+"/files", media, io.MultiReader(strings.NewReader(content)))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, 413, resp.StatusCode)

	for _, request := range []string{"POST /files HTTP/1.1\r\nContent-Type: " + media, "PUT /files/a.txt HTTP/1.1\r\nIf-None-Match: *"} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		_, err = fmt.Fprintf(conn, "%s\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", request, len(content)/2, content[:1000])
		require.NoError(t, err)
		require.NoError(t, conn.(*net.TCPConn).CloseWrite())
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Contains(t, string(answer), " 400 Bad Request", request)
		require.NoError(t, conn.Close())
	}
	assert.Empty(t, names(t, folder))
	restmachinetest.CheckIdle(t, app)
}
