package pool

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/job"
)

// A puppeteer is a host that starts nothing by itself: the test decides which
// worker comes when.
type puppeteer struct {
	clock.Clock
	mu      sync.Mutex
	workers []func()
	reports [][]job.Result
	on      func(results []job.Result) // called by Report before it takes note
}

func (h *puppeteer) open(t *testing.T, config Config) *pool {
	t.Helper()
	if h.Clock == nil {
		h.Clock = clock.Real()
	}
	e, err := Open(config)(t.Context(), executors.Host{Clock: h, Go: h.start, Report: h.report})
	if err != nil {
		t.Fatal(err)
	}
	return e.(*pool)
}

func (h *puppeteer) start(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.workers = append(h.workers, f)
}

func (h *puppeteer) report(results []job.Result) {
	if h.on != nil {
		h.on(results)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reports = append(h.reports, results)
}

// next takes the next worker that was called, or nil.
func (h *puppeteer) next() func() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.workers) == 0 {
		return nil
	}
	f := h.workers[0]
	h.workers = h.workers[1:]
	return f
}

// sizes returns how many results each report brought.
func (h *puppeteer) sizes() (sizes []int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, results := range h.reports {
		sizes = append(sizes, len(results))
	}
	return sizes
}

func runsOf(do ...job.Func) []job.Run {
	runs := make([]job.Run, len(do))
	for i, f := range do {
		runs[i] = job.Run{ID: int64(i + 1), Instance: int64(i + 1), Do: f}
	}
	return runs
}

func succeed(context.Context) error { return nil }

func trivial(n int) []job.Run {
	do := make([]job.Func, n)
	for i := range do {
		do[i] = succeed
	}
	return runsOf(do...)
}

// One worker does a thousand runs that do nothing, and one more is called,
// who finds nothing left to do.
func TestTrivialRunsCostTwoGoroutines(t *testing.T) {
	h := &puppeteer{}
	p := h.open(t, Config{})
	p.Execute(trivial(1000))
	p.Execute(trivial(3))
	workers := 0
	for work := h.next(); work != nil; work = h.next() {
		work()
		workers++
	}
	if workers != 2 {
		t.Errorf("%d workers were called, want 2", workers)
	}
	want := []int{fullReport, fullReport, fullReport, 1003 - 3*fullReport}
	if got := h.sizes(); len(got) != len(want) || got[0] != want[0] || got[3] != want[3] {
		t.Errorf("reports of %v results, want %v", got, want)
	}
	if p.workers != 0 || p.busy != 0 || p.called {
		t.Errorf("at rest the pool counts %d workers, %d busy, called: %v", p.workers, p.busy, p.called)
	}
}

// When a job hangs, the worker that was called before reports what was done
// before, at once: before it goes into a job itself.
func TestBatonCarriesResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &puppeteer{}
		p := h.open(t, Config{})
		hang := make(chan struct{})
		reported := -1
		p.Execute(runsOf(
			succeed,
			func(context.Context) error { <-hang; return nil },
			func(context.Context) error { reported = len(h.sizes()); return nil },
		))
		go h.next()()
		synctest.Wait() // the first worker hangs in the second job
		h.next()()
		if reported != 1 {
			t.Errorf("when the third job was executed there had been %d reports, want 1", reported)
		}
		close(hang)
		synctest.Wait()
	})
}

// While somebody reports, nobody else does: reports do not overtake each other.
func TestReportsDoNotOvertake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reporting, goOn := make(chan struct{}), make(chan struct{})
		first := sync.OnceFunc(func() { close(reporting); <-goOn })
		h := &puppeteer{on: func([]job.Result) { first() }}
		p := h.open(t, Config{})
		runs := runsOf(succeed, func(context.Context) error { <-reporting; return nil })
		runs[1].Instance = runs[0].Instance
		p.Execute(runs)
		go h.next()()
		synctest.Wait() // the first worker is in the second job
		go h.next()()   // the second one reports the first result
		synctest.Wait() // and the first one has put down the second result
		if n := len(h.sizes()); n != 0 {
			t.Errorf("%d reports have overtaken the first one", n)
		}
		close(goOn)
		synctest.Wait()
		if n := len(h.sizes()); n != 2 {
			t.Errorf("there were %d reports, want 2", n)
		}
	})
}

// A shutdown that is cut short while somebody reports sees to what has come
// since, once.
func TestReleaseWhileReporting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reporting, goOn := make(chan struct{}), make(chan struct{})
		first := sync.OnceFunc(func() { close(reporting); <-goOn })
		h := &puppeteer{on: func([]job.Result) { first() }}
		p := h.open(t, Config{})
		hang := make(chan struct{})
		p.Execute(runsOf(
			succeed,
			func(context.Context) error { <-reporting; return nil },
			func(context.Context) error { <-hang; return nil },
		))
		go h.next()()
		synctest.Wait() // the first worker is in the second job
		go h.next()()   // the second one reports the first result
		synctest.Wait() // and the first one hangs in the third job
		h.on = nil
		p.release()
		close(goOn)
		close(hang)
		synctest.Wait()
		for _, size := range h.sizes() {
			if size != 1 {
				t.Fatalf("reports of %v results, want three of 1", h.sizes())
			}
		}
	})
}

// A host that ends the goroutine which reports, as a handler of logs that calls
// FailNow does, keeps nothing else from being executed and reported.
func TestReportThatEndsItsGoroutine(t *testing.T) {
	for _, size := range []int{0, 1} {
		h := &puppeteer{}
		p := h.open(t, Config{Size: size})
		ended, done := 0, 0
		h.on = func([]job.Result) {
			if ended++; ended%2 == 1 {
				runtime.Goexit()
			}
		}
		runs := trivial(5 * fullReport)
		for i := range runs {
			runs[i].Instance = int64(1 + i/7)
			runs[i].Do = func(context.Context) error { done++; return nil }
		}
		p.Execute(runs)
		for work := h.next(); work != nil; work = h.next() {
			over := make(chan struct{})
			go func() { defer close(over); work() }()
			<-over
		}
		if done != len(runs) || ended < 5 {
			t.Errorf("size %d: %d runs were executed of %d, in %d reports", size, done, len(runs), ended)
		}
		if p.workers != 0 || p.busy != 0 || p.called || p.reporting || !p.mu.TryLock() {
			t.Errorf("size %d: at rest the pool counts %d workers, %d busy, called: %v, reporting: %v", size, p.workers, p.busy, p.called, p.reporting)
		}
	}
}

// ticking is a clock that moves when it is read.
type ticking struct {
	clock.Clock
	now  time.Time
	read func(reading int) // what happens right after a reading
	n    int
}

func (c *ticking) Now() time.Time {
	c.now = c.now.Add(time.Second)
	now := c.now
	c.n++
	if c.read != nil {
		c.read(c.n)
	}
	return now
}

// The end of one run is the start of the next one, which saves a reading, but
// only for runs that had come before that.
func TestReadingsOfTheClock(t *testing.T) {
	c := &ticking{}
	h := &puppeteer{Clock: c}
	p := h.open(t, Config{Size: 1})
	var accepted time.Time
	c.read = func(reading int) {
		if reading == 4 { // the end of the third run
			c.now = c.now.Add(time.Second)
			accepted = c.now
			p.Execute(trivial(2))
		}
	}
	p.Execute(trivial(3))
	h.next()()
	if c.n != 7 {
		t.Errorf("the clock was read %d times for batches of 3 and 2 runs, want 4 and 3 times", c.n)
	}
	var last time.Time
	for i, r := range h.reports[0] {
		if r.Started.Before(last) || !r.Finished.After(r.Started) {
			t.Errorf("result %d: from %v until %v, after one until %v", i, r.Started, r.Finished, last)
		}
		last = r.Finished
	}
	if started := h.reports[0][3].Started; started.Before(accepted) {
		t.Errorf("a run that was accepted at %v started at %v", accepted, started)
	}
}

// The pool keeps nothing of what it has reported.
func TestKeepsNothing(t *testing.T) {
	h := &puppeteer{}
	p := h.open(t, Config{})
	runs := trivial(10)
	kept := weak.Make(&runs[0])
	p.Execute(runs)
	for work := h.next(); work != nil; work = h.next() {
		work()
	}
	runs, h.reports, h.workers = nil, nil, nil
	runtime.GC()
	if kept.Value() != nil {
		t.Error("the runs are still reachable")
	}
	runtime.KeepAlive(p)
}
