// huma on ServeMux, with its package for conditional requests.

package contest

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/conditional"
)

type humaGet struct {
	conditional.Params
	ID string `path:"id"`
}

type humaPut struct {
	conditional.Params
	ID   string `path:"id"`
	Body Update
}

type humaDocument struct {
	ETag         string    `header:"ETag"`
	LastModified time.Time `header:"Last-Modified"`
	Body         *Document
}

func onHuma(s *Store) http.Handler {
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("Documents", "1.0.0"))
	huma.Get(api, "/documents/{id}", func(_ context.Context, in *humaGet) (*humaDocument, error) {
		return s.forHuma(in.ID, &in.Params)
	})
	huma.Put(api, "/documents/{id}", func(_ context.Context, in *humaPut) (*humaDocument, error) {
		out, err := s.forHuma(in.ID, &in.Params)
		if err != nil {
			return nil, err
		}
		d := s.Replace(out.Body, in.Body)
		return &humaDocument{d.Tag(), d.UpdatedAt, d}, nil
	})
	return mux
}

// forHuma is the document, where it exists and the preconditions hold.
func (s *Store) forHuma(id string, p *conditional.Params) (*humaDocument, error) {
	d := s.Document(id)
	if d == nil {
		return nil, huma.Error404NotFound("document not found")
	}
	if p.HasConditionalParams() {
		// This package compares tags without their quotes.
		if err := p.PreconditionFailed(strconv.Itoa(d.Version), d.UpdatedAt); err != nil {
			return nil, err
		}
	}
	return &humaDocument{d.Tag(), d.UpdatedAt, d}, nil
}
