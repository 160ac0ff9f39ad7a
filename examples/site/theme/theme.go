// Package theme holds how the site looks: the layout of a page, its style, and the script of the
// search and of the menu on small screens.
package theme

import "embed"

// Files are the files of the theme.
//
//go:embed layout.html site.css site.js icon.svg
var Files embed.FS
