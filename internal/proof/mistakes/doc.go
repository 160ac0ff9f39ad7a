// Package mistakes holds the mistakes that users of the library make, one row each. In come Apps
// with one mistake, and the same Apps without it. Its tests show who tells the user: the start of
// the App, the log at run time, the test kit, or nobody, and why nobody can. docs/mistakes.md has
// the same table, and a test compares the two.
package mistakes
