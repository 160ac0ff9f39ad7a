// Attachments. Bytes come in, by PUT, under a name that the client chooses. The same bytes go
// out, whole or in ranges, with a tag that is their hash.

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

const maxAttachment = 8 << 20 // bytes

// An Attachment is what is known of a file without its content.
type Attachment struct {
	Name      string    `json:"name"`
	Size      int64     `json:"size"`
	Hash      string    `json:"hash"` // SHA-256
	UpdatedAt time.Time `json:"updated_at"`
	issue     *Issue
}

// AttachmentList is the attachments of an issue.
type AttachmentList struct {
	Attachments []Attachment `json:"attachments"`
}

// attachmentPath is what the path of an attachment says beside its issue.
type attachmentPath struct {
	Name string `path:"name"`
}

// Validate refuses names that could not be the name of a file: 404.
func (p attachmentPath) Validate() error {
	var bad restmachine.Invalid
	if p.Name == "" || len(p.Name) > 100 || strings.Trim(p.Name, ".") == "" || strings.ContainsAny(p.Name, `/\`) {
		bad.Add("/name", "must be the name of a file, of 100 bytes at most")
	}
	return bad.Err()
}

func showAttachments(app *restmachine.App, attachments *restmachine.Scope) {
	app.ResourceExists(func(ctx context.Context, i *Issue, path restmachine.Path[attachmentPath], store *Store) (*Attachment, error) {
		return store.Attachment(ctx, i, path.Value.Name) // an attachment of this issue
	})
	app.GenerateETag(func(a *Attachment) string { return a.Hash })
	app.LastModified(func(a *Attachment) time.Time { return a.UpdatedAt })

	all := attachments.Get("", func(ctx context.Context, i *Issue, store *Store) (*AttachmentList, error) {
		list, err := store.Attachments(ctx, i)
		return &AttachmentList{list}, err
	})
	all.AutoETag(restmachine.Strong)

	// The GET returns what was loaded, and the renderer reads the content. So a 304 and a 412 do
	// not read it.
	one := attachments.Get("/{name}", func(a *Attachment) *Attachment { return a })
	one.Provides("application/octet-stream", func(a *Attachment, ctx context.Context, store *Store) ([]byte, error) {
		return store.Content(ctx, a)
	})
	one.Put(putAttachment)
	one.MaxBody(maxAttachment) // more is 413, by Content-Length before it is read
	one.Delete(func(ctx context.Context, a *Attachment, store *Store) error { return store.DeleteAttachment(ctx, a) })
	one.FinishRequest(download)
	one.Field("Content-Disposition", "The name under which a browser saves the attachment.", 200, 206)
}

// putAttachment keeps the content as it came. It returns nothing, so the answer does not send the
// content back: 201 where there was none, else 204. A HEAD has the tag.
func putAttachment(ctx context.Context, i *Issue, was restmachine.Optional[*Attachment], path restmachine.Path[attachmentPath],
	in restmachine.Body[[]byte], store *Store) error {
	sum := sha256.Sum256(in.Value)
	now := &Attachment{Name: path.Value.Name, Hash: hex.EncodeToString(sum[:]), issue: i}
	return store.KeepAttachment(ctx, was.Value, now, in.Value)
}

// download keeps a browser from showing what a stranger wrote as a page of this service.
func download(resp *restmachine.Response, path restmachine.PathParams) {
	if resp.Header.Get("Content-Type") == "application/octet-stream" {
		resp.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Get("name")}))
		resp.Header.Set("X-Content-Type-Options", "nosniff")
	}
}
