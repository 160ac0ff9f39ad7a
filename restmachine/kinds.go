package restmachine

import (
	"io"
	"reflect"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is the table of facts: what each kind may return, and when the
// graph asks it.

type kind uint8

const (
	kindResourceExists kind = iota
	kindETag
	kindLastModified
	kindExpires
	kindCacheControl
	kindLocation
	kindServiceAvailable
	kindKnownMethod
	kindURITooLong
	kindMethodAllowed
	kindMalformedRequest
	kindAuthorized
	kindForbidden
	kindValidContentHeaders
	kindKnownContentType
	kindValidEntityLength
	kindPreviouslyExisted
	kindMovedPermanently
	kindMovedTemporarily
	kindAllowMissingPost
	kindIsConflict
	kindMultipleChoices
	kindDeleteCompleted
	kindFinishRequest
	kindProvides
	kindAccepts
	kindVariances
	kindLockKey
	kindRenderError
	kinds // how many there are
)

// family says which of the three rules places a fact.
type family uint8

const (
	loading    family = iota // ResourceExists
	describing               // of a returned value
	gating                   // holds wherever it can be asked
	shaping                  // Provides, Accepts, RenderError: chosen by type or place
)

// stage says when a fact is asked, and so what it can be injected.
type stage uint8

const (
	early  stage = iota // ahead of the content (G5) and of loading (G7)
	locked              // behind the content, ahead of G7
	late                // behind G7
)

type factSpec struct {
	name    string
	family  family
	stage   stage
	returns returns
}

// kindSpecs has a row for each kind.
var kindSpecs = [kinds]factSpec{
	kindResourceExists:      {"ResourceExists", loading, locked, aResource},
	kindETag:                {"GenerateETag", describing, late, aTag},
	kindLastModified:        {"LastModified", describing, late, aTime},
	kindExpires:             {"Expires", describing, late, aTime},
	kindCacheControl:        {"CacheControl", describing, late, aString},
	kindLocation:            {"Location", describing, late, aString},
	kindServiceAvailable:    {"ServiceAvailable", gating, early, aBool},
	kindKnownMethod:         {"KnownMethod", gating, early, aBool},
	kindURITooLong:          {"URITooLong", gating, early, aBool},
	kindMethodAllowed:       {"MethodAllowed", gating, early, aBool},
	kindMalformedRequest:    {"MalformedRequest", gating, early, aBool},
	kindAuthorized:          {"Authorized", gating, early, aChallenge},
	kindForbidden:           {"Forbidden", gating, early, aBool},
	kindValidContentHeaders: {"ValidContentHeaders", gating, early, aBool},
	kindKnownContentType:    {"KnownContentType", gating, early, aBool},
	kindValidEntityLength:   {"ValidEntityLength", gating, early, aBool},
	kindPreviouslyExisted:   {"PreviouslyExisted", gating, late, aBool},
	kindMovedPermanently:    {"MovedPermanently", gating, late, aString},
	kindMovedTemporarily:    {"MovedTemporarily", gating, late, aString},
	kindAllowMissingPost:    {"AllowMissingPost", gating, late, aBool},
	kindIsConflict:          {"IsConflict", gating, late, aBool},
	kindMultipleChoices:     {"MultipleChoices", gating, late, aBool},
	kindDeleteCompleted:     {"DeleteCompleted", gating, late, aBool},
	kindFinishRequest:       {"FinishRequest", gating, late, nothing},
	kindProvides:            {"Provides", shaping, late, anEntity},
	kindAccepts:             {"Accepts", shaping, late, anEntity},
	kindVariances:           {"Variances", gating, late, someStrings},
	kindLockKey:             {"LockKey", gating, locked, aString},
	kindRenderError:         {"RenderError", shaping, late, anEntity},
}

func (k kind) String() string { return kindSpecs[k].name }

// returns is what a callback may return, beside an error.
type returns struct {
	words string
	fits  func(out []reflect.Type) bool
}

var (
	aResource = returns{"*T, an interface, (T, bool) or bool", func(out []reflect.Type) bool {
		switch len(out) {
		case 1:
			return out[0] == boolType || out[0].Kind() == reflect.Pointer || out[0].Kind() == reflect.Interface
		case 2:
			return out[0] != boolType && out[1] == boolType
		}
		return false
	}}
	aTag = returns{"string or ETag", func(out []reflect.Type) bool {
		return len(out) == 1 && (out[0].Kind() == reflect.String || out[0] == tagType)
	}}
	aTime      = returns{"time.Time", exactly(timeType)}
	aString    = returns{"string", exactly(stringType)}
	aBool      = returns{"bool", exactly(boolType)}
	aChallenge = returns{"bool or (challenge string, ok bool)", func(out []reflect.Type) bool {
		return len(out) == 1 && out[0] == boolType || len(out) == 2 && out[0] == stringType && out[1] == boolType
	}}
	someStrings = returns{"[]string", exactly(reflect.TypeFor[[]string]())}
	nothing     = returns{"nothing", func(out []reflect.Type) bool { return len(out) == 0 }}
	anEntity    = returns{"one value, and no *Reply", func(out []reflect.Type) bool { return len(out) == 1 && out[0] != replyType }}
)

func exactly(t reflect.Type) func([]reflect.Type) bool {
	return func(out []reflect.Type) bool { return len(out) == 1 && out[0] == t }
}

var (
	boolType     = reflect.TypeFor[bool]()
	stringType   = reflect.TypeFor[string]()
	bytesType    = reflect.TypeFor[[]byte]()
	timeType     = reflect.TypeFor[time.Time]()
	tagType      = reflect.TypeFor[conditional.ETag]()
	errorType    = reflect.TypeFor[error]()
	replyType    = reflect.TypeFor[*Reply]()
	problemType  = reflect.TypeFor[*Problem]()
	responseType = reflect.TypeFor[*Response]()
	readerType   = reflect.TypeFor[io.Reader]()
	seekerType   = reflect.TypeFor[io.ReadSeeker]()
)

// unfit says what is wrong with what a handler returns, the last error aside; ""
// where nothing is. An error that is declared as anything else would be sent as an
// entity, and so as a success.
func unfit(out []reflect.Type) string {
	if len(out) == 0 {
		return ""
	}
	switch last := out[len(out)-1]; {
	case last.Implements(errorType) || last == problemType.Elem():
		return "declare the " + last.String() + " as error"
	case len(out) > 1:
		return "not two results (for a status use NewReply)"
	case last == replyType.Elem():
		return "take the Reply's address"
	}
	return ""
}

// A fact is one thing that was said, where and by which function.
type fact struct {
	kind  kind
	fn    *wire.Func
	place *place
	media string // of Provides and Accepts
}

// String names the fact for messages: `GenerateETag main.tag (main.go:12)`.
func (f *fact) String() string { return f.kind.String() + " " + f.fn.String() }

func (f *Facts) say(k kind, media string, fn Func) {
	spec := kindSpecs[k]
	at := f.open(spec.name)
	app := f.place.app
	callback, err := wire.New(fn, at)
	if err != nil {
		app.declared.add(at, "%s: %v", spec.name, err)
		return
	}
	if !spec.returns.fits(callback.Out) {
		app.declared.add(at, "%s %s returns %s, and an error if it likes; this one is a %s",
			spec.name, callback.Name, spec.returns.words, callback.Signature())
		return
	}
	if (k == kindProvides || k == kindAccepts) && !validMedia(media, k == kindAccepts) {
		app.declared.add(at, "%s(%q): that is no media type; write it as \"type/subtype\"", spec.name, media)
		return
	}
	if k == kindProvides && len(callback.In) == 0 {
		app.declared.add(at, "Provides(%q) %s takes nothing: its first parameter is the type that it renders", media, callback.Name)
		return
	}
	f.place.facts = append(f.place.facts, &fact{kind: k, fn: callback, place: f.place, media: media})
}
