// Package decision decides the status of an answer to an HTTP request by a
// graph in the tradition of webmachine.
//
// The graph is one table, [HTTP], and everything else comes from it. It is
// checked by [Graph.Check]. [Specialize] binds it to what a route can answer,
// folds away what is settled there, and makes a flat [Program] of the rest.
// [Program.Run] walks it and returns a status; [Program.Trace] tells the path as
// well. [Graph.Draw] draws a graph, and [Drawing.SVG] lights up a trace in it. The
// package knows numbers and labels, and no request: what it walks is a type
// parameter.
//
// # Reading the table
//
//	//   yes  no   question? or act!
//	G8:  {G9, H10, "If-Match?"},             // 13.1.1
//	G11: {I12, 412, "Entity-tag matches?"},  // 13.1.1; strong comparison
//	O15: {O20, 500, "Write!"},               // 9.3.4; RFC 5789, 2
//
// At G8 we ask whether the request has an If-Match. Yes leads to G9, no to H10.
// At G11 a no ends the walk with 412. O15 is an act: it has a side effect, yes
// means that it was done, and a no, that it was not, ends in 500. Acts are rows
// of their own, so that a trace never omits the write. Two kinds of answer leave
// the graph between its edges: a callback that fails, and a reply that names its
// status (303 after a POST, say). Both are a [Status].
//
// Every edge leads downwards, so a walk comes to its end within the page. The
// comment is the section of RFC 9110 that the row stands on: of the field or
// method it asks about, else of the status it leads to.
//
// The name of a row is its place on webmachine's diagram: column, row and, for a
// row that the diagram has no place for, a letter. Names are webmachine's
// wherever the question is. A question that webmachine asks in two places keeps
// both (P3 and O14, I4 and K5, L7 and M5, G7b and O18): one function answers it.
//
// The graph decides for a resource that is known. An unknown path is a resource,
// too, on which B10 is yes and G7 no, so that 503, 501, 414 and 401 hold there.
//
// # Departures from the classic diagram
//
// Where RFC 9110 has moved on, the table follows it. Sections are RFC 9110's.
//
//   - B3: OPTIONS is answered before anyone is asked to authorise, lest a CORS
//     preflight be a 401 (9.3.7).
//   - B9: there is no Content-MD5 any more.
//   - B5, B4, C4 to F7, G7c: what can be told without the content comes before
//     preconditions, which count only where the answer without them would be
//     2xx or 412 (13.2.1). So 300 is no longer the last question, after a PUT or
//     DELETE took effect (15.4.1).
//   - G5, G6: reading the content and taking the resource's lock are acts of
//     their own, ahead of the first look at the resource: the check of a
//     precondition and the write it guards are one step (13.1.1).
//   - G7a, H6: a resource may be forbidden by what it is (15.5.4); H6 asks where
//     it would be created.
//   - G7b: the validators belong to what a GET returns (8.8), so that may have to
//     run first. If it returns nothing, the resource is missing.
//   - G7d, P2: a write without a precondition can be refused (RFC 6585, 3), after
//     404 and before 412; where it would create, after the 412 of H7.
//   - G9, G11: If-Match present, If-Unmodified-Since is ignored (13.1.4).
//   - G10, J13, H8: a list that cannot be read stops a write with 400. A GET goes
//     on as if it did not match: 412 for If-Match, and for If-None-Match the
//     method (13.1.1, 13.1.2).
//   - G11 compares strongly (13.1.1), K13 weakly (13.1.2).
//   - H7: If-Match on a missing resource is 412 only where the request would
//     create one; else 404, 410 and redirects win (13.2.1). The classic diagram
//     asks it of every request.
//   - K13: no match leads to the method, and If-Modified-Since is ignored
//     (13.1.3). The classic edge to L13 made a stale 304.
//   - J19: settled no, a matching If-None-Match is enough for 304 (13.2.2). Where
//     it is asked, a client that sends a tag and a date gets 304 only if both say
//     that nothing changed: a 200 more, never a stale 304.
//   - L13: If-Modified-Since concerns GET and HEAD alone (13.1.3).
//   - L15 is gone: a date in the future is a date like any other (13.1.3).
//   - I7, O17: PATCH is a method like PUT (RFC 5789, 2), and may create.
//   - P4, O15: a PUT that creates is 201, one that replaces 200 or 204, whether
//     or not there is a Location (9.3.4).
//   - N11: whether a POST redirects is its reply's affair, and no question.
//   - P19 to P21: Range is part of the graph, for GET alone (14.2), after all
//     preconditions (13.2.2) and If-Range (13.1.5). A Range that cannot be used
//     (its unit is unknown, it asks for too much) is ignored.
package decision
