package answer

import (
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
	if current.IsEvents() && a.Get("Cache-Control") == nil {
		a.Share("Cache-Control", noStore) // as the 200 has it
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
	switch {
	case x.Plan.Reads() && a.status < 300:
		described := a.reps.Described()
		if err := a.fillFreshness(described); err != nil {
			return err
		}
		return a.fillValidators(described)
	case !r.HasValue():
		return nil
	case a.isShown(r):
		if r.Field("Content-Location") == "" {
			a.Set("Content-Location", x.OwnURI())
		}
		return a.fillReplied(r)
	case a.status == http.StatusCreated:
		return a.fillReplied(r)
	}
	return nil
}

// isShown reports whether the result of a write is what a GET of the same path would show: of
// a PUT or PATCH that replaced, and of one that created. A Created of a PATCH may be elsewhere.
func (a *Answer) isShown(r *represent.Representation) bool {
	method := a.x.Method()
	switch a.status {
	case http.StatusOK:
		return (method == http.MethodPut || method == http.MethodPatch) && r.Type() == a.reps.ShownType()
	case http.StatusCreated:
		isOwn := method == http.MethodPut || method == http.MethodPatch && r.Status() != http.StatusCreated
		return isOwn && r.Type() == a.reps.ShownType()
	}
	return false
}

// fillReplied sets the validators of what a write returned. Those that would have to be asked
// after the write are left out: another process may have written again.
func (a *Answer) fillReplied(r *represent.Representation) error {
	if !a.omits(r, declare.GenerateETag) {
		if _, err := a.fillTag(r); err != nil {
			return err
		}
	}
	if a.omits(r, declare.LastModified) {
		return nil
	}
	return a.fillDate(r)
}

// omits reports whether the answer leaves out what a fact would say of r. A field that the
// handler set itself stays.
func (a *Answer) omits(r *represent.Representation, k declare.Kind) bool {
	p := a.x.Plan
	return p.Omits != nil && p.OmitsFact(r.Facts().Of(k))
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

// fillLocation sets where what was created lives, where a Reply or a fact says it. Where
// neither does, the target URI names what was created (RFC 9110, 15.3.2).
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
