// What the tracker keeps of issues and attachments. Projects, filters and contents come in.
// Rows go out as values.

package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A list is a column that holds a JSON array of strings.
type list struct{ of *[]string }

// Scan reads the column.
func (l list) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("a list is a %T, and not a text", column)
	}
	return json.Unmarshal([]byte(text), l.of)
}

const issueColumns = ` project, number, title, text, state, assignee, labels, author, version, updated `

func scanIssue(r row, p *Project) (*Issue, error) {
	i, err := scanAnyIssue(r)
	i.Path = fmt.Sprintf("%s/%d", issuesPath(p), i.Number)
	return i, err
}

func scanAnyIssue(r row) (*Issue, error) {
	var i Issue
	var updated int64
	err := r.Scan(&i.ProjectID, &i.Number, &i.Title, &i.Text, &i.State, &i.Assignee, list{&i.Labels}, &i.Author, &i.Version, &updated)
	i.UpdatedAt = time.UnixMicro(updated).UTC()
	return &i, err
}

// Issue returns the issue of the project, or nil.
func (s *Store) Issue(ctx context.Context, p *Project, number int64) (*Issue, error) {
	return one(s.db.QueryRowContext(ctx, `SELECT`+issueColumns+`FROM issues WHERE project = ? AND number = ?`, p.ID, number),
		func(r row) (*Issue, error) { return scanIssue(r, p) }, nil)
}

// Issues returns up to limit issues of the project that the filter chooses, by number, behind the
// one that is numbered after.
func (s *Store) Issues(ctx context.Context, p *Project, f Filter, after int64, limit int) ([]Issue, error) {
	rows, err := s.query(ctx, p, f, after, limit)
	return all(rows, err, func(r row) (*Issue, error) { return scanIssue(r, p) })
}

// query asks for issues. A limit of -1 is none.
func (s *Store) query(ctx context.Context, p *Project, f Filter, after int64, limit int) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, `SELECT`+issueColumns+`FROM issues
		WHERE project = ? AND number > ? AND ? IN ('', state) AND ? IN ('', assignee)
		AND (? = '' OR EXISTS (SELECT 1 FROM json_each(labels) WHERE value = ?))
		AND instr(lower(title || char(10) || text), lower(?)) > 0
		ORDER BY number LIMIT ?`,
		p.ID, after, f.State, f.Assignee, f.Label, f.Label, f.Text, limit)
}

// CreateIssue adds an issue under the next number of the project. It returns
// [restmachine.ErrStale] if the project has gone.
func (s *Store) CreateIssue(ctx context.Context, p *Project, c IssueContent, author string) (*Issue, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `UPDATE projects SET last = last + 1 WHERE id = ?`, p.ID); err != nil {
		return nil, err
	}
	issue, err := one(tx.QueryRowContext(ctx, `INSERT INTO issues (project, number, title, text, state, assignee, labels, author, updated)
		SELECT id, last, ?, ?, ?, ?, ?, ?, ? FROM projects WHERE id = ? RETURNING`+issueColumns,
		c.Title, c.Text, c.State, c.Assignee, c.labels(), author, s.now().UnixMicro(), p.ID),
		func(r row) (*Issue, error) { return scanIssue(r, p) }, restmachine.ErrStale)
	if err != nil {
		return nil, err
	}
	return issue, tx.Commit()
}

// UpdateIssue stores c as the next version of i, and returns that version. It returns
// [restmachine.ErrStale] if i is no longer the current version.
func (s *Store) UpdateIssue(ctx context.Context, i *Issue, c IssueContent) (*Issue, error) {
	updated, err := one(s.db.QueryRowContext(ctx, `UPDATE issues
		SET title = ?, text = ?, state = ?, assignee = ?, labels = ?, version = version + 1, updated = ?
		WHERE project = ? AND number = ? AND version = ? RETURNING`+issueColumns,
		c.Title, c.Text, c.State, c.Assignee, c.labels(), s.now().UnixMicro(), i.ProjectID, i.Number, i.Version),
		scanAnyIssue, restmachine.ErrStale)
	if err != nil {
		return nil, err
	}
	updated.Path = i.Path
	return updated, nil
}

// labels is the column of the labels.
func (c IssueContent) labels() string {
	if c.Labels == nil {
		return "[]"
	}
	text, _ := json.Marshal(c.Labels) // strings always become JSON
	return string(text)
}

// DeleteIssue removes i and its attachments.
func (s *Store) DeleteIssue(ctx context.Context, i *Issue) error {
	return s.writeOne(ctx, `DELETE FROM issues WHERE project = ? AND number = ? AND version = ?`, i.ProjectID, i.Number, i.Version)
}

const selectAttachment = `SELECT name, length(content), hash, updated FROM attachments WHERE project = ? AND issue = ? `

// Attachment returns the attachment of the issue, or nil.
func (s *Store) Attachment(ctx context.Context, i *Issue, name string) (*Attachment, error) {
	return one(s.db.QueryRowContext(ctx, selectAttachment+`AND name = ?`, i.ProjectID, i.Number, name),
		func(r row) (*Attachment, error) { return scanAttachment(r, i) }, nil)
}

// Attachments returns the attachments of the issue, by name.
func (s *Store) Attachments(ctx context.Context, i *Issue) ([]Attachment, error) {
	rows, err := s.db.QueryContext(ctx, selectAttachment+`ORDER BY name`, i.ProjectID, i.Number)
	return all(rows, err, func(r row) (*Attachment, error) { return scanAttachment(r, i) })
}

func scanAttachment(r row, i *Issue) (*Attachment, error) {
	a := Attachment{issue: i}
	var updated int64
	err := r.Scan(&a.Name, &a.Size, &a.Hash, &updated)
	a.UpdatedAt = time.UnixMicro(updated).UTC()
	return &a, err
}

// Content returns the bytes of this version of a. Where they have changed since it was loaded,
// it returns [restmachine.ErrNotFound]: other bytes must not go out under its tag.
func (s *Store) Content(ctx context.Context, a *Attachment) ([]byte, error) {
	content, err := one(s.db.QueryRowContext(ctx, `SELECT content FROM attachments WHERE project = ? AND issue = ? AND name = ? AND hash = ?`,
		a.issue.ProjectID, a.issue.Number, a.Name, a.Hash), func(r row) (*[]byte, error) {
		content := []byte{}
		return &content, r.Scan(&content)
	}, restmachine.ErrNotFound)
	if err != nil {
		return nil, err
	}
	return *content, nil
}

// KeepAttachment stores the content of now where was is: nil where there was none. It returns
// [restmachine.ErrStale] if was has changed, or the issue has gone.
func (s *Store) KeepAttachment(ctx context.Context, was, now *Attachment, content []byte) error {
	if content == nil { // no content is nil, and NULL in SQL
		content = []byte{}
	}
	if was == nil {
		return s.writeOne(ctx, `INSERT INTO attachments (project, issue, name, hash, updated, content)
			SELECT project, number, ?, ?, ?, ? FROM issues WHERE project = ? AND number = ? ON CONFLICT DO NOTHING`,
			now.Name, now.Hash, s.now().UnixMicro(), content, now.issue.ProjectID, now.issue.Number)
	}
	return s.writeOne(ctx, `UPDATE attachments SET hash = ?, updated = ?, content = ?
		WHERE project = ? AND issue = ? AND name = ? AND hash = ?`,
		now.Hash, s.now().UnixMicro(), content, now.issue.ProjectID, now.issue.Number, now.Name, was.Hash)
}

// DeleteAttachment removes a.
func (s *Store) DeleteAttachment(ctx context.Context, a *Attachment) error {
	return s.writeOne(ctx, `DELETE FROM attachments WHERE project = ? AND issue = ? AND name = ? AND hash = ?`,
		a.issue.ProjectID, a.issue.Number, a.Name, a.Hash)
}
