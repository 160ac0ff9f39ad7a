package plan

import (
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file says what a path is about: of the types that it loads, the target,
// and whether a method can create it.

// targetsOf are the loads that no other of them is made from: one on most
// paths, none where the resource always exists.
func targetsOf(loaded []*Load) []*Load {
	var targets []*Load
	for _, l := range loaded {
		isParent := slices.ContainsFunc(loaded, func(o *Load) bool { return o != l && slices.Contains(o.needs().all(), l) })
		if !isParent {
			targets = append(targets, l)
		}
	}
	return targets
}

// An aim is what one method does with the targets of its path.
type TargetUse struct {
	Required  []*Load // must exist, parents before children, the target last
	Target    *Load   // nil: the path has none, or several of which this asks none
	Creates   bool    // where the target is missing, the method may make it
	ambiguous bool    // a PUT that could create one of several targets
}

// aimOf is what a method does whose handler asks for asks, on a path with these
// targets; gated is what the path's gates ask for on its way.
func targetUseOf(method string, targets []*Load, asks, gated Needs) TargetUse {
	a := TargetUse{}
	mine := slices.DeleteFunc(slices.Clone(targets), func(t *Load) bool {
		return !slices.Contains(asks.Required, t) && !slices.Contains(asks.optional, t)
	})
	switch {
	case len(mine) == 0 && len(targets) == 1:
		mine = targets
	case len(mine) == 0:
		mine = targets
		a.ambiguous = method == "PUT" && len(targets) > 1
	}
	mayMiss := func(t *Load) bool { return !slices.Contains(asks.Required, t) && slices.Contains(asks.optional, t) }
	if i := slices.IndexFunc(mine, mayMiss); i >= 0 {
		a.Target = mine[i] // what it may create, and not what it needs for that
	} else if len(mine) > 0 {
		a.Target = mine[len(mine)-1]
	}
	asked := slices.Contains(asks.Required, a.Target)
	switch method {
	case "PUT", "POST":
		a.Creates = !asked && !a.ambiguous
	case "PATCH":
		a.Creates = a.Target != nil && mayMiss(a.Target)
	}
	a.Required = declare.Union(a.Required, asks.Required)
	a.Required = declare.Union(a.Required, gated.Required)
	for _, t := range mine {
		if mayMiss(t) && (t != a.Target || method == "GET" || method == "HEAD") {
			continue // the handler says itself what it makes of one that is missing
		}
		a.Required = declare.Union(a.Required, t.closure())
	}
	if i := slices.Index(a.Required, a.Target); i >= 0 && a.Creates {
		a.Required = append(slices.Delete(a.Required, i, i+1), a.Target)
	}
	return a
}
