package declare

import (
	"slices"
	"strconv"

	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/responsefield"
)

// This file registers which fields answers carry that no type and no fact shows. In come the
// calls of Field. Out come Fields of a Place, or faults where a field cannot be told so.

// Field registers a response field that callbacks set by themselves.
func (r Ref) Field(f Field) {
	f.Site = r.callSite("Field")
	if wrong := r.wrongField(f); wrong != "" {
		r.Place.App.Faults.Add(f.Site, "Field(%q): %s", f.Name, wrong)
		return
	}
	r.Place.Settings.Fields = append(r.Place.Settings.Fields, f)
}

// wrongField says what is wrong with a field, and what to do; "" is nothing.
func (r Ref) wrongField(f Field) string {
	if !header.LegalName(f.Name) {
		return "the name of a field is a token of letters, digits and hyphens (RFC 9110, 5.1); write its name alone, such as Link"
	}
	if by := responsefield.Own(f.Name); by != "" && responsefield.MayBeBrought(f.Name) {
		if len(f.Statuses) == 0 {
			return "name the statuses of the Reply that brings it, such as 201; elsewhere the document tells this field by itself. What says it there is " + by
		}
	} else if by != "" {
		return "a document tells this field by itself; remove this line. What says it is " + by
	}
	if why := responsefield.OfMessage(f.Name); why != "" {
		return "no document tells this field: " + why + "; remove this line"
	}
	for _, status := range f.Statuses {
		if status < 200 || status > 599 {
			return "no answer has the status " + strconv.Itoa(status) + "; name statuses from 200 to 599, or none for all answers"
		}
	}
	if i := slices.IndexFunc(r.Place.Settings.Fields, f.Overlaps); i >= 0 {
		return "it is told of the same answers at " + r.Place.Settings.Fields[i].Site + ", too; remove one"
	}
	return ""
}
