package lambda

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file runs an App as the whole of a program in Lambda: its start, its events and its end.

// shutdownTime is how long OnShutdown may take: Lambda kills the process 500 ms after SIGTERM.
const shutdownTime = 400 * time.Millisecond

// Start starts the App and answers the events of Lambda. It returns only
// with an error: of the App's start, of an option, or since the process is not in Lambda, where
// AWS_LAMBDA_RUNTIME_API is not set. Give it to log.Fatal, and Lambda reports that the function
// could not be initialised. When Lambda ends the process, OnShutdown runs; it has 400 ms.
func Start(app *restmachine.App, options ...Option) error {
	h, err := New(context.Background(), app, options...)
	if err != nil {
		return err
	}
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") == "" {
		return errors.Join(errors.New("lambda: the process does not run in Lambda, AWS_LAMBDA_RUNTIME_API is not set; elsewhere call App.ListenAndServe"), app.Shutdown(context.Background()))
	}
	lambda.StartWithOptions(h, lambda.WithEnableSIGTERM(func() { end(app) }))
	return nil // StartWithOptions does not return
}

// end drains the App, so that what waits for its end goes on at once, and runs OnShutdown. Nobody is left to return its error to.
func end(app *restmachine.App) {
	app.Drain()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	if err := app.Shutdown(ctx); err != nil {
		slog.ErrorContext(ctx, "lambda: "+err.Error())
	}
}
