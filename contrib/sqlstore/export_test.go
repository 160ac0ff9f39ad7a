// This file lets tests pretend that the table has another version.

package sqlstore

import "testing"

// AddMigration adds a version that has one more column, until the end of the test.
func AddMigration(t *testing.T, column string) {
	before := migrations
	t.Cleanup(func() { migrations = before })
	add := `ALTER TABLE $table ADD COLUMN "` + column + `" text`
	migrations = append(before[:len(before):len(before)], migration{[]string{column}, add, add})
}
