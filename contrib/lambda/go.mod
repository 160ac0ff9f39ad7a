module github.com/restmachine/restmachine-go/contrib/lambda

go 1.26.0

replace github.com/restmachine/restmachine-go => ../..

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/restmachine/restmachine-go v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/julienschmidt/httprouter v1.3.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.43.0 // indirect
)
