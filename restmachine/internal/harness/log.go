// A log that a test reads while the App still writes it.

package harness

import (
	"bytes"
	"log/slog"
	"sync"
)

// A Log keeps what an App logs.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all that was logged since the last Take.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Take is String, and forgets what it returns.
func (l *Log) Take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}

// logger is what an App logs to.
func (l *Log) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
