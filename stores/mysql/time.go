package mysql

import (
	"database/sql"
	"time"

	"github.com/carillon-go/carillon/stores/internal/rows"
)

// instant is a time as it is read.
type instant sql.NullInt64

func (i *instant) Scan(value any) error { return (*sql.NullInt64)(i).Scan(value) }

// micros is the time in microseconds.
func (i instant) micros() int64 {
	if !i.Valid {
		return rows.Never
	}
	return i.Int64
}

func (i instant) time() time.Time { return rows.Time(i.micros()) }

// kept is what is kept of a time in microseconds: NULL for none.
func kept(us int64) any {
	if us == rows.Never {
		return nil
	}
	return us
}

// keptTime is what is kept of a time.
func keptTime(t time.Time) any { return kept(rows.Micros(t)) }
