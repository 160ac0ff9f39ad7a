package main

import (
	"context"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Row is what a client sees of a task in the list.
type Row struct {
	ID string `json:"id"`
	Task
}

func addList(app *restmachine.App) {
	app.Get("/tasks", func(ctx context.Context, tasks Tasks) ([]Record, error) {
		return tasks.List(ctx, nil, 100) // the first 100
	})
	app.GenerateETag(store.ListTag[string, Task])
	app.CacheControl(func([]Record) string { return "no-cache" })
	app.Provides("application/json", func(all []Record) []Row {
		rows := []Row{}
		for _, r := range all {
			rows = append(rows, Row{r.Key, r.Value})
		}
		return rows
	})
}
