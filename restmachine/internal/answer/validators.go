package answer

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file sets the fields that describe a representation: ETag, Last-Modified,
// Cache-Control, Expires, Location and Content-Location.

// fillNotModified sets the fields of a 304: those of the 200 that a cache updates, and no
// others (RFC 9110, 15.4.5).
func (a *Answer) fillNotModified() error {
	current := a.reps.Current()
	if current.Header() != nil {
		a.repeatFields(current)
	}
	if err := a.fillFreshness(current); err != nil {
		return err
	}
	tagged, err := a.fillTag(current)
	if err == nil && !tagged {
		err = a.fillDate(current)
	}
	if err != nil {
		return err
	}
	if a.x.Plan.Constant {
		return nil
	}
	return a.fillVary()
}

// repeatFields sets the fields of a 304 that the handler's Reply set.
func (a *Answer) repeatFields(current *represent.Representation) {
	for _, name := range []string{"Cache-Control", "Expires", "Vary"} {
		if lines := current.Header()[name]; len(lines) > 0 {
			a.Set(name, strings.Join(lines, ", "))
		}
	}
	if uri := current.Field("Content-Location"); uri != "" {
		a.Set("Content-Location", a.x.URI(uri))
	}
}

// describeResult sets the validators where the answer carries them: of what a GET shows, of
// the new state after a PUT or PATCH, and of what was created.
func (a *Answer) describeResult(r *represent.Representation) error {
	x := a.x
	switch method := x.Method(); {
	case x.Plan.Reads() && a.status < 300:
		described := a.reps.Described()
		if err := a.fillFreshness(described); err != nil {
			return err
		}
		return a.fillValidators(described)
	case !r.HasValue():
		return nil
	case a.status == http.StatusCreated:
		a.refresh(r)
		return a.fillValidators(r)
	case a.status == http.StatusOK && (method == http.MethodPut || method == http.MethodPatch) && r.Type() == a.reps.ShownType():
		a.refresh(r)
		if r.Field("Content-Location") == "" {
			a.Set("Content-Location", x.OwnURI())
		}
		return a.fillValidators(r)
	}
	return nil
}

// refresh forgets what was read before the write, where a fact that is asked now takes more
// than the value that it describes.
func (a *Answer) refresh(r *represent.Representation) {
	for _, d := range r.Facts() {
		if d != nil && (d.Subject == nil || d.Loaded != nil || len(d.Fact.Func.In) > 1) {
			a.x.Refresh()
			return
		}
	}
}

// fillValidators sets ETag and Last-Modified.
func (a *Answer) fillValidators(r *represent.Representation) error {
	if _, err := a.fillTag(r); err != nil {
		return err
	}
	return a.fillDate(r)
}

func (a *Answer) fillTag(r *represent.Representation) (tagged bool, err error) {
	tag, err := a.reps.Tag(r)
	if err != nil || tag == "" {
		return false, err
	}
	if sent := a.x.SentIfNoneMatch(); len(sent) == 1 && sent[0] == string(tag) {
		a.Share("Etag", sent) // the same line goes back
	} else if a.status == http.StatusNotModified {
		a.setOnly("Etag", string(tag))
	} else {
		a.setLegal("Etag", string(tag))
	}
	return true, nil
}

func (a *Answer) fillDate(r *represent.Representation) error {
	last, err := a.reps.LastModified(r)
	if err != nil || last.IsZero() {
		return err
	}
	if date := a.dates.lastModified(last); date != "" {
		a.setLegal("Last-Modified", date)
	}
	return nil
}

// fillFreshness sets Cache-Control and Expires.
func (a *Answer) fillFreshness(r *represent.Representation) error {
	facts := r.Facts()
	if facts.Of(declare.CacheControl) == nil && facts.Of(declare.Expires) == nil {
		return nil
	}
	if r.Field("Cache-Control") == "" {
		said, err := a.reps.Text(declare.CacheControl, r)
		if err != nil {
			return err
		}
		if said != "" {
			a.Set("Cache-Control", said)
		}
	}
	if r.Field("Expires") == "" {
		said, err := a.reps.Time(declare.Expires, r)
		if err != nil {
			return err
		}
		if !conditional.IsZeroDate(said) {
			if date := conditional.FormatDate(said); date != "" {
				a.setLegal("Expires", date)
			}
		}
	}
	return nil
}

// fillLocation sets where what was created lives. A PUT created its own target. A POST must
// say it (RFC 9110, 15.3.2).
func (a *Answer) fillLocation(r *represent.Representation) error {
	if r.Field("Location") != "" {
		return nil
	}
	uri, err := a.reps.Text(declare.Location, r)
	if err != nil {
		return err
	}
	if uri != "" {
		a.Set("Location", a.x.URI(uri))
	} else if a.x.Method() == http.MethodPost {
		return fmt.Errorf("%s returned a 201 without a Location; pass one to Created, or add a Location fact for %v", a.x.Plan.Handler.Func, r.Type())
	}
	return nil
}

// mergeReply sets the fields of the handler's Reply.
func (a *Answer) mergeReply(r *represent.Representation) error {
	a.mountURIs(r.Header(), nil)
	a.merge(r.Header())
	if r.Field("Etag") == "" {
		return nil
	}
	tag, err := a.reps.Tag(r)
	if err == nil {
		a.setLegal("Etag", string(tag))
	}
	return err
}

// quoteTag makes an ETag that a callback set an entity-tag.
func (a *Answer) quoteTag() error {
	lines := a.Get("Etag")
	if len(lines) == 0 {
		return nil
	}
	tag, err := conditional.Quote(lines[0])
	if err == nil {
		a.setLegal("Etag", string(tag))
	}
	return err
}
