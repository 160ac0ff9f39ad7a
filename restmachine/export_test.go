package restmachine

import "net/http"

// Server is the server of ListenAndServe, for tests of its limits.
func (a *App) Server() *http.Server {
	s := &http.Server{}
	a.fillIn(s)
	return s
}
