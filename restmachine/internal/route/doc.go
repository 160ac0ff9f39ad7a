// Package route finds the pattern that a path matches, and the values of its
// parameters.
//
// A pattern is a path in which whole segments may be parameters: /posts/{id},
// and, in the last place only, /files/{path...}, which takes the rest of the
// path, slashes and all, even if it is empty. A trailing slash counts: /posts
// and /posts/ are two paths.
//
// Where more than one pattern matches a path, the leftmost difference decides:
// a literal segment beats a parameter, and a parameter beats {path...}. So any
// two patterns can stand side by side, unless they match exactly the same
// paths; that is a [Conflict].
//
// Paths are matched as they were sent, escaped, and decoded once, segment by
// segment. A %2F is part of its segment and never a separator.
package route
