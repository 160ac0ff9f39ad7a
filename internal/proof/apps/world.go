// This file holds the world of one App: its store, and other processes, which write in the
// middle of requests.

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A world is an App, what it reads and writes, and who else writes.
type world struct {
	app       *restmachine.App
	store     *store
	resources []*resource
	log       bytes.Buffer // warnings and errors of the App
	tagsAlone bool         // WithPrecedence(RFC9110)

	others  *rand.Rand // draws what others write; nil: they are still
	near    string     // the key that the request under way speaks of
	frozen  bool       // others leave it alone
	changes int        // made by others in the middle of requests
}

func newWorld() *world { return &world{store: newStore()} }

// interrupt is a moment between two callbacks, at which others may write.
func (w *world) interrupt() {
	if w.others != nil && w.others.IntN(6) == 0 {
		if w.disturb(w.others) {
			w.changes++
		}
	}
}

// disturb writes as another process: mostly near what the request under way speaks of.
func (w *world) disturb(rng *rand.Rand) bool {
	if w.store.next%64 > 50 {
		return false
	}
	if key := w.missing(); key != "" && rng.IntN(3) == 0 {
		w.store.put(key, drawText(rng))
		return true
	}
	key := w.draw(rng)
	if key == "" || w.frozen && strings.HasPrefix(w.near+"/", key+"/") {
		return false
	}
	switch rng.IntN(12) {
	case 0:
		if _, ok := w.store.get(key); !ok {
			return false
		}
		w.store.remove(key)
	case 1, 2:
		key = folder(key) + "/" + fmt.Sprint(1+rng.IntN(3))
		if strings.HasPrefix(key, "files/") || w.frozen && key == w.near {
			return false
		}
		w.store.put(key, drawText(rng))
	default:
		w.store.put(key, drawText(rng))
	}
	return true
}

// missing is the first record above what the request under way speaks of, or that itself, that
// is not there. It is "" if there is none, and where others leave it alone.
func (w *world) missing() string {
	names := strings.Split(w.near, "/")
	for n := 2; n <= len(names) && !w.frozen; n += 2 {
		key := strings.Join(names[:n], "/")
		if _, ok := w.store.get(key); !ok {
			return key
		}
	}
	return ""
}

// draw draws a key: the one near by, one in it or above it, or any.
func (w *world) draw(rng *rand.Rand) string {
	keys := make([]string, 0, len(w.store.kept))
	var around []string
	for _, key := range w.store.all() {
		keys = append(keys, key)
		if w.near != "" && (strings.HasPrefix(key+"/", w.near+"/") || strings.HasPrefix(w.near+"/", key+"/")) {
			around = append(around, key)
		}
	}
	switch {
	case len(keys) == 0:
		return ""
	case len(around) > 0 && rng.IntN(4) > 0:
		return around[rng.IntN(len(around))]
	}
	return keys[rng.IntN(len(keys))]
}

// watched is the files of the store. Others may write before a file is opened and after.
type watched struct{ w *world }

func (f watched) Open(name string) (fs.File, error) {
	f.w.interrupt()
	defer f.w.interrupt()
	return f.w.store.files.Open(name)
}
