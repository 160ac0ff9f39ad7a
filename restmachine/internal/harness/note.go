// The note: the resource of the tests of failures and of content.

package harness

import "github.com/restmachine/restmachine-go/restmachine"

// A Note is a resource of which "1" exists, and every other one does not.
type Note struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Version int    `json:"version"`
}

// NoteIn is what a client says of a note.
type NoteIn struct {
	Text string `json:"text"`
}

// NoteContent is a NoteIn as a client sends it.
const NoteContent = `{"text": "new"}`

// NoteByPath loads the note of the parameter id.
func NoteByPath(path restmachine.PathParams) *Note {
	if path.Get("id") != "1" {
		return nil
	}
	return &Note{ID: "1", Text: "first", Version: 1}
}
