package wrap_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/wrap"
)

// A task that is tried three times, each time for ten seconds at most.
func ExampleRetry() {
	ctx, clock := context.Background(), clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	tries := 0
	send := func(ctx context.Context, to string) error {
		if tries++; tries < 3 {
			return carillon.Sleep(ctx, time.Hour) // the server hangs
		}
		fmt.Println("sent to", to)
		return nil
	}

	Send := carillon.NewTask("mail.send", wrap.Task(send,
		wrap.Retry(wrap.Backoff{Tries: 3, Pause: time.Second}),
		wrap.Timeout(10*time.Second)))

	s, err := carillon.New(carillon.Config{Clock: clock, Tasks: carillon.NewTasks(Send)})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.AddJob(ctx, Send.With("Ada"), nil, carillon.Job{})
	err = errors.Join(err, s.Start(ctx), clocktest.Advance(ctx, s, clock, time.Minute), s.Shutdown(ctx))
	fmt.Println(tries, "tries", err)
	// Output:
	// sent to Ada
	// 3 tries <nil>
}

// Every job of an executor gets a timeout, and is measured.
func ExampleExecutor() {
	ctx, clock := context.Background(), clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	measured := func(next carillon.Func) carillon.Func {
		return func(ctx context.Context) error {
			begun := clock.Now()
			err := next(ctx)
			run, _ := carillon.FromContext(ctx)
			fmt.Println(run.Key(), "has taken", clock.Now().Sub(begun))
			return err
		}
	}
	config := carillon.Config{
		Clock:     clock,
		Executors: carillon.Executors{"default": wrap.Executor(pool.Open(pool.Config{}), measured, wrap.Timeout(time.Minute))},
		Logger:    slog.New(slog.DiscardHandler), // it would tell of the failure
	}
	s, err := carillon.New(config)
	if err != nil {
		log.Fatal(err)
	}
	slow := func(ctx context.Context) error { return carillon.Sleep(ctx, time.Hour) }
	_, err1 := carillon.On(s, func(e *messages.JobError) { fmt.Println(e.Err) })
	_, err2 := s.Every(time.Hour, slow, carillon.Job{ID: "sync"})
	if err := errors.Join(err1, err2, s.Start(ctx), clocktest.Advance(ctx, s, clock, 90*time.Minute), s.Shutdown(ctx)); err != nil {
		log.Fatal(err)
	}
	// Output:
	// sync@2025-05-01T10:00:00Z has taken 1m0s
	// timed out after 1m0s: context deadline exceeded
}
