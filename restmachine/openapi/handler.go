package openapi

import (
	"bytes"
	"errors"
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
	return (&publisher{app: app, info: info}).serve
}

// A publisher makes the document once, and serves it. It is a type, so that messages name its
// method: the name of a closure depends on what the compiler inlines.
type publisher struct {
	app  *restmachine.App
	info Info

	once sync.Once
	text []byte
	tag  string
	err  error
}

var errUnmade = errors.New("openapi: making the document has panicked")

func (p *publisher) make() {
	p.err = errUnmade // unless it is
	p.text, p.err = Of(p.app, p.info)
	p.tag = restmachine.HashETag(string(p.text))
}

func (p *publisher) serve() (*restmachine.Reply[served], error) {
	if p.once.Do(p.make); p.err != nil {
		return nil, p.err
	}
	reply := restmachine.NewReply(http.StatusOK, served{bytes.NewReader(p.text)})
	reply.Header.Set("Content-Type", "application/json")
	reply.Header.Set("ETag", p.tag)
	reply.Header.Set("Cache-Control", "no-cache")
	return reply, nil
}
