// This file keeps a journal in one file, which several processes share. In come writes. Each
// becomes a line, behind all others. A process learns what the others wrote as it reads on.

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"sync"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
)

// An Entry is one line of the journal: a new count, or a note.
type Entry struct {
	ID    int    `json:"id"` // 1, 2, 3, …
	Count *int   `json:"count,omitempty"`
	Note  string `json:"note,omitempty"`
}

// A Counter is the last count. Its version is the ID of the entry that set it.
type Counter struct {
	Count   int `json:"count"`
	Version int `json:"version"`
}

// A Journal is one process's view of the file. It is safe for concurrent use.
type Journal struct {
	mu      sync.Mutex
	file    *os.File
	read    int64 // how much of the file is in entries
	entries []Entry
	counter Counter
}

// OpenJournal opens the file, and makes it if there is none.
func OpenJournal(name string) (*Journal, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	return &Journal{file: file}, err
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// Counter returns the counter as it is now.
func (j *Journal) Counter() (*Counter, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.refresh()
	c := j.counter
	return &c, err
}

// After returns the entries after an ID.
func (j *Journal) After(id int) ([]Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.refresh()
	n := len(j.entries)
	return j.entries[min(max(id, 0), n):n:n], err
}

// SetCount sets the counter, if it still has a version. Else another process was faster.
func (j *Journal) SetCount(count, version int) (*Counter, error) {
	e, err := j.write(Entry{Count: &count}, func() bool { return j.counter.Version == version })
	if err != nil {
		return nil, err
	}
	return &Counter{count, e.ID}, nil
}

// Add adds a note.
func (j *Journal) Add(note string) (Entry, error) {
	return j.write(Entry{Note: note}, func() bool { return true })
}

// write appends an entry, where allowed says so. The lock of the file keeps other processes
// from writing between that question and the write.
func (j *Journal) write(e Entry, allowed func() bool) (Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := syscall.Flock(int(j.file.Fd()), syscall.LOCK_EX); err != nil {
		return Entry{}, err
	}
	defer func() { _ = syscall.Flock(int(j.file.Fd()), syscall.LOCK_UN) }()
	if err := j.refresh(); err != nil {
		return Entry{}, err
	}
	if !allowed() {
		return Entry{}, restmachine.ErrStale
	}
	e.ID = len(j.entries) + 1
	line, err := json.Marshal(e)
	if err != nil {
		return Entry{}, err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return Entry{}, err
	}
	return e, j.refresh()
}

// refresh reads the lines that are new. A line without its end is still being written.
func (j *Journal) refresh() error {
	info, err := j.file.Stat()
	if err != nil || info.Size() == j.read {
		return err
	}
	text, err := io.ReadAll(io.NewSectionReader(j.file, j.read, info.Size()-j.read))
	if err != nil {
		return err
	}
	for line := range bytes.Lines(text[:bytes.LastIndexByte(text, '\n')+1]) {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		j.read += int64(len(line))
		j.entries = append(j.entries, e)
		if e.Count != nil {
			j.counter = Counter{*e.Count, e.ID}
		}
	}
	return nil
}
