package lambda

import "context"

// This file tells callbacks about the event that they answer.

// A Kind is what sent an event.
type Kind string

// The kinds of events. The guide's page on Lambda says what differs between them.
const (
	RESTAPI      Kind = "API Gateway REST API"
	HTTPAPI      Kind = "API Gateway HTTP API"
	LoadBalancer Kind = "Application Load Balancer"
	FunctionURL  Kind = "function URL"
)

// An Event is what is known of a request beside HTTP.
type Event struct {
	Kind Kind

	// RequestID is the service's own name of the request: the requestId of API Gateway and of
	// function URLs, and the X-Amzn-Trace-Id of a load balancer. The name that Lambda gives to
	// the invocation is in lambdacontext.FromContext of github.com/aws/aws-lambda-go.
	RequestID string

	// RemoteIP is the address that sent the request to the service, or "" where that is not
	// known. Of a load balancer it is the last of X-Forwarded-For, which the balancer has added
	// itself, unless it was told to preserve that field.
	RemoteIP string

	// Prefix is what the client's path has in front of the App's: a stage, a base path, or "".
	Prefix string

	// Payload is the event, of the package events of github.com/aws/aws-lambda-go: an
	// APIGatewayProxyRequest, APIGatewayV2HTTPRequest, ALBTargetGroupRequest or
	// LambdaFunctionURLRequest. What an authorizer has found is in there.
	Payload any
}

type eventKey struct{}

// FromContext returns the event that is being answered. It is false for a request that did not
// come by Lambda. A Dependency makes it something that callbacks take:
//
//	app.Dependency(func(ctx context.Context) (lambda.Event, error) {
//		event, _ := lambda.FromContext(ctx)
//		return event, nil
//	})
func FromContext(ctx context.Context) (Event, bool) {
	event, ok := ctx.Value(eventKey{}).(Event)
	return event, ok
}
