package sqlite

import (
	"database/sql"
	"time"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

// null is what is kept of a time in microseconds: NULL for none.
func null(us int64) any {
	if us == rows.Never {
		return nil
	}
	return us
}

// micros is the inverse of null.
func micros(kept sql.NullInt64) int64 {
	if !kept.Valid {
		return rows.Never
	}
	return kept.Int64
}

// nullTime is what is kept of a time.
func nullTime(t time.Time) any { return null(rows.Micros(t)) }
