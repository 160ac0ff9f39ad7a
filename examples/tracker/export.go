// The export of issues. A project and a filter come in. CSV goes out, row by row: an export of
// any size needs the memory of one row. It is a path of its own, since a stream does not have
// an entity-tag, and the list has one.

package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// An Export is the issues that a filter chooses. It is a question that is not asked yet.
type Export struct {
	project *Project
	filter  Filter
}

func exportIssues(p *Project, in restmachine.Query[Filter]) *Export {
	return &Export{p, in.Value}
}

const csvType = "text/csv; charset=utf-8"

// writeCSV is the renderer of an Export: an io.Reader is streamed, and an io.Closer is closed. The database is asked when the first byte is wanted, so a
// HEAD does not ask it. Where an entity can be a sequence or a function that writes, which later
// versions take, this is a loop over the issues, and issueReader is not needed.
func writeCSV(e *Export, ctx context.Context, store *Store) *issueReader {
	return &issueReader{query: func() (*sql.Rows, error) { return store.query(ctx, e.project, e.filter, 0, -1) }, project: e.project}
}

// An issueReader reads issues from the database as CSV, as fast as it is read. An error in the
// middle breaks the response off, so that nobody takes the half for the whole.
type issueReader struct {
	query   func() (*sql.Rows, error)
	project *Project
	rows    *sql.Rows // nil: not asked yet
	text    bytes.Buffer
}

func (r *issueReader) Read(p []byte) (int, error) {
	if r.text.Len() == 0 {
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	return r.text.Read(p)
}

// fill writes the next row into text. Its error is io.EOF behind the last one.
func (r *issueReader) fill() (err error) {
	line := []string{"number", "title", "state", "assignee", "labels", "author", "updated_at"}
	switch {
	case r.rows == nil:
		if r.rows, err = r.query(); err != nil {
			return err
		}
	case r.rows.Next():
		i, err := scanIssue(r.rows, r.project)
		if err != nil {
			return err
		}
		line = []string{strconv.FormatInt(i.Number, 10), cell(i.Title), string(i.State), cell(i.Assignee),
			cell(strings.Join(i.Labels, " ")), cell(i.Author), i.UpdatedAt.Format("2006-01-02T15:04:05Z")}
	case r.rows.Err() != nil:
		return r.rows.Err()
	default:
		return io.EOF
	}
	w := csv.NewWriter(&r.text)
	if err := w.Write(line); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

// Close is called when the response was sent, and when the client has gone.
func (r *issueReader) Close() error {
	if r.rows == nil {
		return nil
	}
	return r.rows.Close()
}

// cell keeps a spreadsheet from taking the text of a stranger for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
