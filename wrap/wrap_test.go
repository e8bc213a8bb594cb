package wrap_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/executortest"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/wrap"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	start   = time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC)
	errDown = errors.New("server is down")
)

// live runs one job, now, on a fake clock, and lets an hour pass.
func live(t *testing.T, clock *clocktest.Clock, config carillon.Config, run carillon.Call) (result job.Result) {
	t.Helper()
	config.Clock, config.Logger = clock, slog.New(slog.DiscardHandler)
	s, err := carillon.New(config)
	if err != nil {
		t.Fatal(err)
	}
	_, err1 := carillon.On(s, func(e *messages.JobExecuted) { result = job.Result(*e) })
	_, err2 := carillon.On(s, func(e *messages.JobError) { result = job.Result(*e) })
	_, err3 := s.AddJob(t.Context(), run, nil, carillon.Job{ID: "job"})
	err = errors.Join(err1, err2, err3, s.Start(t.Context()), clocktest.Advance(t.Context(), s, clock, time.Hour), s.Shutdown(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// tries is a job that fails as often as it is told, and knows when it was tried.
type tries struct {
	fail int
	err  error
	at   []time.Duration // after the start
}

func (j *tries) run(now func() time.Time) carillon.Func {
	return func(context.Context) error {
		j.at = append(j.at, now().Sub(start))
		if len(j.at) <= j.fail {
			return j.err
		}
		return nil
	}
}

func TestRetry(t *testing.T) {
	for _, test := range []struct {
		name    string
		fail    int
		err     error
		backoff wrap.Backoff
		tries   int
		want    string // error
	}{
		{"good at once", 0, nil, wrap.Backoff{}, 1, ""},
		{"good at last", 2, errDown, wrap.Backoff{}, 3, ""},
		{"never good", 9, errDown, wrap.Backoff{Tries: 5}, 5, "try 5 of 5: server is down"},
		{"one try", 9, errDown, wrap.Backoff{Tries: 1}, 1, "try 1 of 1: server is down"},
		{"permanent", 9, wrap.Permanent(errDown), wrap.Backoff{Tries: 5}, 1, "server is down"},
		{"permanent inside", 9, fmt.Errorf("page 7: %w", wrap.Permanent(errDown)), wrap.Backoff{Tries: 5}, 1, "page 7: server is down"},
		{"bounded pauses", 9, errDown, wrap.Backoff{Tries: 9, Pause: 10 * time.Second, Longest: 30 * time.Second}, 9, "try 9 of 9: server is down"},
	} {
		t.Run(test.name, func(t *testing.T) {
			j := &tries{fail: test.fail, err: test.err}
			clock := clocktest.NewClock(start)
			result := live(t, clock, carillon.Config{}, wrap.Func(j.run(clock.Now), wrap.Retry(test.backoff)))
			if len(j.at) != test.tries {
				t.Errorf("tried at %v, want %d times", j.at, test.tries)
			}
			switch {
			case test.want == "" && result.Err != nil:
				t.Errorf("failed: %v", result.Err)
			case test.want != "" && (result.Err == nil || result.Err.Error() != test.want || !errors.Is(result.Err, errDown)):
				t.Errorf("failed with %v, want %s", result.Err, test.want)
			}
			wantPauses(t, j.at, test.backoff)
		})
	}
}

// wantPauses checks that pauses double up to the longest, less a half at most.
func wantPauses(t *testing.T, at []time.Duration, b wrap.Backoff) {
	t.Helper()
	pause, longest := b.Pause, b.Longest
	if pause == 0 {
		pause, longest = time.Second, time.Minute
	}
	for i := 1; i < len(at); i++ {
		if got := at[i] - at[i-1]; got < pause/2 || got > pause {
			t.Errorf("pause %d took %v, want %v, or less by up to a half", i, got, pause)
		}
		pause = min(2*pause, longest)
	}
}

// Runs that fail together are not tried again together, and each in the same way
// every time.
func TestRetryScatters(t *testing.T) {
	pauses := func() map[time.Duration]bool {
		clock := clocktest.NewClock(start)
		s, err := carillon.New(carillon.Config{Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		found := make(map[time.Duration]bool)
		for i := range 50 {
			failed := false
			_, err := s.At(start, wrap.Func(func(context.Context) error {
				if !failed {
					failed = true
					return errDown
				}
				mu.Lock()
				defer mu.Unlock()
				found[clock.Now().Sub(start)] = true
				return nil
			}, wrap.Retry(wrap.Backoff{})), carillon.Job{ID: fmt.Sprint("job-", i)})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(s.Start(t.Context()), clocktest.Advance(t.Context(), s, clock, time.Minute), s.Shutdown(t.Context())); err != nil {
			t.Fatal(err)
		}
		return found
	}
	first, second := pauses(), pauses()
	if len(first) < 40 {
		t.Errorf("50 runs were tried again at %d times", len(first))
	}
	for at := range first {
		if !second[at] {
			t.Errorf("no run was tried again after %v the second time", at)
		}
	}
}

// A shutdown that does not wait ends the pause; the error has both.
func TestRetryCancelled(t *testing.T) {
	clock := clocktest.NewClock(start)
	s, err := carillon.New(carillon.Config{Clock: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	calls := 0
	_, err1 := carillon.On(s, func(e *messages.JobError) { failed = e.Err })
	_, err2 := s.At(start, wrap.Func(func(context.Context) error { calls++; return errDown }, wrap.Retry(wrap.Backoff{})))
	if err := errors.Join(err1, err2, s.Start(t.Context()), s.Settle(t.Context())); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_ = s.Shutdown(ended) // it says that it did not wait
	if !errors.Is(failed, errDown) || !errors.Is(failed, carillon.ErrShutdown) || calls != 1 {
		t.Errorf("after %d calls: %v", calls, failed)
	}
}

func TestRetryLeavesPanicsAlone(t *testing.T) {
	calls := 0
	result := live(t, clocktest.NewClock(start), carillon.Config{}, wrap.Func(func(context.Context) error { calls++; panic("out of cheese") }, wrap.Retry(wrap.Backoff{})))
	if _, caught := errors.AsType[*carillon.PanicError](result.Err); !caught || calls != 1 {
		t.Errorf("after %d calls: %v", calls, result.Err)
	}
}

func TestTimeout(t *testing.T) {
	sleep := func(d time.Duration) carillon.Func {
		return func(ctx context.Context) error { return carillon.Sleep(ctx, d) }
	}
	stubborn := func(ctx context.Context) error { _ = carillon.Sleep(ctx, time.Hour); return nil }
	hard := func(ctx context.Context) error { _ = carillon.Sleep(ctx, time.Hour); return errDown }
	for _, test := range []struct {
		name string
		run  carillon.Func
		want string
		took time.Duration
	}{
		{"in time", sleep(time.Minute), "", time.Minute},
		{"too slow", sleep(time.Hour), "timed out after 10m0s: context deadline exceeded", 10 * time.Minute},
		{"made it after all", stubborn, "", 10 * time.Minute},
		{"with its own error", hard, "timed out after 10m0s: server is down", 10 * time.Minute},
		{"fails in time", func(context.Context) error { return errDown }, "server is down", 0},
		{"nested", wrap.Func(sleep(time.Hour), wrap.Timeout(20*time.Minute)), "timed out after 10m0s: context deadline exceeded", 10 * time.Minute},
		{"nested, inner first", wrap.Func(sleep(time.Hour), wrap.Timeout(5*time.Minute)), "timed out after 5m0s: context deadline exceeded", 5 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := live(t, clocktest.NewClock(start), carillon.Config{}, wrap.Func(test.run, wrap.Timeout(10*time.Minute)))
			if got := fmt.Sprint(result.Err); got != test.want && (test.want != "" || result.Err != nil) {
				t.Errorf("failed with %v, want %s", result.Err, test.want)
			}
			if strings.HasPrefix(test.want, "timed out") != errors.Is(result.Err, wrap.ErrTimeout) {
				t.Errorf("%v: is it ErrTimeout?", result.Err)
			}
			if took := result.Finished.Sub(result.Started); took != test.took {
				t.Errorf("took %v, want %v", took, test.took)
			}
		})
	}
}

// Each try has its timeout, and after a timeout the next try comes.
func TestTimeoutInsideRetry(t *testing.T) {
	calls := 0
	run := func(ctx context.Context) error {
		if calls++; calls < 3 {
			return carillon.Sleep(ctx, time.Hour)
		}
		return nil
	}
	result := live(t, clocktest.NewClock(start), carillon.Config{}, wrap.Func(run, wrap.Retry(wrap.Backoff{}), wrap.Timeout(time.Minute)))
	if took := result.Finished.Sub(result.Started); result.Err != nil || took < 2*time.Minute || took > 2*time.Minute+3*time.Second {
		t.Errorf("took %v: %v", took, result.Err)
	}
}

// All tries together have a timeout.
func TestTimeoutAroundRetry(t *testing.T) {
	result := live(t, clocktest.NewClock(start), carillon.Config{}, wrap.Func(func(context.Context) error { return errDown },
		wrap.Timeout(10*time.Second), wrap.Retry(wrap.Backoff{Tries: 100})))
	if !errors.Is(result.Err, wrap.ErrTimeout) || !errors.Is(result.Err, errDown) || result.Finished.Sub(result.Started) != 10*time.Second {
		t.Errorf("took %v: %v", result.Finished.Sub(result.Started), result.Err)
	}
}

// mark returns a wrapper that writes down when it is come by.
func mark(list *[]string, name string) wrap.Wrapper {
	return func(next carillon.Func) carillon.Func {
		return func(ctx context.Context) error {
			run, _ := carillon.FromContext(ctx)
			*list = append(*list, name+" "+run.JobID)
			return next(ctx)
		}
	}
}

func TestOrder(t *testing.T) {
	var list []string
	greet := carillon.NewTask("greet", wrap.Task(func(_ context.Context, name string) error {
		list = append(list, "hello "+name)
		return nil
	}, mark(&list, "third"), mark(&list, "fourth")))
	config := carillon.Config{
		Tasks: carillon.NewTasks(greet),
		Executors: carillon.Executors{
			"default": wrap.Executor(pool.Open(pool.Config{}), mark(&list, "first"), mark(&list, "second")),
		},
	}
	live(t, clocktest.NewClock(start), config, greet.With("Ada"))
	if want := []string{"first job", "second job", "third job", "fourth job", "hello Ada"}; !slices.Equal(list, want) {
		t.Errorf("got %q, want %q", list, want)
	}
}

// What is nil stays so, and is refused where it is used.
func TestNil(t *testing.T) {
	if wrap.Func(nil, wrap.Timeout(1)) != nil || wrap.Executor(nil, wrap.Timeout(1)) != nil || wrap.Permanent(nil) != nil {
		t.Error("nil is wrapped")
	}
	if err := errors.Join(carillon.NewTasks(carillon.NewTask("task", wrap.Task[int](nil, wrap.Timeout(1)))).Validate()...); err == nil {
		t.Error("a task without a function is accepted")
	}
}

func TestConformance(t *testing.T) {
	wrappers := []wrap.Wrapper{wrap.Retry(wrap.Backoff{Tries: 1})}
	t.Run("pool", func(t *testing.T) {
		executortest.Run(t, wrap.Executor(pool.Open(pool.Config{}), wrappers...), executortest.Options{})
	})
	t.Run("failing opener", func(t *testing.T) {
		s, err := carillon.New(carillon.Config{Executors: carillon.Executors{"default": wrap.Executor(pool.Open(pool.Config{Size: -1}), wrappers...)}})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Start(t.Context()); err == nil {
			t.Error("a pool of size -1 is opened")
		}
	})
}

// In a simulation timeouts and retries are steps like all others.
func TestSimulated(t *testing.T) {
	for _, open := range []struct {
		name string
		carillon.Executors
	}{
		{"pool", carillon.Executors{"default": wrap.Executor(pool.Open(pool.Config{}), wrap.Retry(wrap.Backoff{Tries: 5}), wrap.Timeout(time.Minute))}},
		{"inline", carillon.Executors{"default": wrap.Executor(inline.Open, wrap.Retry(wrap.Backoff{Tries: 5}), wrap.Timeout(time.Minute))}},
	} {
		t.Run(open.name, func(t *testing.T) {
			clocktest.Run(t, clocktest.Config{Seeds: 5}, func(sim *clocktest.Sim) {
				config := sim.Config()
				config.Executors = open.Executors
				s, err := carillon.New(config)
				if err != nil {
					sim.Fatalf("%v", err)
				}
				calls, good := 0, 0
				_, err1 := s.Every(10*time.Minute, func(ctx context.Context) error {
					if calls++; calls%3 != 0 {
						return carillon.Sleep(ctx, time.Hour)
					}
					good++
					return nil
				})
				if err := errors.Join(err1, s.Start(context.Background()), sim.Advance(time.Hour), sim.Finish(s)); err != nil {
					sim.Fatalf("%v", err)
				}
				sim.Always(good == 6 && calls == 18, "%d calls, %d of them good", calls, good)
			})
		})
	}
}
