// How a price list becomes CSV, and CSV a price list.

package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/restmachine"
)

var header = []string{"sku", "name", "cents"}

// writeCSV writes one line at a time, so it needs the memory of one line.
func writeCSV(r Record) func(io.Writer) error {
	return func(to io.Writer) error {
		w := csv.NewWriter(to)
		w.UseCRLF = true // RFC 4180, 2
		if err := w.Write(header); err != nil {
			return err
		}
		for _, p := range r.Value {
			if err := w.Write([]string{cell(p.SKU), cell(p.Name), strconv.Itoa(p.Cents)}); err != nil {
				return err // the client has gone
			}
		}
		w.Flush()
		return w.Error()
	}
}

// errCSV is for the document. What is wrong stands in the Detail.
var errCSV = &restmachine.Problem{Status: http.StatusBadRequest, Title: "Not a price list"}

// readCSV reads what writeCSV writes. It gathers the mistakes of all lines.
func readCSV(content []byte) (Products, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff")))) // Excel begins with it
	r.FieldsPerRecord = len(header)
	lines, err := r.ReadAll()
	switch {
	case !utf8.Valid(content):
		return nil, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "The content is not UTF-8."}
	case err != nil:
		return nil, &restmachine.Problem{Status: http.StatusBadRequest, Detail: err.Error()}
	case len(lines) == 0 || !slices.Equal(lines[0], header):
		return nil, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "The first line must be: " + strings.Join(header, ",")}
	}
	var bad restmachine.Invalid
	all := make(Products, len(lines)-1)
	for i, line := range lines[1:] {
		cents, err := strconv.Atoi(line[2])
		if err != nil {
			bad.Add(restmachine.Pointer(i, "cents"), fmt.Sprintf("%q is not a whole number", line[2]))
		}
		all[i] = Product{text(line[0]), text(line[1]), cents}
		bad.At(restmachine.Pointer(i), all[i].Validate())
	}
	return all, bad.Err()
}

// cell puts an apostrophe before a text that a spreadsheet would take for a formula. text takes it
// off again, and leaves every other text as it is.
func cell(s string) string {
	if isFormula(s) {
		return "'" + s
	}
	return s
}

func text(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && isFormula(rest) {
		return rest
	}
	return s
}

func isFormula(s string) bool {
	s = strings.TrimLeft(s, "'")
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}
