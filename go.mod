module github.com/restmachine/restmachine-go

go 1.26.0

require (
	github.com/go-json-experiment/json v1.27.2
	github.com/julienschmidt/httprouter v1.3.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/text v0.43.0
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect
