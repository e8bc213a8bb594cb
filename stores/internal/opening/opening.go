// Package opening has what is the same for every opening of a store with a
// database: what it takes from its [stores.Env], how an operation begins, and how
// it fails.
package opening

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Opening is one opening of a store. It is safe for concurrent use.
type Opening struct {
	Alias string
	Clock clock.Clock
	Log   *slog.Logger

	explain func(error) error
	closed  atomic.Bool
}

// New returns an Opening for the scheduler of env. explain adds to an error of
// the database what to do about it.
func New(env stores.Env, explain func(error) error) *Opening {
	o := &Opening{Alias: env.Alias, Clock: env.Clock, Log: cmp.Or(env.Logger, slog.New(slog.DiscardHandler)), explain: explain}
	if o.Clock == nil {
		o.Clock = clock.Real()
	}
	return o
}

// ErrClosed is why nothing can be done any more.
var ErrClosed = errors.New("store has been closed")

// Begin begins an operation, unless its context has ended or the store is closed.
func (o *Opening) Begin(ctx context.Context, op string) error {
	err := ctx.Err()
	if err == nil && o.closed.Load() {
		err = ErrClosed
	}
	if err != nil {
		return About(op, o.Alias, "", err, o.explain)
	}
	return nil
}

// Refuse makes the error of an operation, with the job's ID if it is about one.
func (o *Opening) Refuse(ctx context.Context, op, id string, err error) error {
	return About(op, o.Alias, id, Because(ctx, err), o.explain)
}

// Closing reports whether this is the first Close.
func (o *Opening) Closing() bool { return !o.closed.Swap(true) }

// Because adds the reason for which ctx has ended, if it has.
func Because(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}

// About makes a [job.Error] of err and what to do about it, unless it is one: then
// it names the store.
func About(op, alias, id string, err error, explain func(error) error) error {
	if e, ok := err.(*job.Error); ok {
		return &job.Error{Op: op, Job: e.Job, Store: alias, Err: e.Err}
	}
	return &job.Error{Op: op, Job: id, Store: alias, Err: explain(err)}
}
