// Package guide makes a web site of the repository's Markdown. The file system of the repository
// comes in. A folder of pages goes out, with relative links, so that it can stand at any path of
// any file server.
//
// collect.go finds the pages and their addresses. markdown.go turns one page into HTML. navigation.go
// reads the order of the pages from docs/README.md. files.go shows the other files that pages link to.
// build.go writes everything.
package guide
