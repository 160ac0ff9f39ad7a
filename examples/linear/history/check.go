// This file checks histories. Operations come in, and a Report goes out, which prints the history
// of a key that cannot have happened.

package history

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// An Operation is a request and its answer, with the times of both since the beginning.
type Operation struct {
	Client       int
	Input        Input
	Output       Output
	Call, Return time.Duration // Return does not matter if the outcome is unknown
}

// model is the model for porcupine, which checks each key by itself.
var model = porcupine.Model{
	Partition: func(all []porcupine.Operation) (parts [][]porcupine.Operation) {
		keys := map[string][]porcupine.Operation{}
		for _, o := range all {
			key := o.Input.(Input).Key
			keys[key] = append(keys[key], o)
		}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			parts = append(parts, keys[key])
		}
		return parts
	},
	Init: func() any { return State{} },
	Step: func(s, in, out any) (bool, any) {
		return step(s.(State), in.(Input), out.(Output))
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%v: %v", in, out) },
	DescribeState:     func(s any) string { return s.(State).String() },
}

// A Report is the verdict on the histories of some keys.
type Report struct {
	Keys, Operations, Unknown int
	Longest                   int           // operations of the longest history
	Undecided                 int           // keys whose search took too long
	Illegal                   []string      // of each key that cannot have happened: its history, to be read
	Took                      time.Duration // the time of checking
}

// Add adds the figures of another report.
func (r *Report) Add(other Report) {
	r.Keys += other.Keys
	r.Operations += other.Operations
	r.Unknown += other.Unknown
	r.Longest = max(r.Longest, other.Longest)
	r.Undecided += other.Undecided
	r.Illegal = append(r.Illegal, other.Illegal...)
	r.Took += other.Took
}

// Check checks the history of each key. The search takes at most the limit for a key. A history
// that cannot have happened is also drawn, into a file of the folder.
func Check(all []Operation, limit time.Duration, folder string) (r Report) {
	begin := time.Now()
	keys := map[string][]Operation{}
	for _, o := range all {
		keys[o.Input.Key] = append(keys[o.Input.Key], o)
		r.Operations++
		if o.Output.Status == 0 {
			r.Unknown++
		}
	}
	r.Keys = len(keys)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		mine := keys[key]
		r.Longest = max(r.Longest, len(mine))
		if why := twice(mine); why != "" {
			r.Illegal = append(r.Illegal, print(key, why, mine))
			continue
		}
		switch verdict, info := porcupine.CheckOperationsVerbose(model, operations(mine), limit); verdict {
		case porcupine.Unknown:
			r.Undecided++
		case porcupine.Illegal:
			why := "no order of these operations explains all answers"
			if file, err := draw(folder, info); err == nil {
				why += "; a drawing is in " + file
			}
			r.Illegal = append(r.Illegal, print(key, why, mine))
		}
	}
	r.Took = time.Since(begin)
	return r
}

// operations returns the operations for porcupine. One of unknown outcome is open to the end.
func operations(all []Operation) (out []porcupine.Operation) {
	var end time.Duration
	for _, o := range all {
		end = max(end, o.Call, o.Return)
	}
	for _, o := range all {
		if o.Output.Status == 0 {
			o.Return = end + 1
		}
		out = append(out, porcupine.Operation{
			ClientId: o.Client, Input: o.Input, Output: o.Output, Call: int64(o.Call), Return: int64(o.Return),
		})
	}
	return out
}

// twice looks for an entity-tag that stands for two states. It returns why the history is wrong.
func twice(all []Operation) string {
	values, writers := map[string]Pair{}, map[string]int{}
	for _, o := range all {
		if o.Output.Status != http.StatusOK && o.Output.Status != http.StatusCreated {
			continue
		}
		tag := o.Output.ETag
		if was, ok := values[tag]; ok && was != o.Output.Value {
			return fmt.Sprintf("the tag %s is of %v and of %v", tag, was, o.Output.Value)
		}
		values[tag] = o.Output.Value
		if o.Input.writes() {
			if writers[tag]++; writers[tag] > 1 {
				return fmt.Sprintf("two writes got the tag %s", tag)
			}
		}
	}
	return ""
}

// print returns the history of a key, in the order of the requests.
func print(key, why string, all []Operation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n%12s %12s  client\n", key, why, "from", "to (ms)")
	all = slices.SortedFunc(slices.Values(all), func(x, y Operation) int { return cmp.Compare(x.Call, y.Call) })
	for _, o := range all {
		to := "open"
		if o.Output.Status != 0 {
			to = ms(o.Return)
		}
		fmt.Fprintf(&b, "%12s %12s  %d: %v -> %v\n", ms(o.Call), to, o.Client, o.Input, o.Output)
	}
	return b.String()
}

func ms(d time.Duration) string { return fmt.Sprintf("%.3f", float64(d)/float64(time.Millisecond)) }

// draw writes the drawing of porcupine into a new file.
func draw(folder string, info porcupine.LinearizationInfo) (name string, err error) {
	f, err := os.CreateTemp(folder, "linear-*.html")
	if err != nil {
		return "", err
	}
	if err := porcupine.Visualize(model, info, f); err != nil {
		f.Close()
		return "", err
	}
	return f.Name(), f.Close()
}
