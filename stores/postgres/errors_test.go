package postgres

import (
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/carillon-go/carillon/job"
)

// Only what a connection has died of makes the store give up the others.
func TestBroken(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"none":            {nil, false},
		"end of a stream": {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		"shut down":       {&pgconn.PgError{Code: "57P01"}, true},
		"a replica now":   {&pgconn.PgError{Code: readOnly}, true},
		"an answer":       {&pgconn.PgError{Code: uniqueViolation}, false},
		"no row":          {pgx.ErrNoRows, false},
		"a dead name":     {job.ErrLeaseExpired, false},
		"not alone":       {fmt.Errorf("heartbeat: %w", job.ErrShared), false},
		"a conflict":      {&job.Error{Op: "put", Err: job.ErrConflict}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := broken(c.err); got != c.want {
				t.Errorf("broken: %t", got)
			}
		})
	}
}
