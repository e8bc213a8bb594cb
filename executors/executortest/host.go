package executortest

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// Host is a scheduler's side of the contract, for tests: it keeps what is
// reported and counts the goroutines that it starts. Its methods may be called
// concurrently.
type Host struct {
	clock clock.Clock

	mu         sync.Mutex
	results    []job.Result
	reports    int
	goroutines int
	changed    chan struct{} // closed and replaced at each change of the above
}

// hostKey is the key under which a run's context has the Host.
type hostKey struct{}

// NewHost returns a Host with the given clock. In a bubble of
// [testing/synctest], give it [clock.Real].
func NewHost(c clock.Clock) *Host { return &Host{clock: c, changed: make(chan struct{})} }

// Open opens an Executor that works for h.
func (h *Host) Open(open executors.Opener) (executors.Executor, error) {
	return open(context.Background(), executors.Host{
		Alias:   job.DefaultAlias,
		Clock:   h.clock,
		Logger:  slog.New(slog.DiscardHandler),
		Context: context.WithValue(context.Background(), hostKey{}, h),
		Go:      h.start,
		Wait:    wait,
		Report:  h.report,
	})
}

// Results returns what has been reported, in order.
func (h *Host) Results() []job.Result {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.results)
}

// Reports returns how many times results have been reported.
func (h *Host) Reports() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reports
}

// Goroutines returns how many goroutines the Executor has now.
func (h *Host) Goroutines() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.goroutines
}

// AwaitResults waits until n results have been reported, or returns the cause
// of ctx's end.
func (h *Host) AwaitResults(ctx context.Context, n int) error {
	return h.await(ctx, func() bool { return len(h.results) >= n })
}

// AwaitGoroutines waits until the Executor has n goroutines or fewer, or
// returns the cause of ctx's end.
func (h *Host) AwaitGoroutines(ctx context.Context, n int) error {
	return h.await(ctx, func() bool { return h.goroutines <= n })
}

func (h *Host) await(ctx context.Context, reached func() bool) error {
	for {
		h.mu.Lock()
		done, changed := reached(), h.changed
		h.mu.Unlock()
		if done {
			return nil
		}
		if err := wait(ctx, changed); err != nil {
			return err
		}
	}
}

func (h *Host) report(results []job.Result) {
	h.change(func() {
		h.results = append(h.results, results...)
		h.reports++
	})
}

func (h *Host) start(f func()) {
	h.change(func() { h.goroutines++ })
	go func() {
		defer h.change(func() { h.goroutines-- })
		f()
	}()
}

func (h *Host) change(apply func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	apply()
	close(h.changed)
	h.changed = make(chan struct{})
}

func wait(ctx context.Context, ready <-chan struct{}) error {
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
