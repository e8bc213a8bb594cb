package recipes

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/wrap"
)

func Example_timeout() {
	s, pass := begin(carillon.Config{})
	carillon.On(s, func(e *messages.JobError) { fmt.Println(e.Err) })
	poll := sleep(time.Hour)

	s.Every(time.Minute, wrap.Func(poll, wrap.Timeout(10*time.Second)), carillon.Job{ID: "poll"})

	pass(70 * time.Second)
	check(s.Shutdown(ctx))
	// Output: timed out after 10s: context deadline exceeded
}

func Example_timeoutOfAPart() {
	s, pass := begin(carillon.Config{})
	ask := sleep(time.Hour)
	cached := func() error { fmt.Println("took what was there"); return nil }

	s.At(s.Now(), func(ctx context.Context) error {
		bounded, cancel := carillon.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		if err := ask(bounded); err != nil {
			return cached()
		}
		return nil
	})

	pass(5 * time.Second)
	check(s.Shutdown(ctx))
	// Output: took what was there
}

func Example_retry() {
	failures := 2
	deliver := func(_ context.Context, to string) error {
		if to == "" {
			return wrap.Permanent(fmt.Errorf("nobody to send it to"))
		}
		if failures--; failures >= 0 {
			return errDown
		}
		fmt.Println("sent to", to)
		return nil
	}

	retry := wrap.Retry(wrap.Backoff{Tries: 5, Pause: time.Second, Longest: time.Minute})
	Send := carillon.NewTask("mail.send", wrap.Task(deliver, retry, eachTry, wrap.Timeout(30*time.Second)))

	s, pass := begin(carillon.Config{Tasks: carillon.NewTasks(Send)})
	carillon.On(s, func(e *messages.JobError) { fmt.Println("at last:", e.Err) })
	s.AddJob(ctx, Send.With("Ada"), nil, carillon.Job{})
	pass(time.Minute)
	s.AddJob(ctx, Send.With(""), nil, carillon.Job{})
	pass(time.Minute)
	check(s.Shutdown(ctx))
	// Output:
	// failed: server is down
	// failed: server is down
	// sent to Ada
	// failed: nobody to send it to
	// at last: nobody to send it to
}

// eachTry stands behind Retry, and so sees each try.
func eachTry(next carillon.Func) carillon.Func {
	return func(ctx context.Context) error {
		err := next(ctx)
		if err != nil {
			fmt.Println("failed:", err)
		}
		return err
	}
}

// span is what a tracer begins: with OpenTelemetry,
//
//	ctx, span := otel.Tracer("jobs").Start(ctx, run.Name)
//	defer span.End()
func span(ctx context.Context, name, key string) (_ context.Context, end func(error)) {
	begun := clock.Now()
	return ctx, func(err error) { fmt.Println(name, key, clock.Now().Sub(begun), err) }
}

func trace(next carillon.Func) carillon.Func {
	return func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		ctx, end := span(ctx, run.Name, run.Key())
		err := next(ctx)
		end(err)
		return err
	}
}

func Example_trace() {
	config := carillon.Config{
		Executors: carillon.Executors{"default": wrap.Executor(pool.Open(pool.Config{}), trace)},
	}

	s, pass := begin(config)
	s.Every(time.Hour, sleep(time.Minute), carillon.Job{ID: "nightly", Name: "backup"})
	pass(90 * time.Minute)
	check(s.Shutdown(ctx))
	// Output: backup nightly@2025-05-01T10:00:00Z 1m0s <nil>
}

// The times of a job wait for its own runs.
func Example_queue() {
	s, pass := begin(carillon.Config{
		Executors: carillon.Executors{"database": pool.Open(pool.Config{Size: 1})},
	})
	work := func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		say("begins the run of " + run.Scheduled.Format("15:04"))(ctx)
		return carillon.Sleep(ctx, 90*time.Second)
	}
	s.Every(time.Minute, work, carillon.Job{Executor: "database", MaxInstances: 10})
	pass(4 * time.Minute)
	check(clocktest.Shutdown(ctx, s, clock))
	// Output:
	// 09:01:00 begins the run of 09:01
	// 09:02:30 begins the run of 09:02
	// 09:04:00 begins the run of 09:03
	// 09:05:30 begins the run of 09:04
}

func Example_oneAtATime() {
	config := carillon.Config{
		Executors: carillon.Executors{"database": pool.Open(pool.Config{Size: 1})},
	}

	s, pass := begin(config)
	for _, id := range []string{"vacuum", "backup"} {
		work := func(ctx context.Context) error {
			say(id + " begins")(ctx)
			return carillon.Sleep(ctx, time.Hour)
		}
		s.Crontab("0 12 * * *", work, carillon.Job{ID: id, Executor: "database"})
	}
	pass(6 * time.Hour)
	check(s.Shutdown(ctx))
	// Unordered output:
	// 12:00:00 backup begins
	// 13:00:00 vacuum begins
}

// cancels knows how to cancel the runs that go on, by the IDs of their jobs.
type cancels struct {
	mu  sync.Mutex
	all map[string]context.CancelFunc
}

func (c *cancels) wrap(next carillon.Func) carillon.Func {
	return func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		c.mu.Lock()
		c.all[run.JobID] = cancel
		c.mu.Unlock()
		return next(ctx)
	}
}

func (c *cancels) cancel(jobID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel := c.all[jobID]; cancel != nil {
		cancel() // nothing, if the run has ended
	}
}

func Example_cancel() {
	runs := &cancels{all: make(map[string]context.CancelFunc)}
	config := carillon.Config{
		Executors: carillon.Executors{"default": wrap.Executor(pool.Open(pool.Config{}), runs.wrap)},
	}

	s, pass := begin(config)
	carillon.On(s, func(e *messages.JobError) { fmt.Println(e.Run.JobID, "after", e.Finished.Sub(e.Started), e.Err) })
	s.Crontab("0 10 * * *", sleep(3*time.Hour), carillon.Job{ID: "import"})
	pass(90 * time.Minute)
	check(s.RemoveJob(ctx, "import"))
	runs.cancel("import")
	check(s.Settle(ctx))
	check(s.Shutdown(ctx))
	// Output: import after 30m0s context canceled
}
