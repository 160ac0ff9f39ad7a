package declare

import (
	"io"
	"reflect"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is the table of facts. A row says what a fact may return, which of the
// three rules places it, and when the graph asks it, which decides what it can be
// injected with.

// A Kind is what a fact says, named like the method that registers it.
type Kind uint8

// The kinds. Those that describe a returned value stand together: see [FirstDescribing].
const (
	ResourceExists Kind = iota
	GenerateETag
	LastModified
	Expires
	CacheControl
	Location
	ServiceAvailable
	KnownMethod
	URITooLong
	MethodAllowed
	MalformedRequest
	Authorized
	Forbidden
	ValidContentHeaders
	KnownContentType
	ValidEntityLength
	PreviouslyExisted
	MovedPermanently
	MovedTemporarily
	AllowMissingPost
	IsConflict
	MultipleChoices
	DeleteCompleted
	FinishRequest
	Provides
	Accepts
	Variances
	LockKey
	RenderError
	Kinds // how many there are
)

// The kinds that describe a returned value.
const (
	FirstDescribing = GenerateETag
	Describings     = 5 // how many there are
)

// A Family says which of the three rules places a fact.
type Family uint8

// The families.
const (
	Loading    Family = iota // ResourceExists
	Describing               // of a returned value
	Gating                   // holds wherever it can be asked
	Shaping                  // Provides, Accepts, RenderError: chosen by type or place
)

// A Stage says when a fact is asked.
type Stage uint8

// The stages, in the order of a request.
const (
	BeforeContent Stage = iota // ahead of the content (G5) and of loading (G7)
	BeforeLoading              // behind the content, ahead of G7
	AfterLoading               // behind G7
)

// A Sum says what becomes of several facts of one kind that hold on one path.
type Sum uint8

// The sums.
const (
	NearestHolds Sum = iota // the nearest stands in for those further out
	AllMustPass             // each is asked, the App's first, the Resource's last
	AllRun                  // each runs, the Resource's first, the App's last
)

// sums has the kinds of which more than the nearest holds. A ResourceExists that loads is
// chosen by its type (see [Fact.Sum]).
var sums = [Kinds]Sum{
	ServiceAvailable: AllMustPass,
	MethodAllowed:    AllMustPass,
	MalformedRequest: AllMustPass,
	Authorized:       AllMustPass,
	Forbidden:        AllMustPass,
	IsConflict:       AllMustPass,
	ResourceExists:   AllMustPass,
	FinishRequest:    AllRun,
}

// A spec is the row of a kind.
type spec struct {
	name    string
	family  Family
	stage   Stage
	returns results
}

// specs has a row for each kind.
var specs = [Kinds]spec{
	ResourceExists:      {"ResourceExists", Loading, BeforeLoading, aResource},
	GenerateETag:        {"GenerateETag", Describing, AfterLoading, aTag},
	LastModified:        {"LastModified", Describing, AfterLoading, aTime},
	Expires:             {"Expires", Describing, AfterLoading, aTime},
	CacheControl:        {"CacheControl", Describing, AfterLoading, aString},
	Location:            {"Location", Describing, AfterLoading, aString},
	ServiceAvailable:    {"ServiceAvailable", Gating, BeforeContent, aBool},
	KnownMethod:         {"KnownMethod", Gating, BeforeContent, aBool},
	URITooLong:          {"URITooLong", Gating, BeforeContent, aBool},
	MethodAllowed:       {"MethodAllowed", Gating, BeforeContent, aBool},
	MalformedRequest:    {"MalformedRequest", Gating, BeforeContent, aBool},
	Authorized:          {"Authorized", Gating, BeforeContent, aChallenge},
	Forbidden:           {"Forbidden", Gating, BeforeContent, aBool},
	ValidContentHeaders: {"ValidContentHeaders", Gating, BeforeContent, aBool},
	KnownContentType:    {"KnownContentType", Gating, BeforeContent, aBool},
	ValidEntityLength:   {"ValidEntityLength", Gating, BeforeContent, aBool},
	PreviouslyExisted:   {"PreviouslyExisted", Gating, AfterLoading, aBool},
	MovedPermanently:    {"MovedPermanently", Gating, AfterLoading, aString},
	MovedTemporarily:    {"MovedTemporarily", Gating, AfterLoading, aString},
	AllowMissingPost:    {"AllowMissingPost", Gating, AfterLoading, aBool},
	IsConflict:          {"IsConflict", Gating, AfterLoading, aBool},
	MultipleChoices:     {"MultipleChoices", Gating, AfterLoading, aBool},
	DeleteCompleted:     {"DeleteCompleted", Gating, AfterLoading, aBool},
	FinishRequest:       {"FinishRequest", Gating, AfterLoading, nothing},
	Provides:            {"Provides", Shaping, AfterLoading, anEntity},
	Accepts:             {"Accepts", Shaping, AfterLoading, anEntity},
	Variances:           {"Variances", Gating, AfterLoading, someStrings},
	LockKey:             {"LockKey", Gating, BeforeLoading, aString},
	RenderError:         {"RenderError", Shaping, AfterLoading, anEntity},
}

// String is the name of the method that registers the fact.
func (k Kind) String() string { return specs[k].name }

// Family is the family of the kind.
func (k Kind) Family() Family { return specs[k].family }

// Stage is the stage of the kind.
func (k Kind) Stage() Stage { return specs[k].stage }

// results are what a callback may return, beside an error.
type results struct {
	words string
	fit   func(out []reflect.Type) bool
}

var (
	aResource = results{"*T, an interface, (T, bool) or bool", func(out []reflect.Type) bool {
		switch len(out) {
		case 1:
			return out[0] == boolType || out[0].Kind() == reflect.Pointer || out[0].Kind() == reflect.Interface
		case 2:
			return out[0] != boolType && out[1] == boolType
		}
		return false
	}}
	aTag = results{"string or ETag", func(out []reflect.Type) bool {
		return len(out) == 1 && (out[0].Kind() == reflect.String || out[0] == tagType)
	}}
	aTime      = results{"time.Time", exactly(timeType)}
	aString    = results{"string", exactly(StringType)}
	aBool      = results{"bool", exactly(boolType)}
	aChallenge = results{"bool or (challenge string, ok bool)", func(out []reflect.Type) bool {
		return len(out) == 1 && out[0] == boolType || len(out) == 2 && out[0] == StringType && out[1] == boolType
	}}
	someStrings = results{"[]string", exactly(reflect.TypeFor[[]string]())}
	nothing     = results{"nothing", func(out []reflect.Type) bool { return len(out) == 0 }}
	anEntity    = results{"one value that is not a *Reply[T]", func(out []reflect.Type) bool { return len(out) == 1 }}
)

func exactly(t reflect.Type) func([]reflect.Type) bool {
	return func(out []reflect.Type) bool { return len(out) == 1 && out[0] == t }
}

// The types that callbacks return, or that a plan treats on their own.
var (
	boolType   = reflect.TypeFor[bool]()
	timeType   = reflect.TypeFor[time.Time]()
	tagType    = reflect.TypeFor[conditional.ETag]()
	StringType = reflect.TypeFor[string]()
	BytesType  = reflect.TypeFor[[]byte]()
	ReaderType = reflect.TypeFor[io.Reader]()
	SeekerType = reflect.TypeFor[io.ReadSeeker]()
)

// A Fact is one fact, where it was given, and by which function.
type Fact struct {
	Kind  Kind
	Func  *wire.Func
	Place *Place
	Media string // of Provides and Accepts

	ByPath bool // of LockKey: the path is the key, said on purpose
}

// A ByPath is the fact of a LockKey that says that the path is the key. It is not called.
type ByPath func() string

// String names the fact for messages: `GenerateETag main.tag (main.go:12)`.
func (f *Fact) String() string { return f.Kind.String() + " " + f.Func.String() }

// Sum is what becomes of the fact where others of its kind hold, too.
func (f *Fact) Sum() Sum {
	if f.Loads() != nil {
		return NearestHolds
	}
	return sums[f.Kind]
}

// IsGate reports whether the fact holds wherever it can be asked: it describes no value,
// and is not chosen by its type.
func (f *Fact) IsGate() bool {
	return f.Kind.Family() == Gating || f.Kind == ResourceExists && f.Loads() == nil
}

// HoldsIfUnknown reports whether a gate has done its duty where it holds on
// unknown paths alone: one of the whole App has, and one that says where a Group
// has moved. Any other gate guards paths that exist; on a Group without paths it
// would guard nothing.
func (f *Fact) HoldsIfUnknown() bool {
	return f.Place.Level == OnApp || f.Kind == MovedPermanently || f.Kind == MovedTemporarily
}

// Loads is the type that a ResourceExists provides; nil where it returns a bool,
// and for every other fact.
func (f *Fact) Loads() reflect.Type {
	if f.Kind != ResourceExists || f.Func.Returns() == boolType {
		return nil
	}
	return f.Func.Returns()
}
