package plan

import (
	"net/http"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file finds what a path is about. In come the loads of the path, and what a handler
// asks for. Out come the targets, and what a method does with them: which must exist, and
// whether it can create one.

// targetsOf are the loads that no other load is made from: one on most paths, none where the
// resource always exists.
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

// A TargetUse is what one method does with the targets of its path.
type TargetUse struct {
	Required  []*Load // must exist, parents before children, the target last
	Target    *Load   // nil: the path has none, or several of which this asks none
	Creates   bool    // the method may make the target where it is missing
	ambiguous bool    // a PUT that could create one of several targets
}

// targetUseOf is what a method does with targets. asks is what its handler asks for, and
// gated what the gates ask for that it passes. safe is set where the method changes nothing.
func targetUseOf(method string, safe bool, targets []*Load, asks, gated Needs) TargetUse {
	u := TargetUse{}
	concerned := slices.DeleteFunc(slices.Clone(targets), func(t *Load) bool { return !slices.Contains(asks.all(), t) })
	if len(concerned) == 0 {
		concerned = targets
		u.ambiguous = method == http.MethodPut && len(targets) > 1
	}
	if i := slices.IndexFunc(concerned, asks.mayMiss); i >= 0 {
		u.Target = concerned[i] // what it may create, and not what it needs for that
	} else {
		u.Target = lastOf(concerned)
	}
	switch method {
	case http.MethodPut, http.MethodPost:
		u.Creates = !slices.Contains(asks.Required, u.Target) && !u.ambiguous
	case http.MethodPatch:
		u.Creates = asks.mayMiss(u.Target)
	}
	u.Required = declare.Union(u.Required, asks.Required)
	u.Required = declare.Union(u.Required, gated.Required)
	for _, t := range concerned {
		if asks.mayMiss(t) && (t != u.Target || safe) {
			continue // the handler itself decides what it does where t is missing
		}
		u.Required = declare.Union(u.Required, t.closure())
	}
	if i := slices.Index(u.Required, u.Target); i >= 0 && u.Creates {
		u.Required = append(slices.Delete(u.Required, i, i+1), u.Target)
	}
	return u
}

// lastOf is the last of loads, nil where there is none.
func lastOf(loads []*Load) *Load {
	if len(loads) == 0 {
		return nil
	}
	return loads[len(loads)-1]
}
