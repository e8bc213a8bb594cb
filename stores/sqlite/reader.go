package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/carillon-go/carillon/stores/internal/opening"
)

// reader is a connection on which is read what can take long: jobs and history,
// page by page. SQLite shows it what was committed last; it neither waits for
// who writes nor keeps them waiting.
type reader struct {
	mu sync.Mutex
	connection
}

// open opens the reader, on a file that has the schema.
func (r *reader) open(ctx context.Context, db *sql.DB) (err error) {
	if r.connection, err = connect(ctx, db); err != nil {
		return err
	}
	return r.exec(fmt.Sprintf("PRAGMA busy_timeout = %d; PRAGMA query_only = ON", patience))
}

// use has f read what was there at one moment, unless ctx has ended.
func (r *reader) use(ctx context.Context, f func(c *connection) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Conn == nil {
		return opening.ErrClosed
	}
	if err := r.do("BEGIN"); err != nil {
		return err
	}
	return errors.Join(f(&r.connection), r.do("ROLLBACK"))
}

// close waits for what is being read.
func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.connection.close()
	r.connection = connection{}
	return err
}
