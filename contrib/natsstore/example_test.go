package natsstore_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/restmachine/restmachine-go/contrib/natsstore"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

type Todo struct {
	Title string
	Done  bool
}

// embedded starts a server in this process, with JetStream, on a port that is free. A service has
// its servers elsewhere, and only connects.
func embedded() (js jetstream.JetStream, stop func()) {
	dir, err := os.MkdirTemp("", "nats")
	if err != nil {
		log.Fatal(err)
	}
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: dir, SyncAlways: true, NoLog: true, NoSigs: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(time.Minute) {
		log.Fatal("the server does not start")
	}
	conn, err := nats.Connect(s.ClientURL(), nats.MaxReconnects(-1))
	if err != nil {
		log.Fatal(err)
	}
	js, err = jetstream.New(conn)
	if err != nil {
		log.Fatal(err)
	}
	return js, func() {
		conn.Close()
		s.Shutdown()
		s.WaitForShutdown()
		os.RemoveAll(dir)
	}
}

func ExampleStore() {
	ctx := context.Background()
	js, stop := embedded()
	defer stop()
	todos, err := natsstore.Open[string, Todo](ctx, js, jetstream.KeyValueConfig{Bucket: "todos"})
	if err != nil {
		log.Fatal(err)
	}
	milk, err := todos.Put(ctx, "7", Todo{Title: "milk"}, store.Absent())
	fmt.Println(milk.Value, err)

	milk.Value.Done = true
	_, err = todos.Put(ctx, "7", milk.Value, store.At(milk.Version))
	fmt.Println(err)

	milk.Value.Title = "oat milk" // of a version that has been overwritten
	_, err = todos.Put(ctx, "7", milk.Value, store.At(milk.Version))
	fmt.Println(errors.Is(err, store.ErrStale))

	now, _, err := todos.Get(ctx, "7")
	fmt.Println(now.Value, err)
	fmt.Println(todos.Delete(ctx, "7", store.At(now.Version)))
	all, err := todos.List(ctx, nil, 10)
	fmt.Println(len(all), err)
	// Output:
	// {milk false} <nil>
	// <nil>
	// true
	// {milk true} <nil>
	// <nil>
	// 0 <nil>
}

// Keys may be integers. They have the order of numbers.
func ExampleKey() {
	ctx := context.Background()
	js, stop := embedded()
	defer stop()
	type ID int
	todos, err := natsstore.Open[ID, Todo](ctx, js, jetstream.KeyValueConfig{Bucket: "todos"})
	if err != nil {
		log.Fatal(err)
	}
	for _, id := range []ID{10, 9} {
		if _, err := todos.Put(ctx, id, Todo{Title: "milk"}, store.Absent()); err != nil {
			log.Fatal(err)
		}
	}
	for todo, err := range store.All(ctx, todos) {
		fmt.Println(todo.Key, todo.Value.Title, err)
	}
	// Output:
	// 9 milk <nil>
	// 10 milk <nil>
}

// An App whose records are in NATS. Several processes may run it: of two writes at one version, one
// is 412.
func ExampleOpen() {
	js, stop := embedded()
	defer stop()
	todos, err := natsstore.Open[string, Todo](context.Background(), js, jetstream.KeyValueConfig{Bucket: "todos"})
	if err != nil {
		log.Fatal(err)
	}
	type Task = store.Record[string, Todo]
	app := restmachine.New()
	app.MapError(natsstore.ErrTooLarge, &restmachine.Problem{Status: http.StatusRequestEntityTooLarge})
	app.MapError(store.ErrUnknown, &restmachine.Problem{Status: http.StatusServiceUnavailable, Detail: "It is not known whether the write took place."})
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams) (Task, bool, error) {
		return todos.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Task.ETag)
	app.LastModified(Task.LastModified)
	app.Provides("application/json", func(t Task) Todo { return t.Value })
	task := app.Resource("/todos/{id}")
	task.Get(func(t Task) Task { return t })
	task.Put(func(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[Task], in restmachine.Body[Todo]) (Task, error) {
		return todos.Put(ctx, path.Get("id"), in.Value, store.At(old.Value.Version)) // also creates
	})

	put := func(field, value string) http.Header {
		resp := app.Execute(restmachine.Request{Method: "PUT", Path: "/todos/7",
			Header: http.Header{field: {value}}, Body: []byte(`{"Title":"milk"}`)})
		fmt.Println(resp.StatusCode)
		return resp.Header
	}
	made := put("If-None-Match", "*").Get("ETag")
	put("If-None-Match", "*")
	put("If-Match", made)
	put("If-Match", made)
	// Output:
	// 201
	// 412
	// 200
	// 412
}

// A bucket that another program made may let any replica answer.
func ExampleWithMend() {
	ctx := context.Background()
	js, stop := embedded()
	defer stop()
	cfg := jetstream.KeyValueConfig{Bucket: "todos"}
	if _, err := js.CreateKeyValue(ctx, cfg); err != nil {
		log.Fatal(err)
	}
	_, err := natsstore.Open[string, Todo](ctx, js, cfg)
	fmt.Println(err)
	_, err = natsstore.Open[string, Todo](ctx, js, cfg, natsstore.WithMend())
	fmt.Println(err)
	// Output:
	// natsstore: bucket todos lets any replica answer reads, so that a read may miss a write that was acknowledged before: open it WithMend, or run: nats stream edit KV_todos --no-allow-direct
	// <nil>
}

// Two stores share a bucket.
func ExampleWithPrefix() {
	ctx := context.Background()
	js, stop := embedded()
	defer stop()
	cfg := jetstream.KeyValueConfig{Bucket: "house"}
	for _, room := range []string{"kitchen", "bath"} {
		todos, err := natsstore.Open[string, Todo](ctx, js, cfg, natsstore.WithPrefix(room))
		if err != nil {
			log.Fatal(err)
		}
		_, err = todos.Put(ctx, "1", Todo{Title: room}, store.Absent())
		fmt.Println(err)
	}
	bucket, err := js.KeyValue(ctx, "house")
	if err != nil {
		log.Fatal(err)
	}
	keys, err := bucket.Keys(ctx)
	slices.Sort(keys)
	fmt.Println(keys, err)
	// Output:
	// <nil>
	// <nil>
	// [bath.1 kitchen.1] <nil>
}

// A call whose context does not have a deadline tries for a second.
func ExampleWithPatience() {
	ctx := context.Background()
	js, stop := embedded()
	todos, err := natsstore.Open[string, Todo](ctx, js, jetstream.KeyValueConfig{Bucket: "todos"}, natsstore.WithPatience(time.Second))
	if err != nil {
		log.Fatal(err)
	}
	begin := time.Now()
	stop() // the server is gone, and the connection with it
	_, err = todos.Put(ctx, "7", Todo{}, store.Any())
	fmt.Println(err != nil, errors.Is(err, store.ErrUnknown), time.Since(begin) < time.Minute)
	// Output: true false true
}

// Options of a service that gives up early.
func ExampleOption() {
	js, stop := embedded()
	defer stop()
	options := []natsstore.Option{natsstore.WithPrefix("v1"), natsstore.WithPatience(2 * time.Second)}
	_, err := natsstore.Open[string, Todo](context.Background(), js, jetstream.KeyValueConfig{Bucket: "todos"}, options...)
	fmt.Println(err)
	// Output: <nil>
}

// The todos of one house, page by page: store.Below calls it.
func ExampleStore_Below() {
	ctx := context.Background()
	js, stop := embedded()
	defer stop()
	todos, err := natsstore.Open[string, Todo](ctx, js, jetstream.KeyValueConfig{Bucket: "todos"})
	if err != nil {
		log.Fatal(err)
	}
	for _, key := range []string{"home/1", "home/2", "homes/1"} {
		if _, err := todos.Put(ctx, key, Todo{Title: "milk"}, store.Absent()); err != nil {
			log.Fatal(err)
		}
	}
	page, err := todos.Below(ctx, "home/", nil, 100)
	for _, r := range page {
		fmt.Println(r.Key)
	}
	fmt.Println(err)
	// Output:
	// home/1
	// home/2
	// <nil>
}
