// Package route finds the pattern that matches a path, and the values of its parameters.
// The patterns of an application come in once, and make a [Table]. Then the path of each
// request comes in, and the index of a pattern goes out.
//
// A pattern is a path in which whole segments may be parameters, for example /posts/{id}.
// The last segment may be a parameter like {path...} in /files/{path...}. It takes the
// rest of the path, with slashes, even if the rest is empty. A trailing slash counts:
// /posts and /posts/ are two paths.
//
// If more than one pattern matches a path, the leftmost difference decides: a literal
// segment wins over a parameter, and a parameter wins over {path...}. Any two patterns can
// therefore be in one table, unless they match exactly the same paths. That is a
// [Conflict].
//
// Paths are matched in the escaped form in which they were sent. Then each segment is
// decoded once. A %2F is part of its segment and never a separator.
package route
