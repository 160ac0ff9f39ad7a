// These tests check that schemas take exactly what Apps read and write: for types with
// everything that JSON knows, under each of the options.

package restmachinetest_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

type (
	color string                // with an Enum
	level struct{ text string } // a TextMarshaler
	own   struct{ N int }       // a Marshaler
	Base  struct {
		ID      int64 `json:"id"`
		Shadow  string
		Shadow2 string `json:"shadow2"`
	}
	Maybe struct {
		Deep *string `json:"deep"`
	}
	pageOf[T any] struct {
		Items []T     `json:"items"`
		Next  *string `json:"next,omitempty"`
	}
	tree struct {
		Name     string           `json:"name"`
		Left     *tree            `json:"left"`
		Children []*tree          `json:"children"`
		ByName   map[string]*tree `json:"by_name,omitempty"`
	}
	scalars struct {
		Bool    bool
		Int     int
		Int8    int8
		Int16   int16
		Int32   int32
		Uint    uint
		Uint8   uint8
		Uint16  uint16
		Uint32  uint32
		Uint64  uint64
		Float32 float32
		Float64 float64
		String  string
		Color   color
		Number  json.Number
		Ptr     *int
		PtrPtr  **string
		Hidden  string `json:"-"`
	}
	composites struct {
		Base
		*Maybe
		Shadow string     `json:"Shadow" doc:"stands in front of the one of Base"`
		When   time.Time  `json:"when"`
		Until  *time.Time `json:"until,omitempty"`
		Big    *big.Int   `json:"big,omitempty"`
		Level  level      `json:"level"`
		Own    own        `json:"own"`
		Bytes  []byte
		Raw    json.RawMessage
		Any    any
		Err    error `json:"err,omitempty"`
		Pair   [2]int
		Names  map[string]int
		ByInt  map[int]string
		ByUint map[uint8]bool
		ByLev  map[level]int
		Lists  [][]string
		Inline struct {
			A int
			B *struct{ C string }
		}
		Page  pageOf[Base]
		Trees pageOf[*tree] `json:"trees,omitzero"`
	}
	omitted struct {
		A int            `json:"a,omitempty"`
		B *string        `json:"b,omitempty"`
		C []string       `json:"c,omitempty"`
		D map[string]int `json:"d,omitempty"`
		E time.Time      `json:"e,omitzero"`
		F Maybe          `json:"f,omitempty"`
		G *int           `json:"g,omitzero"`
		H any            `json:"h,omitempty"`
	}
	quoted struct {
		N int      `json:",string"`
		F float64  `json:"f,string"`
		B bool     `json:"b,string"`
		P *int     `json:"p,string"`
		Q *uint8   `json:"q,string,omitempty"`
		S string   `json:"s"`
		L []string `json:"l"`
	}
	spans struct {
		Took  time.Duration   `json:"took"`
		Spans []time.Duration `json:"spans"`
	}
)

func (color) Enum() []any { return []any{"", "red", "green", "blue"} }

func (c *color) UnmarshalText(b []byte) error {
	if *c = color(b); !slices.Contains(c.Enum(), any(string(b))) {
		return errors.New("not a color")
	}
	return nil
}

func (l level) MarshalText() ([]byte, error)  { return []byte(l.text), nil }
func (l *level) UnmarshalText(b []byte) error { l.text = string(b); return nil }

func (o own) MarshalJSON() ([]byte, error)  { return json.Marshal([]int{o.N}) }
func (o *own) UnmarshalJSON(b []byte) error { o.N = len(b); return nil }

// checkTruth: what an App reads into a T and writes of it is what the document says, for
// thousands of contents.
func checkTruth[T any](t *testing.T, options ...restmachine.Option) {
	t.Run(reflect.TypeFor[T]().String(), func(t *testing.T) {
		var kept atomic.Pointer[T]
		kept.Store(new(T))
		app := restmachine.New(append(options, quiet)...)
		app.Get("/value", func() *T { return kept.Load() }).
			Put(func(in restmachine.Body[T]) T { kept.Store(&in.Value); return in.Value })
		app.Post("/list", func(in restmachine.Body[[]T]) []T { return in.Value })
		app.Patch("/value", func(in restmachine.Body[restmachine.MergePatch[T]]) (*T, error) {
			changed, err := in.Value.Apply(*kept.Load())
			return &changed, err
		})
		restmachinetest.CheckDocument(t, app, restmachinetest.Document{Requests: 100})
	})
}

func TestSchemasAreTrue(t *testing.T) {
	checkTruth[scalars](t)
	checkTruth[composites](t)
	checkTruth[omitted](t)
	checkTruth[quoted](t)
	checkTruth[spans](t)
	checkTruth[tree](t)
	checkTruth[pageOf[pageOf[int]]](t)
	checkTruth[map[string]Base](t)
	t.Run("strict", func(t *testing.T) {
		checkTruth[composites](t, restmachine.WithStrictJSON())
		checkTruth[tree](t, restmachine.WithStrictJSON())
	})
	t.Run("v2", func(t *testing.T) {
		checkTruth[scalars](t, restmachine.WithJSONv2())
		checkTruth[composites](t, restmachine.WithJSONv2())
		checkTruth[omitted](t, restmachine.WithJSONv2())
		checkTruth[tree](t, restmachine.WithJSONv2())
	})
}

// TestDocumentsOfTheSameAppAreTheSame: byte for byte.
func TestDocumentsOfTheSameAppAreTheSame(t *testing.T) {
	first, err := openapi.Of(newShelf(), openapi.Info{})
	require.NoError(t, err)
	for range 20 {
		again, err := openapi.Of(newShelf(), openapi.Info{})
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
	}
}
