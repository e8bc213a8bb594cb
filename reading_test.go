package carillon_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// slowToRead is a Store in memory, or one that lasts, of which every page that
// is read goes through a hook.
type slowToRead struct {
	stores.Store
	t       *testing.T
	page    func(ctx context.Context) error
	claim   func()
	reading atomic.Bool
}

// slowStore opens them, and always the same data.
func slowStore(t *testing.T, s *slowToRead) stores.Opener {
	data := memory.New()
	return func(ctx context.Context, env stores.Env) (_ stores.Store, err error) {
		opened := &slowToRead{t: t, page: s.page, claim: s.claim}
		opened.Store, err = data.Open(ctx, env)
		return opened, err
	}
}

func (s *slowToRead) read(ctx context.Context) error {
	if s.reading.Swap(true) {
		s.t.Error("two pages are read at once")
	}
	defer s.reading.Store(false)
	return s.page(ctx)
}

func (s *slowToRead) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, after, limit)
}

func (s *slowToRead) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	return s.Store.History(ctx, query)
}

func (s *slowToRead) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if s.claim != nil {
		s.claim()
	}
	return s.Store.ClaimDue(ctx, claim)
}

func (s *slowToRead) Close() error {
	if s.reading.Load() {
		s.t.Error("the store is closed while it is read")
	}
	return s.Store.Close()
}

// readings are the operations that may read a lot.
func (r *rig) readings() map[string]func() error {
	ctx := context.Background()
	return map[string]func() error{
		"History": func() error {
			for _, err := range r.History(ctx, carillon.HistoryQuery{}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"Explain":    func() error { _, err := r.Explain(ctx, "tick", time.Now()); return err },
		"Jobs":       func() error { _, err := r.Jobs(ctx); return err },
		"ExportJobs": func() error { return r.ExportJobs(ctx, io.Discard) },
	}
}

// Runs keep their time while somebody reads: a page that takes its time holds up
// no claim.
func TestReadingHoldsNothingUp(t *testing.T) {
	for _, name := range []string{"History", "Explain", "Jobs", "ExportJobs"} {
		t.Run(name, func(t *testing.T) {
			slow := &slowToRead{}
			inBubble(t, carillon.Config{Stores: carillon.Stores{"default": slowStore(t, slow)}, Tasks: carillon.NewTasks(tick)}, func(t *testing.T, r *rig) {
				read := make(chan struct{})
				slow.page = func(context.Context) error { <-read; return nil }
				_, err := r.AddJob(t.Context(), tick.With(0), seconds(), carillon.Job{ID: "tick"})
				r.must(err)
				r.start()
				answered := make(chan error, 2)
				for range cap(answered) {
					go func() { answered <- r.readings()[name]() }()
				}
				r.pass(10500 * time.Millisecond)
				if n := r.total("tick", carillon.Executed); n != 10 {
					t.Errorf("the job has run %d times in ten seconds", n)
				}
				for _, result := range r.results("tick") {
					if late := result.Started.Sub(result.Run.Scheduled); late != 0 {
						t.Errorf("the run of %v was %v late", result.Run.Scheduled, late)
					}
				}
				close(read)
				r.must(errors.Join(<-answered, <-answered))
				r.shutdown()
			})
		})
	}
}

var tick = carillon.NewTask("tick", func(context.Context, int) error { return nil })

// A shutdown ends what is being read, and what waits for its turn.
func TestShutdownEndsReading(t *testing.T) {
	slow := &slowToRead{page: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": slowStore(t, slow)}}, func(t *testing.T, r *rig) {
		r.start()
		answered := make(chan error, 3)
		for range cap(answered) {
			go func() { answered <- r.readings()["History"]() }()
		}
		synctest.Wait()
		r.shutdown()
		for range cap(answered) {
			if err := <-answered; !errors.Is(err, carillon.ErrNotRunning) {
				t.Errorf("got error %v", err)
			}
		}
	})
}

// A store that panics when it is read is opened anew, and one that panics
// otherwise is not closed while it is read.
func TestPanicsBesideReading(t *testing.T) {
	var panics, waits atomic.Bool
	var opened atomic.Int32
	slow := &slowToRead{
		page: func(ctx context.Context) error {
			if panics.CompareAndSwap(true, false) {
				panic(errOutOfOrder)
			}
			if waits.Load() {
				<-ctx.Done()
			}
			return ctx.Err()
		},
		claim: func() {
			if waits.CompareAndSwap(true, false) {
				panic(errOutOfOrder)
			}
		},
	}
	open := slowStore(t, slow)
	counted := func(ctx context.Context, env stores.Env) (stores.Store, error) {
		opened.Add(1)
		return open(ctx, env)
	}
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": counted}, Tasks: carillon.NewTasks(tick)}, func(t *testing.T, r *rig) {
		_, err := r.AddJob(t.Context(), tick.With(0), seconds(), carillon.Job{ID: "tick"})
		r.must(err)
		r.start()
		for _, read := range r.readings() {
			r.must(read())
		}
		panics.Store(true)
		if err := r.readings()["Jobs"](); !errors.Is(err, errOutOfOrder) || opened.Load() != 2 {
			t.Errorf("got error %v, and the store was opened %d times", err, opened.Load())
		}
		waits.Store(true)
		if err := r.readings()["History"](); err == nil || !strings.Contains(err.Error(), "read again") || opened.Load() != 3 {
			t.Errorf("got error %v, and the store was opened %d times", err, opened.Load())
		}
		r.must(r.readings()["History"]())
		r.pass(10 * time.Second)
		r.shutdown()
		r.checkOutcomes("tick", time.Second, carillon.Executed)
	})
}

// What is read for a caller who has gone is not read if it waits for its turn.
func TestReadingForNobody(t *testing.T) {
	slow := &slowToRead{}
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": slowStore(t, slow)}}, func(t *testing.T, r *rig) {
		read, pages := make(chan struct{}), 0
		slow.page = func(context.Context) error { pages++; <-read; return nil }
		r.start()
		ask := func(ctx context.Context) error { _, err := r.Jobs(ctx); return err }
		answered := make(chan error, 2)
		go func() { answered <- ask(context.Background()) }()
		synctest.Wait()
		for range 5 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			if err := ask(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got error %v", err)
			}
			cancel()
		}
		go func() { answered <- ask(context.Background()) }()
		synctest.Wait()
		close(read)
		r.must(errors.Join(<-answered, <-answered))
		if pages != 2 {
			t.Errorf("%d pages were read for two callers", pages)
		}
		r.shutdown()
	})
}

// What is being read for a caller who has gone is ended: others need not wait for
// it, and the store not work for nobody.
func TestReadingEndsWithItsCaller(t *testing.T) {
	var slow, ended atomic.Bool
	store := &slowToRead{page: func(ctx context.Context) error {
		if !slow.CompareAndSwap(true, false) {
			return nil
		}
		<-ctx.Done()
		ended.Store(true)
		return ctx.Err()
	}}
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": slowStore(t, store)}}, func(t *testing.T, r *rig) {
		r.start()
		for _, read := range []func(context.Context) error{
			func(ctx context.Context) error { _, err := r.Jobs(ctx); return err },
			func(ctx context.Context) error { _, err := r.PageJobs(ctx, "", 10); return err },
			func(ctx context.Context) error {
				for _, err := range r.History(ctx, carillon.HistoryQuery{}) {
					return err
				}
				return nil
			},
		} {
			slow.Store(true)
			ended.Store(false)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := read(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got error %v", err)
			}
			cancel()
			r.must(r.readings()["History"]())
			if !ended.Load() {
				t.Error("the store still reads for somebody who has gone")
			}
		}
		r.shutdown()
	})
}
