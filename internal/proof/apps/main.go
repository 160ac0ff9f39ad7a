// This file runs the command. Flags come in. Figures go out, or the first answer that
// breaks a law.

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"
)

func main() {
	r := run{start: time.Now()}
	flag.IntVar(&r.apps, "apps", 1000, "how many Apps to make")
	flag.IntVar(&r.requests, "requests", 100_000, "how many requests to play to all of them")
	flag.Uint64Var(&r.seed, "seed", 0, "what everything is drawn from; 0: the clock")
	flag.IntVar(&r.only, "app", -1, "play only the App of this number")
	minutes := flag.Float64("minutes", 0, "stop after so many minutes; 0: do not stop")
	flag.Parse()
	if r.seed == 0 {
		r.seed = uint64(r.start.UnixNano())
	}
	r.limit = time.Duration(*minutes * float64(time.Minute))
	fmt.Printf("seed: %d\n", r.seed)
	figures, err := r.play()
	fmt.Println(figures)
	fmt.Printf("time: %v\n", time.Since(r.start).Round(time.Second))
	if err != nil {
		fmt.Fprintln(os.Stderr, "apps: failed:", err)
		os.Exit(1)
	}
	fmt.Println("wrong: 0")
}

// A run plays many Apps.
type run struct {
	apps, requests int
	seed           uint64
	only           int
	start          time.Time
	limit          time.Duration // 0: none
}

// play makes the Apps and plays their requests.
func (r run) play() (all figures, err error) {
	all = newFigures()
	for number := range r.apps {
		if r.limit > 0 && time.Since(r.start) > r.limit {
			break
		}
		if r.only >= 0 && number != r.only {
			continue
		}
		f, err := r.one(number)
		all.add(f)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// one makes the App of a number and plays its requests. An App that Validate refuses is
// made anew.
func (r run) one(number int) (figures, error) {
	rng := rand.New(rand.NewPCG(r.seed, uint64(number)))
	refused := 0
	for {
		seed := rng.Uint64()
		w, lines := makeApp(seed)
		if err := w.app.Validate(); err != nil {
			refused++
			if refused > 100 {
				return figures{}, fmt.Errorf("App %d: no App is valid, the last one because of %w", number, err)
			}
			continue
		}
		k := newKeeper(w)
		k.apps, k.refused = 1, refused
		d := &walker{rng, k}
		var played []request
		for i := range max(1, r.requests/r.apps) {
			q := d.step(i)
			played = append(played, q)
			if err := k.play(q); err != nil {
				played, err = shrink(seed, played, err)
				return k.figures, r.report(number, lines, played, err)
			}
		}
		k.changes = w.changes
		return k.figures, nil
	}
}

// report says all that is needed to understand a breach.
func (r run) report(number int, lines []string, played []request, err error) error {
	var text strings.Builder
	for _, q := range played {
		fmt.Fprintf(&text, "  %s\n", q)
	}
	return fmt.Errorf("%w\nThe App:\n  %s\nThe requests:\n%sPlay it again by -seed %d -app %d -apps %d -requests %d",
		err, strings.Join(lines, "\n  "), text.String(), r.seed, number, r.apps, r.requests)
}

// shrink leaves out the requests without which the same law is still broken.
func shrink(seed uint64, played []request, err error) ([]request, error) {
	for i := len(played) - 2; i >= 0; i-- {
		fewer := append(append([]request{}, played[:i]...), played[i+1:]...)
		if again := replay(seed, fewer); again != nil && again.is(err.(*breach)) {
			played, err = fewer, again
		}
	}
	return played, err
}

// replay plays requests to a new App of a seed. The last one must break the law.
func replay(seed uint64, played []request) *breach {
	w, _ := makeApp(seed)
	k := newKeeper(w)
	for i, q := range played {
		if err := k.play(q); err != nil {
			if i < len(played)-1 {
				return nil
			}
			return err.(*breach)
		}
	}
	return nil
}
