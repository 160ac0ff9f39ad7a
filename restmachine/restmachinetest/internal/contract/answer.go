package contract

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/responsefield"
)

// This file holds an answer to the document.

// An Answer is what a request got.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	AsText bool // the client prefers text/plain to JSON
}

// isOfAny reports whether every request may get a status, so that the response "default" tells
// it. Any other one has to be listed.
func isOfAny(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusRequestTimeout || status == http.StatusRequestURITooLong || status >= 500
}

// CheckAnswer says in what an answer differs from what the document says of its operation.
func (d *Document) CheckAnswer(o Operation, a Answer) []string {
	written, listed := o.responses[strconv.Itoa(a.Status)]
	if !listed {
		if written, listed = o.responses["default"]; !listed || !isOfAny(a.Status) {
			return []string{fmt.Sprintf("the status %d is not listed; listed: %s; %s", a.Status, strings.Join(slices.Sorted(maps.Keys(o.responses)), ", "), o.toList(a.Status))}
		}
	}
	response := d.object(written)
	faults := d.checkFields(d.object(response["headers"]), a)
	if a.Status == http.StatusUnauthorized && o.Secured {
		faults = append(faults, o.checkChallenge(a)...)
	}
	if len(a.Body) == 0 || o.Method == http.MethodHead {
		return faults
	}
	return append(faults, d.checkContent(d.object(response["content"]), a)...)
}

// toList says how to list a status.
func (o Operation) toList(status int) string {
	if status >= 400 {
		return fmt.Sprintf("say it where it is answered, on the Resource, a Group or the App: Problems(&restmachine.Problem{Status: %d})", status)
	}
	return fmt.Sprintf("say it in the openapi.Info: Texts[%q].Statuses has all successes of the handler, such as %d", o.Key(), status)
}

// checkFields finds fields that are missing, not told, or not as they are told. Their names are
// the same in any case (RFC 9110, 5.1).
func (d *Document) checkFields(headers object, a Answer) []string {
	var faults []string
	told := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		header, lines := d.object(headers[name]), a.Header.Values(name)
		told[http.CanonicalHeaderKey(name)] = true
		if required, _ := header["required"].(bool); required && len(lines) == 0 {
			faults = append(faults, "the field "+name+" is missing")
		}
		for _, line := range lines {
			for _, fault := range d.Check(header["schema"], line, true) {
				faults = append(faults, "the field "+name+": "+fault)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		if !told[name] && len(a.Header[name]) > 0 && !responsefield.IsExempt(name) {
			faults = append(faults, untold(name, a.Status))
		}
	}
	return faults
}

// untold says that a document does not tell a field, and what to do. It leaves out the value, since
// one fault stands for all answers that have it.
func untold(name string, status int) string {
	if by := responsefield.Own(name); by != "" {
		text := fmt.Sprintf("the field %s is not told; what tells it is %s", responsefield.Spelled(name), by)
		if responsefield.MayBeBrought(name) {
			text += fmt.Sprintf("; where a Reply brings it, say Field(%q, \"what it says\", %d) on the Resource", responsefield.Spelled(name), status)
		}
		return text
	}
	text := fmt.Sprintf("the field %s is not told; say it where it is set, on the Resource, a Group or the App: Field(%q, \"what it says\", %d), or without the %[3]d if every answer has it", name, name, status)
	if status >= 400 {
		text += ", or give it to the Header of the Problem that Problems names"
	}
	return text
}

// checkChallenge finds a challenge of another scheme than those of the document.
func (o Operation) checkChallenge(a Answer) []string {
	challenge := a.Header.Get("WWW-Authenticate")
	scheme, _, _ := strings.Cut(challenge, " ")
	if slices.ContainsFunc(o.Schemes, func(s string) bool { return s == "" || strings.EqualFold(s, scheme) }) {
		return nil
	}
	return []string{fmt.Sprintf("the challenge is %q, and the security schemes are %v", challenge, o.Schemes)}
}

// checkContent finds content of a media type that is not listed, or that its schema does not
// allow.
func (d *Document) checkContent(content object, a Answer) []string {
	media := a.Header.Get("Content-Type")
	listed, ok := content[media]
	for _, name := range slices.Sorted(maps.Keys(content)) {
		if !ok && matches(name, media) {
			listed, ok = content[name], true
		}
	}
	if !ok {
		if a.Status >= 400 && a.AsText && strings.HasPrefix(media, "text/plain") {
			return nil // as the document says of problems
		}
		return []string{fmt.Sprintf("the media type %q is not listed; listed: %q", media, slices.Sorted(maps.Keys(content)))}
	}
	schema := d.object(listed)["schema"]
	if schema == nil {
		return nil
	}
	if !IsJSON(media) {
		return d.Check(schema, string(a.Body), true)
	}
	value, err := Decode(a.Body)
	if err != nil {
		return []string{"the content is not JSON: " + err.Error()}
	}
	faults := d.Check(schema, value, true)
	for i, fault := range faults {
		faults[i] = "the content: " + fault
	}
	return faults
}

// matches reports whether a media type lies in a range of the document.
func matches(listed, media string) bool {
	want, _, err := mime.ParseMediaType(listed)
	is, _, wrong := mime.ParseMediaType(media)
	if err != nil || wrong != nil {
		return false
	}
	typ, isRange := strings.CutSuffix(want, "/*")
	return want == is || want == "*/*" || isRange && strings.HasPrefix(is, typ+"/")
}

// IsJSON reports whether a media type is JSON.
func IsJSON(media string) bool {
	typ, _, err := mime.ParseMediaType(media)
	return err == nil && (typ == "application/json" || strings.HasSuffix(typ, "+json"))
}
