package openapi

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file writes the response fields that somebody told, by Field or in the Header of a Problem,
// beside those that the library knows. In come the headers of a response. They get more members.

// isOfDefault reports whether the response "default" tells a status that is not listed.
func isOfDefault(status int) bool { return status == http.StatusBadRequest || isOfAny(status) }

// tell adds the fields that are told of an answer, unless they are there. of reports whether a status
// is one of that answer. It returns the names that it added.
func (w *writer) tell(headers object, o restmachine.Operation, of func(status int) bool) (added []string) {
	for _, f := range o.Fields {
		if len(f.Statuses) > 0 && !slices.ContainsFunc(f.Statuses, of) || has(headers, f.Name) {
			continue
		}
		header := responseHeader(f.Doc, ofText(""))
		if common := commonHeaders[http.CanonicalHeaderKey(f.Name)]; common != nil && f.Doc == "" {
			header = common
		}
		if f.Doc == "" && header["description"] == "" {
			delete(header, "description")
		}
		headers[f.Name] = w.shareIfSame("headers", f.Name, header)
		added = append(added, f.Name)
	}
	return added
}

// tellOf is tell for one status.
func (w *writer) tellOf(headers object, o restmachine.Operation, status int) []string {
	return w.tell(headers, o, func(s int) bool { return s == status })
}

// has reports whether headers have a name, in any case (RFC 9110, 5.1).
func has(headers object, name string) bool {
	for known := range headers {
		if strings.EqualFold(known, name) {
			return true
		}
	}
	return false
}

// shareIfSame shares a component under a name, unless another one has it.
func (w *writer) shareIfSame(kind, name string, component object) object {
	name = strings.Map(inComponents, name)
	if taken, ok := w.shared[kind][name]; ok && !reflect.DeepEqual(taken, component) {
		return component
	}
	return w.share(kind, name, component)
}

// inComponents is a character of the name of a component (OpenAPI 3.1.1, 4.8.7.2).
func inComponents(c rune) rune {
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(".-_", c) {
		return c
	}
	return '-'
}

// shareTold shares a response that has fields which were told, under a name of its own.
func (w *writer) shareTold(name string, added []string, response object) object {
	if len(added) > 0 {
		name += "-" + strings.Join(added, "-")
	}
	return w.shareIfSame("responses", name, response)
}

// checkFields finds fields that are told of answers that no operation has. Of an operation that is
// hidden, nobody says the statuses.
func (w *writer) checkFields(operations []restmachine.Operation, isHidden func(restmachine.Operation) bool) {
	isSeen, known := map[string]bool{}, []string{}
	for _, o := range operations {
		listed := slices.Concat(successesOf(o, w.info.Texts[o.Method+" "+o.Path]), refusalsOf(o))
		for _, f := range o.Fields {
			for _, status := range f.Statuses {
				name := "the Field " + strconv.Quote(f.Name) + " of status " + strconv.Itoa(status)
				if !slices.Contains(known, name) {
					known = append(known, name)
				}
				isSeen[name] = isSeen[name] || isHidden(o) || slices.Contains(listed, status) || isOfDefault(status)
			}
		}
	}
	for _, name := range known {
		if !isSeen[name] {
			w.fault("%s is of no answer; name a status that an operation below has, or add it to Text.Statuses", name)
		}
	}
}
