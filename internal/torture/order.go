package torture

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores"
)

// Order is what a worker is told.
type Order struct {
	Worker  string // its name in its journal
	Journal string // path
	Stores  map[string]Place

	Name            string        // Config.Name
	Lease           time.Duration // Config.Lease
	Skew            time.Duration // how far its clock is ahead
	Old             bool          // it does not know all tasks and kinds of triggers
	ReadSubmitWrite bool          // it uses its stores as the reference system does
}

// retry is a worker's Config.StoreRetryInterval.
const retry = 100 * time.Millisecond

// config returns the configuration of the worker's scheduler.
func (o *Order) config(s *staff) carillon.Config {
	c := carillon.Config{
		Name:               o.Name,
		Stores:             carillon.Stores{},
		Tasks:              carillon.NewTasks(s.task("work"), s.task("news")),
		Triggers:           pulses,
		Lease:              o.Lease,
		StoreRetryInterval: retry,
		Clock:              skewed{clock.Real(), o.Skew},
		Logger:             slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if o.Old {
		c.Tasks, c.Triggers = carillon.NewTasks(s.task("work")), nil
	}
	for alias, place := range o.Stores {
		c.Stores[alias] = place.open()
		if o.ReadSubmitWrite {
			c.Stores[alias] = openReadSubmitWrite(place.open())
		}
	}
	return c
}

func openReadSubmitWrite(open stores.Opener) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := open(ctx, env)
		return &readSubmitWrite{Store: store}, err
	}
}

// skewed is a clock that is wrong.
type skewed struct {
	clock.Clock
	by time.Duration
}

// Now keeps the monotonic reading.
func (s skewed) Now() time.Time { return s.Clock.Now().Add(s.by) }
