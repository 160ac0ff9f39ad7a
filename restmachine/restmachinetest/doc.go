// Package restmachinetest checks what every response of a restmachine App
// keeps, whatever its callbacks say.
//
// [CheckResponse] looks at one exchange. [CheckHead] and [CheckNotModified]
// look at two: a HEAD or a 304 promises something about the GET beside it.
//
//	resp := app.Execute(req)
//	restmachinetest.CheckResponse(t, req, resp)
//
// All functions report with t.Errorf, so that one look shows every fault, and
// may be called from any goroutine of the test.
package restmachinetest
