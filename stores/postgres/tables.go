package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// tables are what can be done without a connection of one's own.
type tables struct {
	schema schema
	keep   stores.Retention
	self   string   // what it calls itself in notifications
	texts  sync.Map // of statements, with the schema's name in them
}

// sql returns a statement with the schema's name in the place of each @.
func (t *tables) sql(text string) string {
	if known, ok := t.texts.Load(text); ok {
		return known.(string)
	}
	full := t.schema.in(text)
	t.texts.Store(text, full)
	return full
}

// batch begins a batch of statements that is a transaction of its own, and has to
// find its rows by indexes.
func (s *store) batch() *pgx.Batch {
	b := &pgx.Batch{}
	if s.pooled {
		b.Queue(setSession)
	}
	return b
}

// transact runs f in a transaction.
func (s *store) transact(ctx context.Context, f func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if s.pooled {
			if _, err := tx.Exec(ctx, setSession); err != nil {
				return err
			}
		}
		return f(tx)
	})
}

// setSession sets what session says, for a transaction.
var setSession = func() string {
	list := []string{fmt.Sprintf("SELECT set_config('lock_timeout', '%s', true)", lockPatience)}
	for _, name := range slices.Sorted(maps.Keys(session)) {
		list = append(list, fmt.Sprintf("set_config('%s', '%s', true)", name, session[name]))
	}
	return strings.Join(list, ", ")
}()

// notify tells those who watch, when the transaction is committed.
func (t *tables) notify(b *pgx.Batch) {
	b.Queue("SELECT pg_notify($1, $2)", t.schema.channel(), t.self)
}

// instant is a time, or NULL for the zero time.
type instant = pgtype.Timestamptz

func instantOf(t time.Time) instant { return instant{Time: t, Valid: !t.IsZero()} }

// exact rounds a time as all stores do.
func exact(t time.Time) instant { return instantOf(rows.Time(rows.Micros(t))) }

// timeOf is the inverse of instantOf.
func timeOf(i instant) time.Time {
	if !i.Valid {
		return time.Time{}
	}
	return i.Time.UTC()
}
