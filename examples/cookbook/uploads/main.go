// Uploads keeps files. A file comes as the content of a PUT, or in a form. It goes to the disk while it
// comes, and its entity-tag is the hash of its content.
//
//	go run ./cookbook/uploads
package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

const maxUpload = 8 << 20 // bytes

// Files knows each upload by its name. Its content lies in the Folder.
type (
	Files  = store.Store[string, File]
	Record = store.Record[string, File]
)

// NewApp returns an App that keeps contents in a folder.
func NewApp(folder string) *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Files { return new(store.Memory[string, File]) })
	app.OnStartup(func() Folder { return Folder(folder) })

	all := app.Resource("/files")
	all.MaxBody(maxUpload)
	all.Get(func(ctx context.Context, files Files) ([]Record, error) { return files.List(ctx, nil, 100) })
	all.GenerateETag(func(list []Record) conditional.ETag { return store.ListTag(list) })
	all.Provides("application/json", func(list []Record) map[string]File {
		shown := map[string]File{}
		for _, r := range list {
			shown[r.Key] = r.Value
		}
		return shown
	})
	all.Provides("application/json", func(r Record) File { return r.Value })
	all.KnownContentType(func(h http.Header, m restmachine.Method) bool {
		return m.Safe() || strings.HasPrefix(h.Get("Content-Type"), "multipart/form-data")
	})
	all.Post(create)

	one := app.Resource("/files/{name}")
	one.MaxBody(maxUpload)
	one.RequirePreconditions() // nobody overwrites a file by accident
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, files Files) (Record, bool, error) {
		return files.Get(ctx, path.Get("name"))
	})
	app.GenerateETag(func(r Record) string { return r.Value.Hash })
	app.LastModified(Record.LastModified)
	app.Location(func(r Record) string { return "/files/" + url.PathEscape(r.Key) })
	one.Provides("application/octet-stream", func(r Record, folder Folder) (*os.File, error) {
		return folder.open(r.Value.Hash)
	})
	one.FinishRequest(func(out *restmachine.Response) {
		if out.StatusCode == http.StatusOK || out.StatusCode == http.StatusPartialContent {
			out.Header.Set("Content-Disposition", "attachment") // it is not shown as a page of this site
		}
	})
	one.Get(func(r Record) Record { return r })
	one.Put(replace)
	one.Delete(func(ctx context.Context, r Record, files Files) error {
		return files.Delete(ctx, r.Key, store.At(r.Version))
	})
	return app
}

// replace keeps the content of a PUT. It was read into a temporary file before the lock was taken. The
// answer is 201 or 204, and does not send the content back.
func replace(ctx context.Context, was restmachine.Optional[Record], path restmachine.PathParams,
	in restmachine.Body[io.ReadSeeker], folder Folder, files Files) (*restmachine.Reply[Record], error) {
	file, err := folder.keep(in.Value)
	if err != nil {
		return nil, err
	}
	r, err := files.Put(ctx, path.Get("name"), file, store.At(was.Value.Version))
	reply := restmachine.NoContent[Record]()
	reply.Header.Set("ETag", strconv.Quote(r.Value.Hash))
	return reply, err
}

// create keeps the file of a form, as it comes. A name that is taken is a 409.
func create(ctx context.Context, r *http.Request, folder Folder, files Files) (*restmachine.Reply[Record], error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, notAForm(r)
	}
	part, err := form.NextPart()
	if err != nil {
		return nil, notAForm(r)
	}
	name := part.FileName()
	if part.FormName() != "file" || name == "" || len(name) > 100 {
		return nil, &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: "The first part must be a file, and must be called file."}
	}
	source := &reader{Reader: part}
	file, err := folder.keep(source)
	if source.failed {
		return nil, notAForm(r)
	}
	if err != nil {
		return nil, err
	}
	if _, err := form.NextPart(); err != io.EOF { // the form is cut off, or has another part
		return nil, notAForm(r)
	}
	created, err := files.Put(ctx, name, file, store.Absent())
	if errors.Is(err, store.ErrStale) {
		err = &restmachine.Problem{Status: http.StatusConflict, Detail: "There is a file of this name. Replace it by a PUT."}
	}
	return restmachine.Created("", created), err
}

// notAForm is the error of a form that cannot be read. If the content cannot be read to its end, that is
// the reason: it is too large (413), too slow (408), or the client went away.
func notAForm(r *http.Request) error {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return err
	}
	return &restmachine.Problem{Status: http.StatusBadRequest, Detail: "The content is not a form with one file."}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	folder, err := os.MkdirTemp("", "uploads")
	if err != nil {
		log.Fatal(err)
	}
	log.Print("files are kept in ", folder)
	if err := NewApp(folder).ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
