package carillon_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/job"
)

// executor returns what opens an executor of one of the reference's kinds.
func (w *world) executor(alias, kind string) executors.Opener {
	switch kind {
	case "debug":
		return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
			host.Clock = w.clock.ofJobs()
			return inline.Open(ctx, host)
		}
	case "broken":
		return func(context.Context, executors.Host) (executors.Executor, error) { return broken{}, nil }
	case "manual", "queued":
		return func(ctx context.Context, host executors.Host) (executors.Executor, error) {
			h := &hand{host: host, world: w, alias: alias, late: kind == "queued", mayFinish: true}
			w.mu.Lock()
			defer w.mu.Unlock()
			w.hands = append(w.hands, h)
			return h, nil
		}
	}
	return nil
}

// broken raises on submission.
type broken struct{}

func (broken) Execute([]job.Run) { panic(errors.New("executor is broken")) }

func (broken) Shutdown(context.Context) error { return nil }

// hand is an executor that is worked by hand. It calls the functions at once,
// but the runs go on until release; or (late) it does not even call them
// before.
type hand struct {
	host  executors.Host
	world *world
	alias string
	late  bool

	mu        sync.Mutex
	instances []*instance
	mayFinish bool // Shutdown releases everything
}

// instance is what has been submitted together: the runs of one job.
type instance struct {
	at      time.Time
	runs    []job.Run
	results []job.Result
}

func (i *instance) id() string { return i.runs[0].JobID }

func (h *hand) Execute(runs []job.Run) {
	for len(runs) > 0 {
		same := 1
		for same < len(runs) && runs[same].Instance == runs[0].Instance {
			same++
		}
		i := &instance{at: h.host.Clock.Now(), runs: runs[:same:same]}
		runs = runs[same:]
		if !h.late {
			h.call(i)
		}
		h.mu.Lock()
		h.instances = append(h.instances, i)
		h.mu.Unlock()
	}
}

func (h *hand) call(i *instance) {
	i.results = make([]job.Result, len(i.runs))
	for k := range i.runs {
		executors.Execute(h.host.Context, h.host.Clock, h.host.Clock.Now(), new(job.Context), &i.runs[k], &i.results[k])
	}
}

// held are the instances that wait, in the order in which they were submitted.
func (h *hand) held() []*instance {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.instances)
}

// release ends an instance.
func (h *hand) release(i *instance) {
	h.mu.Lock()
	h.instances = slices.DeleteFunc(h.instances, func(o *instance) bool { return o == i })
	h.mu.Unlock()
	if h.late {
		h.call(i)
	}
	now := h.host.Clock.Now()
	for k := range i.results {
		if !i.results[k].Finished.IsZero() {
			i.results[k].Finished = now
		}
	}
	h.host.Report(i.results)
}

func (h *hand) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	mayFinish := h.mayFinish
	h.mu.Unlock()
	if mayFinish {
		for _, i := range h.held() {
			h.release(i)
		}
		return nil
	}
	err := h.host.Wait(ctx, nil)
	if h.late {
		h.giveBack()
	}
	return err
}

// giveBack reports that nothing of what still waits has been started.
func (h *hand) giveBack() {
	h.mu.Lock()
	defer h.mu.Unlock()
	var results []job.Result
	for _, i := range h.instances {
		for k := range i.runs {
			results = append(results, job.Result{Run: &i.runs[k], Outcome: job.Released, Err: job.ErrShutdown})
		}
	}
	h.instances = nil
	h.host.Report(results)
}

// unfinished is how many instances of a job an executor has, whatever store
// they are from.
func (w *world) unfinished(alias, id string) (n int) {
	w.mu.Lock()
	hands := slices.Clone(w.hands)
	w.mu.Unlock()
	for _, h := range hands {
		for _, i := range h.held() {
			if h.alias == alias && i.id() == id {
				n++
			}
		}
	}
	return n
}
