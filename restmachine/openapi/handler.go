package openapi

import (
	"bytes"
	"net/http"
	"reflect"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/fast"
)

// This file serves the document. In come an App and an Info. Out comes a handler for a GET,
// of that App or of another one.

// A served is the document as content. Its type tells it from the operations of the service.
type served struct{ *bytes.Reader }

var documentType = reflect.TypeFor[served]()

func init() { fast.Call0x2[*restmachine.Reply[served], error]() } // no user can name served

// Handler returns a handler for the GET of a Resource: it answers with the document of app,
// which it may be part of, as application/json. The document has an entity-tag by its content
// and no-cache, so a client that asks again gets 304 until another App is deployed. Its own
// path is left out. The document is made once, by the first request; where [Of] fails, each
// request is a logged 500, so call Of in a test.
func Handler(app *restmachine.App, info Info) restmachine.Func {
	type made struct {
		text []byte
		tag  string
	}
	make := sync.OnceValues(func() (made, error) {
		text, err := Of(app, info)
		return made{text, restmachine.HashETag(string(text))}, err
	})
	return func() (*restmachine.Reply[served], error) {
		document, err := make()
		if err != nil {
			return nil, err
		}
		reply := restmachine.NewReply(http.StatusOK, served{bytes.NewReader(document.text)})
		reply.Header.Set("Content-Type", "application/json")
		reply.Header.Set("ETag", document.tag)
		reply.Header.Set("Cache-Control", "no-cache")
		return reply, nil
	}
}
