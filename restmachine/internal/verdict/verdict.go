// Package verdict is what the walk decided. It is all that passes from package walk,
// which decides and writes no response, to package answer, which writes the response
// and decides nothing.
package verdict

import (
	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/byterange"
)

// A Verdict is the end of a walk.
type Verdict struct {
	Status    int
	Row       decision.ID       // the row that decided; a problem names it
	Cause     Cause             // why that row refused, where the row alone does not tell
	Err       error             // what ended the walk, if an error did
	Challenge string            // of a 401
	Moved     string            // of a redirect: where the missing resource is now
	Ranges    []byterange.Range // of the content; none: all of it
	Tag       *[1]string        // of a 304 whose only field is the ETag: its line; nil: there may be others
	Allow     *string           // of a 405 and an OPTIONS: the methods that gates allow; nil: none was asked
}

// A Cause is why a row refused. The row keeps it, so that nobody has to guess it from
// the request or the response.
type Cause uint8

// The causes.
const (
	ByRow          Cause = iota // the row refuses for one reason only
	ByFact                      // a fact of the service said so, and did not say why
	ContentCoding               // B5: the Content-Encoding of the content is not read
	PartialContent              // B9: a PUT has a Content-Range (RFC 9110, 14.5)
	Hidden                      // a gate says that there is nothing: the row is the one of a missing resource
)
