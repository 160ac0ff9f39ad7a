package restmachine

// This file says how much is locked.

// LocksHeld returns how many resources are locked at the moment, by requests
// that are under way: a gauge of the writes that exclude others, for metrics. At
// rest it is 0. See WithoutResourceLock for what is locked.
func (a *App) LocksHeld() int { return a.locks.Len() }
