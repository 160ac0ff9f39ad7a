// The tables of README.md: written with -update, compared otherwise.

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// compare holds a table between two marks of README.md to what was seen. What counts says
// of each cell whether it was tried: what is not installed was not.
func compare(t *testing.T, name string, head []string, lines [][]string, counts func(row, column int) bool) {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	opening, closing := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
	before, rest, found := strings.Cut(string(text), opening)
	require.True(t, found, "README.md has no mark %s", opening)
	written, after, found := strings.Cut(rest, closing)
	require.True(t, found, "README.md has no mark %s", closing)
	if *update {
		for row, line := range lines {
			for column := range line {
				require.True(t, counts(row, column), "everything must have been tried before the table is written")
			}
		}
		require.NoError(t, os.WriteFile("README.md", []byte(before+opening+table(head, lines)+closing+after), 0o644))
		return
	}
	rows := strings.Split(strings.TrimSpace(written), "\n")
	require.Len(t, rows, len(lines)+2, "the table of README.md has other rows: write it anew with -update")
	for i, line := range lines {
		cells := strings.Split(strings.Trim(rows[i+2], "| "), " | ")
		require.Len(t, cells, len(line), rows[i+2])
		for column, cell := range line {
			if counts(i, column) {
				assert.Equal(t, cells[column], cell, "%s: %s", line[0], head[column])
			}
		}
	}
}

func table(head []string, lines [][]string) string {
	var text strings.Builder
	row := func(cells []string) { text.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	row(head)
	text.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, line := range lines {
		row(line)
	}
	return text.String()
}
