package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/messages"
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

// What a worker tells, a line each.
const (
	wordReady   = "ready"   // its scheduler is started
	wordWorking = "working" // it has begun its first run
	wordRefused = "refused" // its scheduler must not be, beside others
	wordExpired = "expired" // a lease, and of which store
)

// handover is how long a worker's shutdown may take.
const handover = 10 * time.Second

// work runs a scheduler until the test closes in, or dies.
func (o *Order) work(in io.Reader, out io.Writer) error {
	journal, err := OpenJournal(o.Journal)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	tell := func(words ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(out, words...)
	}
	s, err := carillon.New(o.config(&staff{worker: o.Worker, journal: journal, tell: tell}))
	if err != nil {
		return err
	}
	if _, err := carillon.On(s, func(e *messages.LeaseExpired) { tell(wordExpired, e.Alias) }); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var life sync.WaitGroup
	life.Go(func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, in)
	})
	if err := s.Start(ctx); err != nil {
		if errors.Is(err, carillon.ErrShared) {
			tell(wordRefused)
		}
		return err
	}
	tell(wordReady)
	life.Wait()
	bounded, stop := clock.WithTimeout(context.Background(), clock.Real(), handover)
	defer stop()
	return errors.Join(s.Shutdown(bounded), journal.Close())
}
