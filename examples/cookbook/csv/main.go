// Csv shows a price list as JSON and as CSV, and takes both back. What a client exports, it can
// import again.
//
//	go run ./cookbook/csv
package main

import (
	"context"
	"encoding/json"
	"iter"
	"log"
	"mime"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Product is a line of the price list.
type Product struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

// Validate refuses a product that cannot be sold: 422.
func (p Product) Validate() error {
	var bad restmachine.Invalid
	if p.SKU == "" {
		bad.Add("/sku", "is required")
	}
	if p.Cents < 0 {
		bad.Add("/cents", "must not be negative")
	}
	return bad.Err()
}

// Products is a whole list, as a client sends it. Record is the list with its version.
type (
	Products []Product
	Lists    = store.Store[string, Products]
	Record   = store.Record[string, Products]
)

const csvType = "text/csv; charset=utf-8"

// NewApp returns the App.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(newLists)
	app.ResourceExists(func(ctx context.Context, lists Lists) (Record, bool, error) { return lists.Get(ctx, "prices") })
	app.GenerateETag(Record.ETag)
	app.LastModified(Record.LastModified)
	app.CacheControl(func(Record) string { return "no-cache" })

	prices := app.Get("/prices", func(r Record) Record { return r }).Put(replace)
	prices.Provides("application/json", func(r Record) iter.Seq[Product] { return slices.Values(r.Value) })
	prices.Provides(csvType, writeCSV)
	prices.Accepts("application/json", func(content []byte) (all Products, err error) {
		return all, json.Unmarshal(content, &all)
	})
	prices.Accepts("text/csv", readCSV)
	prices.KnownContentType(isUTF8)
	prices.MaxBody(8 << 20)
	prices.RequirePreconditions()
	prices.FinishRequest(asFile)
	prices.Field("Content-Disposition", "The name of the file. JSON has none.", 200) // for the document
	prices.Problems(errCSV)
	return app
}

func replace(ctx context.Context, r Record, in restmachine.Body[Products], lists Lists) (Record, error) {
	return lists.Put(ctx, r.Key, in.Value, store.At(r.Version))
}

// newLists returns a store with one list.
func newLists(ctx context.Context) (Lists, error) {
	lists := &store.Memory[string, Products]{Clone: slices.Clone[Products]}
	_, err := lists.Put(ctx, "prices", Products{{"A1", "Apple", 40}, {"B2", "-20 % on pears", 99}}, store.Absent())
	return lists, err
}

// isUTF8 refuses CSV in another charset: 415. Without a charset, it must be UTF-8 as well.
func isUTF8(h http.Header) bool {
	_, params, _ := mime.ParseMediaType(h.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	return charset == "" || charset == "utf-8" || charset == "us-ascii"
}

// asFile has a browser save CSV under a name.
func asFile(r *restmachine.Response) {
	if r.Header.Get("Content-Type") == csvType {
		r.Header.Set("Content-Disposition", `attachment; filename="prices.csv"`)
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
