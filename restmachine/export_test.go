package restmachine

import "net/http"

// LocksHeld is the number of resources that are locked, for tests: it must be 0
// once no request is under way.
func (a *App) LocksHeld() int { return a.locks.Len() }

// Server is the server of ListenAndServe, for tests of its limits.
func (a *App) Server() *http.Server { return a.server() }
