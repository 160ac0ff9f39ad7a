package lambda_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/restmachine/restmachine-go/contrib/lambda"
	"github.com/restmachine/restmachine-go/restmachine"
)

func newNotes() *restmachine.App {
	app := restmachine.New()
	app.Get("/notes/1", func() string { return "Buy milk" }).GenerateETag(func() string { return "v1" })
	return app
}

// get is an event of a function URL.
func get(path, fields string) []byte {
	return fmt.Appendf(nil, `{"version": "2.0", "rawPath": %q, "headers": {%s}, "requestContext":
		{"requestId": "r-1", "domainName": "abc.lambda-url.eu-west-1.on.aws", "http": {"method": "GET", "sourceIp": "203.0.113.7"}}}`, path, fields)
}

func show(h *lambda.Handler, event []byte) {
	answer, err := h.Invoke(context.Background(), event)
	if err != nil {
		fmt.Println(err)
		return
	}
	var a events.LambdaFunctionURLResponse
	_ = json.Unmarshal(answer, &a)
	fmt.Println(a.StatusCode, a.Headers["Etag"], a.Body)
}

// One Handler answers events of all kinds.
func ExampleNew() {
	h, err := lambda.New(context.Background(), newNotes())
	if err != nil {
		fmt.Println(err) // a wiring fault, or what OnStartup returned
		return
	}
	show(h, get("/notes/1", ""))
	show(h, get("/notes/1", `"if-none-match": "\"v1\""`))
	// Output:
	// 200 "v1" Buy milk
	// 304 "v1"
}

// A program for Lambda. Elsewhere it says what to do instead.
func ExampleStart() {
	fmt.Println(lambda.Start(newNotes()))
	// Output:
	// lambda: the process does not run in Lambda, AWS_LAMBDA_RUNTIME_API is not set; elsewhere call App.ListenAndServe
}

// Middleware stands around the App as it does elsewhere.
func ExampleOver() {
	app := newNotes()
	logged := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		app.ServeHTTP(w, r)
		fmt.Println(r.RemoteAddr, r.Pattern)
	})
	h, _ := lambda.Over(logged)
	show(h, get("/notes/1", ""))
	// Output:
	// 203.0.113.7:0 /notes/1
	// 200 "v1" Buy milk
}

// A function that serves one kind of event can say so. Its method goes to lambda.Start of
// github.com/aws/aws-lambda-go.
func ExampleHandler() {
	h, _ := lambda.New(context.Background(), newNotes())
	ctx, tag := context.Background(), map[string]string{"If-Match": `"v0"`}

	rest, _ := h.REST(ctx, events.APIGatewayProxyRequest{HTTPMethod: "GET", Path: "/notes/1", Headers: tag})
	fmt.Println(rest.StatusCode)

	api := events.APIGatewayV2HTTPRequest{RawPath: "/notes/1", Headers: tag}
	api.RequestContext.HTTP.Method = "GET"
	http, _ := h.HTTP(ctx, api)
	fmt.Println(http.StatusCode)

	url := events.LambdaFunctionURLRequest{RawPath: "/notes/1", Headers: tag}
	url.RequestContext.HTTP.Method = "GET"
	ofURL, _ := h.FunctionURL(ctx, url)
	fmt.Println(ofURL.StatusCode)

	alb, _ := h.ALB(ctx, events.ALBTargetGroupRequest{HTTPMethod: "GET", Path: "/notes/1", Headers: tag})
	fmt.Println(alb.StatusDescription)
	// Output:
	// 412
	// 412
	// 412
	// 412 Precondition Failed
}

func ExampleHandler_Invoke() {
	h, _ := lambda.New(context.Background(), newNotes())
	_, err := h.Invoke(context.Background(), []byte(`{"source": "aws.events", "detail-type": "Scheduled Event"}`))
	fmt.Println(err)
	// Output:
	// lambda: the event is not an HTTP request of API Gateway, a load balancer or a function URL; it is one of EventBridge; WithOther answers such events
}

// Callbacks take what the service in front knows.
func ExampleFromContext() {
	app := restmachine.New()
	app.Dependency(func(ctx context.Context) lambda.Event {
		event, _ := lambda.FromContext(ctx)
		return event
	})
	app.Get("/me", func(e lambda.Event) string { return e.RemoteIP + " " + e.RequestID })
	h, _ := lambda.New(context.Background(), app)
	show(h, get("/me", ""))
	// Output: 200  203.0.113.7 r-1
}

// What an authorizer has found is in the payload.
func ExampleEvent() {
	event := lambda.Event{Kind: lambda.HTTPAPI, Payload: events.APIGatewayV2HTTPRequest{}}
	if e, ok := event.Payload.(events.APIGatewayV2HTTPRequest); ok && e.RequestContext.Authorizer == nil {
		fmt.Println("nobody has signed in")
	}
	// Output: nobody has signed in
}

func ExampleKind() {
	fmt.Println(lambda.RESTAPI, lambda.HTTPAPI, lambda.LoadBalancer, lambda.FunctionURL, []lambda.Kind{})
	// Output: API Gateway REST API API Gateway HTTP API Application Load Balancer function URL []
}

// Options can depend on where the function runs.
func ExampleOption() {
	options := []lambda.Option{lambda.WithBasePath("/shop"), lambda.WithGrace(time.Second)}
	_, err := lambda.New(context.Background(), newNotes(), append(options, lambda.WithBasePath("shop/"))...)
	fmt.Println(err)
	// Output: lambda: the base path "shop/" is not a path; write one such as /shop, without a slash at its end
}

// A domain maps /shop to the API. The App knows nothing of it.
func ExampleWithBasePath() {
	h, _ := lambda.New(context.Background(), newNotes(), lambda.WithBasePath("/shop"))
	show(h, get("/shop/notes/1", ""))
	// Output: 200 "v1" Buy milk
}

// A handler that waits for long is stopped in time to answer.
func ExampleWithGrace() {
	app := restmachine.New()
	app.Get("/slow", func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	})
	h, _ := lambda.New(context.Background(), app, lambda.WithGrace(30*time.Millisecond))
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Millisecond)
	defer cancel()
	answer, err := h.Invoke(ctx, get("/slow", ""))
	fmt.Println(err, string(answer[:17]))
	// Output: <nil> {"statusCode":503
}

// A schedule keeps the function warm, and the function says that this is meant.
func ExampleWithOther() {
	warm := lambda.WithOther(func(_ context.Context, event json.RawMessage) (any, error) { return "warm", nil })
	h, _ := lambda.New(context.Background(), newNotes(), warm)
	answer, err := h.Invoke(context.Background(), []byte(`{"detail-type": "Scheduled Event"}`))
	fmt.Println(string(answer), err)
	// Output: "warm" <nil>
}
