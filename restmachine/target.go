package restmachine

import "slices"

// This file says what a path is about: of the types that it loads, the target,
// and whether a method can create it.

// targetsOf are the loads that no other of them is made from: one on most
// paths, none where the resource always exists.
func targetsOf(loaded []*load) []*load {
	var targets []*load
	for _, l := range loaded {
		isParent := slices.ContainsFunc(loaded, func(o *load) bool { return o != l && slices.Contains(o.behind().all(), l) })
		if !isParent {
			targets = append(targets, l)
		}
	}
	return targets
}

// An aim is what one method does with the targets of its path.
type aim struct {
	required []*load // must exist, parents before children, the target last
	target   *load   // nil: the path has none, or several of which this asks none
	creates  bool    // where the target is missing, the method may make it
	unclear  bool    // a PUT that could create one of several targets
}

// aimOf is what a method does whose handler asks for asks, on a path with these
// targets; gated is what the path's gates ask for on its way.
func aimOf(method string, targets []*load, asks, gated needs) aim {
	a := aim{}
	mine := slices.DeleteFunc(slices.Clone(targets), func(t *load) bool {
		return !slices.Contains(asks.loads, t) && !slices.Contains(asks.maybe, t)
	})
	switch {
	case len(mine) == 0 && len(targets) == 1:
		mine = targets
	case len(mine) == 0:
		mine = targets
		a.unclear = method == "PUT" && len(targets) > 1
	}
	mayMiss := func(t *load) bool { return !slices.Contains(asks.loads, t) && slices.Contains(asks.maybe, t) }
	if i := slices.IndexFunc(mine, mayMiss); i >= 0 {
		a.target = mine[i] // what it may create, and not what it needs for that
	} else if len(mine) > 0 {
		a.target = mine[len(mine)-1]
	}
	asked := slices.Contains(asks.loads, a.target)
	switch method {
	case "PUT", "POST":
		a.creates = !asked && !a.unclear
	case "PATCH":
		a.creates = a.target != nil && mayMiss(a.target)
	}
	a.required = union(a.required, asks.loads)
	a.required = union(a.required, gated.loads)
	for _, t := range mine {
		if mayMiss(t) && (t != a.target || method == "GET" || method == "HEAD") {
			continue // the handler says itself what it makes of one that is missing
		}
		a.required = union(a.required, t.closure())
	}
	if i := slices.Index(a.required, a.target); i >= 0 && a.creates {
		a.required = append(slices.Delete(a.required, i, i+1), a.target)
	}
	return a
}
