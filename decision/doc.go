// Package decision decides the status of an answer to an HTTP request. It uses a
// graph in the tradition of webmachine.
//
// The graph is one table, [HTTP]. Everything else comes from it:
//
//   - [Graph.Check] checks it.
//   - [Specialize] binds it to what a route can answer. It folds away the rows whose
//     answer is settled there, and makes a flat [Program] of the rest.
//   - [Program.Run] walks the program and returns a status. [Program.Trace] also
//     records the path.
//   - [Graph.Draw] draws a graph. [Drawing.SVG] highlights a trace in it.
//   - [Graph.Way] finds a way to a status.
//
// The package knows numbers and labels. It does not know requests: the type of the
// value that it walks with is a type parameter.
//
// # Reading the table
//
//	//   yes  no   question? or act!
//	G8:  {G9, H10, "If-Match?"},             // 13.1.1
//	G11: {I12, 412, "Entity-tag matches?"},  // 13.1.1; strong comparison
//	O15: {O20, 500, "Write!"},               // 9.3.4; RFC 5789, 2
//
// At G8 we ask whether the request has an If-Match. Yes leads to G9, no leads to
// H10. At G11 a no ends the walk with 412. O15 is an act: it has a side effect. Yes
// means that the act was done. No means that it was not done, and ends in 500. Each
// act has a row of its own. A trace therefore always shows the write.
//
// Two kinds of answer do not follow an edge: the error of a callback that fails, and
// a reply that names its status (for example 303 after a POST). Both are a [Status].
//
// Every edge leads downwards, so every walk ends within the page. The comment is the
// section of RFC 9110 behind the row. It is the section of the field or method that
// the row asks about. If there is none, it is the section of the status that the row
// leads to.
//
// The name of a row is its place on webmachine's diagram: a column and a row. A
// letter follows where the diagram does not have a place for the row. A question that
// webmachine also asks has webmachine's name. Webmachine asks some questions in two
// places. Both names stay (P3 and O14, I4 and K5, L7 and M5, G7b and O18), and one
// function answers both.
//
// The graph decides for a resource that is known. An unknown path is also walked as
// a resource: B10 answers yes and G7 answers no. Therefore 503, 501, 414 and 401 work
// for unknown paths, too.
//
// # Departures from the classic diagram
//
// Where RFC 9110 differs from the diagram, the table follows RFC 9110. The sections
// in parentheses are those of RFC 9110.
//
//   - B3: OPTIONS is answered before anyone is asked to authorise. Otherwise a CORS
//     preflight could be answered with 401 (9.3.7).
//   - B9: Content-MD5 no longer exists.
//   - B5, B4, C4 to F7, G7c: questions that do not need the content come before the
//     preconditions. Preconditions count only where the answer without them would be
//     2xx or 412 (13.2.1). So 300 is no longer the last question, after a PUT or
//     DELETE took effect (15.4.1).
//   - G5, G6: reading the content is an act, and taking the lock of the resource is
//     an act. Both come before the first look at the resource. This makes the check
//     of a precondition and the write that it guards one step (13.1.1).
//   - G7a, H6: what a resource holds can make it forbidden (15.5.4). H6 asks this
//     where the request would create the resource.
//   - G7b: the validators belong to what a GET returns (8.8). The GET may therefore
//     have to run first. If it returns nothing, the resource is missing.
//   - G7d, P2: a write without a precondition can be refused (RFC 6585, 3). This
//     comes after 404 and before 412. Where the write would create, it comes after
//     the 412 of H7.
//   - G9, G11: if If-Match is present, If-Unmodified-Since is ignored (13.1.4).
//   - G10, J13, H8: a list that cannot be read stops a write with 400. A GET goes on
//     as if the list did not match. For If-Match this means 412. For If-None-Match
//     the walk goes on to the method (13.1.1, 13.1.2).
//   - G11 compares strongly (13.1.1), K13 weakly (13.1.2).
//   - H7: If-Match on a missing resource is 412 only where the request would create
//     the resource. Elsewhere 404, 410 and redirects win (13.2.1). The classic
//     diagram asks H7 for every request.
//   - K13: no match leads to the method, and If-Modified-Since is ignored
//     (13.1.3). The classic edge to L13 made a stale 304.
//   - J19: if the answer is settled as no, a matching If-None-Match is enough for 304
//     (13.2.2). If the row is asked, a client that sends a tag and a date gets 304
//     only if both say that nothing changed. This can cost an additional 200, and it
//     never makes a stale 304.
//   - L13: If-Modified-Since counts only for GET and HEAD (13.1.3).
//   - L15 is gone: a date in the future is a date like any other (13.1.3).
//   - I7, O17: PATCH is a method like PUT (RFC 5789, 2), and may create.
//   - P4, O15: a PUT that creates is answered with 201. A PUT that replaces is
//     answered with 200 or 204. A Location does not change this (9.3.4).
//   - N11: the reply of a POST decides whether it redirects. The graph does not ask.
//   - P19 to P21: Range is part of the graph, and only for GET (14.2). It comes after
//     all preconditions (13.2.2) and after If-Range (13.1.5). A Range that cannot be
//     used is ignored: its unit is unknown, or it asks for too much.
package decision
