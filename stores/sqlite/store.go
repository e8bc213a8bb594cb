package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/opening"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// store is one opening of a file: a connection that is used by one operation at
// a time, and one for reading beside it.
type store struct {
	alias  string
	clock  clock.Clock
	log    *slog.Logger
	keep   stores.Retention
	path   string
	knows  int // versions of the schema
	db     *sql.DB
	cache  *rows.Cache
	reader reader

	mu     sync.Mutex // guards everything below
	closed bool
	connection
	memory   claim.Memory
	calm     calm
	lone     lone
	lease    leaseClock
	unpruned int   // records written since the history was pruned
	watches  int   // how many there were
	seen     int64 // the data version at the last look
}

var _ stores.Resigner = (*store)(nil)

// lock begins an operation.
func (s *store) lock(ctx context.Context, op string) error {
	if err := ctx.Err(); err != nil {
		return s.about(op, "", err)
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return s.about(op, "", opening.ErrClosed)
	}
	return nil
}

// Close closes the file. It ends no lease.
func (s *store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if err := errors.Join(s.reader.close(), s.connection.close(), s.db.Close()); err != nil {
		return s.about("close", "", err)
	}
	return nil
}
