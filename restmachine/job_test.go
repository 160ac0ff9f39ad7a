package restmachine

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/internal/machine"
)

// secret is in all that a request brings and that callbacks return.
const secret = "s3cr3t"

type secretDoc struct{ Text string }

// maxJob is how large a job may be, in bytes: one that fits lies within
// one page of memory, and stores across pages are slow.
const maxJob = 2048

// secretApp has callbacks of every kind, and all that they return is secret.
func secretApp() *App {
	app := New(WithLogger(slog.New(slog.DiscardHandler)))
	app.Dependency(func(ctx context.Context) (*strings.Builder, func(error) error, error) {
		b := &strings.Builder{}
		b.WriteString(secret)
		return b, func(error) error { return nil }, nil
	})
	app.ResourceExists(func(path PathParams, _ http.Header) (*secretDoc, error) {
		switch path.Get("id") {
		case secret + "-none":
			return nil, nil
		case secret + "-error":
			return nil, errors.New(secret)
		case secret + "-panic":
			panic(secret)
		}
		return &secretDoc{secret}, nil
	})
	app.GenerateETag(func(d *secretDoc, _ *strings.Builder) string { return d.Text })
	app.LastModified(func(*secretDoc) time.Time { return time.Unix(1_700_000_000, 0) })
	app.CacheControl(func(*secretDoc) string { return secret })
	app.Forbidden(func(m Method, q Query[struct {
		V string `query:"v"`
	}]) bool {
		return q.Value.V == "forbidden"
	})
	app.Provides("application/json", func(d *secretDoc) *secretDoc { return d })
	app.Provides("text/plain", func(d *secretDoc) string { return d.Text })
	docs := app.Resource("/docs/{id}")
	docs.Get(func(d *secretDoc) *secretDoc { return d })
	docs.Put(func(d *secretDoc, in Body[secretDoc]) (*secretDoc, error) {
		if in.Value.Text == "stale" {
			return nil, ErrStale
		}
		return &in.Value, nil
	})
	docs.Delete(func(*secretDoc) *Reply[any] { return NewReply[any](299, io.Reader(strings.NewReader(secret))) })
	app.Get("/raw/{a}/{b}/{c}", func(r *http.Request) []byte { return []byte(secret) })
	app.Post("/raw", func(b Body[[]byte], s Selected) string { return string(b.Value) })
	return app
}

func TestAJobFitsAPage(t *testing.T) {
	app := secretApp()
	m, err := app.machine(t.Context())
	require.NoError(t, err)
	if size := reflect.TypeOf(finishedJob(t, m, func() { app.Execute(Request{Path: "/raw/a/b/c"}) })).Elem().Size(); size > maxJob {
		t.Errorf("a job has %d bytes, more than %d", size, maxJob)
	}
}

// finishedJob is a job that was given back after send.
func finishedJob(t *testing.T, m *machine.Machine, send func()) any {
	t.Helper()
	field := reflect.ValueOf(m).Elem().FieldByName("jobs")
	pool := (*sync.Pool)(unsafe.Pointer(field.UnsafeAddr()))
	for range 100 { // a pool may forget, and does so under the race detector
		send()
		if job := pool.Get(); job != nil {
			return job
		}
	}
	t.Fatal("no job was given back")
	return nil
}

// outlives are the fields of a job, and of its parts, that lead to what the App keeps.
var outlives = []string{"m", "tags", "dates", "Config", "config", "program"}

// A job that is used again has nothing of the request before it: not in a
// field, not behind a pointer, and not in the room of a buffer.
func TestNothingIsLeftInAJob(t *testing.T) {
	app := secretApp()
	m, err := app.machine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, path, body string
		header             http.Header
	}{
		{"GET", "/docs/" + secret, "", nil},
		{"GET", "/docs/" + secret + "?v=" + secret, "", http.Header{"Accept": {"text/plain"}, "X": {secret}}},
		{"GET", "/docs/" + secret, "", http.Header{"If-None-Match": {`"` + secret + `"`}}},
		{"GET", "/docs/" + secret, "", http.Header{"If-Match": {`"other-` + secret + `"`}}},
		{"GET", "/docs/" + secret, "", http.Header{"If-Modified-Since": {"Tue, 14 Nov 2023 22:13:20 GMT"}, "Range": {"bytes=0-0"}}},
		{"GET", "/docs/" + secret, "", http.Header{"Accept": {secret + "/" + secret}}},
		{"GET", "/docs/" + secret + "-none", "", nil},
		{"GET", "/docs/" + secret + "-error", "", nil},
		{"GET", "/docs/" + secret + "-panic", "", nil},
		{"GET", "/docs/" + secret + "?v=forbidden", "", nil},
		{"PUT", "/docs/" + secret, `{"Text":"` + secret + `"}`, http.Header{"If-Match": {`"` + secret + `"`}}},
		{"PUT", "/docs/" + secret, `{"Text":"` + secret, nil},
		{"PUT", "/docs/" + secret, `{"Text":"stale"}`, http.Header{"X": {secret}}},
		{"PUT", "/docs/" + secret, secret, http.Header{"Content-Type": {secret + "/" + secret}}},
		{"DELETE", "/docs/" + secret, "", nil},
		{"POST", "/raw", secret, nil},
		{"GET", "/raw/" + secret + "/" + secret + "/" + secret, "", http.Header{"Range": {"bytes=0-1"}}},
		{secret, "/docs/" + secret, "", nil},
		{"GET", "/nowhere/" + secret + "%", "", nil},
	} {
		for kind, send := range map[string]func(){
			"Execute": func() {
				app.Execute(Request{Method: tt.method, Path: tt.path, Header: tt.header, Body: []byte(tt.body)})
			},
			"ServeHTTP": func() {
				r := httptest.NewRequest("GET", "/", strings.NewReader(tt.body))
				r.Method, r.URL.Path, r.RequestURI = tt.method, tt.path, tt.path
				for name, lines := range tt.header {
					r.Header[name] = lines
				}
				app.ServeHTTP(httptest.NewRecorder(), r)
			},
		} {
			job := finishedJob(t, m, send)
			if where := (finder{seen: map[uintptr]bool{}}).find(reflect.ValueOf(job), "job"); where != "" {
				t.Errorf("%s %s, %s: %s is left", tt.method, tt.path, kind, where)
			}
		}
	}
}

// A finder looks for the secret in all that a value leads to.
type finder struct{ seen map[uintptr]bool }

// find is where it is, "" where it is not.
func (f finder) find(v reflect.Value, path string) string {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), secret) {
			return path
		}
	case reflect.Pointer:
		if v.IsNil() || f.seen[v.Pointer()] {
			return ""
		}
		f.seen[v.Pointer()] = true
		return f.find(v.Elem(), path)
	case reflect.Interface:
		if !v.IsNil() {
			return f.find(v.Elem(), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if slices.Contains(outlives, v.Type().Field(i).Name) {
				continue
			}
			if where := f.find(v.Field(i), path+"."+v.Type().Field(i).Name); where != "" {
				return where
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if where := f.find(v.MapIndex(key), path+"[]") + f.find(key, path+"[]"); where != "" {
				return where
			}
		}
	case reflect.Slice:
		if v.Cap() > 0 {
			v = v.Slice(0, v.Cap()) // its room, too
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if strings.Contains(string(v.Bytes()), secret) {
				return path
			}
			return ""
		}
		return f.findAll(v, path)
	case reflect.Array:
		return f.findAll(v, path)
	}
	return ""
}

func (f finder) findAll(v reflect.Value, path string) string {
	for i := range v.Len() {
		if where := f.find(v.Index(i), path+"[]"); where != "" {
			return where
		}
	}
	return ""
}
