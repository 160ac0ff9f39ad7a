// Speed counts only among those who give the same answer.

package contest

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Check compares what the contestants answer to the cases. Each must give the
// status of the case; a 200 must have the document of the first contestant and
// its ETag and Last-Modified. OwnTags are only asked to be there.
func Check(contestants []Contestant, cases []Case) error {
	var all []error
	for _, c := range cases {
		want := contestants[0].Answer(c)
		for _, one := range contestants {
			if err := same(c, one.Answer(c), want, one.OwnTags); err != nil {
				all = append(all, fmt.Errorf("%s, %s: %w", one.Name, c.Name, err))
			}
		}
	}
	return errors.Join(all...)
}

func same(c Case, got, want Answer, ownTags bool) error {
	if got.Status != c.Status {
		return fmt.Errorf("status %d, want %d: %s", got.Status, c.Status, got.Body)
	}
	if c.Status != 200 {
		return nil
	}
	for _, field := range []string{"ETag", "Last-Modified"} {
		g, w := got.Header.Get(field), want.Header.Get(field)
		if g != w && !(field == "ETag" && ownTags && g != "") {
			return fmt.Errorf("%s is %q, want %q", field, g, w)
		}
	}
	var g, w Document
	if err := errors.Join(json.Unmarshal(got.Body, &g), json.Unmarshal(want.Body, &w)); err != nil {
		return err
	}
	if g != w {
		return fmt.Errorf("the document is %+v, want %+v", g, w)
	}
	return nil
}
