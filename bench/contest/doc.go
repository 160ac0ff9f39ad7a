// Package contest has the contestants: one small service, written once by hand,
// once with each peer and once with restmachine. It has GET and PUT of a
// document under /documents/{id}, with an entity-tag and a modification date, and
// honours If-None-Match, If-Modified-Since and If-Match.
package contest
