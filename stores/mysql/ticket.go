package mysql

import "database/sql"

// Tickets are numbers that only grow, and that nobody waits for. A claim has
// one for the IDs of its runs, and a Put for the Versions of new jobs: so many
// bits are left to count with.
const (
	runBits     = 12
	versionBits = 20
)

// ticket reads a number that nobody else has had.
func (b *batch) ticket(number *int64) {
	b.do("INSERT INTO @ticket VALUES ()")
	b.find(func(r *sql.Rows) error { return r.Scan(number) }, "SELECT LAST_INSERT_ID()")
	b.do("DELETE FROM @ticket WHERE id = LAST_INSERT_ID()")
}

// raise sees to it that new jobs begin with greater Versions than the one of a
// job that is gone. That is so by itself unless it has grown very old.
func (b *batch) raise(version, born int64) {
	if number := version >> versionBits; number > born>>versionBits {
		b.do("INSERT IGNORE INTO @ticket VALUES (?)", number)
		b.do("DELETE FROM @ticket WHERE id = ?", number)
	}
}
