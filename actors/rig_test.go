package actors

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// rig is a scheduler's actors with a record of what they do. It lives in a
// synctest bubble, where the machine's clock costs no time.
type rig struct {
	*System
	t testing.TB

	mu       sync.Mutex
	inject   func(actor string, message any)
	events   []messages.Event
	outcomes map[string]map[time.Time][]job.Outcome // by job and scheduled time
}

// newRig makes a rig. The configuration is complete but for what change sets.
func newRig(t testing.TB, change func(*Config)) *rig {
	var ids atomic.Int64
	config := Config{
		Clock:           clock.Real(),
		Logger:          slog.New(slog.DiscardHandler),
		Location:        time.UTC,
		Tasks:           job.Tasks{},
		DefaultStore:    memory.Open(),
		DefaultExecutor: pool.Open(pool.Config{}),
		RetryInterval:   10 * time.Second,
		BaseContext:     context.Background(),
		Name:            "rig",
		NewID:           func() string { return fmt.Sprint("id-", ids.Add(1)) },
	}
	if change != nil {
		change(&config)
	}
	r := &rig{System: New(config), t: t, outcomes: make(map[string]map[time.Time][]job.Outcome)}
	r.host.inject = r.handling
	_, err := ask(r, &messages.AddListener{Reply: messages.To[messages.ListenerID](), Listen: r.listen, Mask: messages.MaskAll})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ask is Ask, and reports a request that is never answered.
func ask[R any](r *rig, request messages.Request[R]) (R, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	value, err := Ask(ctx, r.System, request)
	if ctx.Err() != nil {
		r.t.Errorf("%T was not answered", request)
	}
	return value, err
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Error(err)
	}
}

// strike has f called with every message before it is handled, with one at a
// time.
func (r *rig) strike(f func(actor string, message any)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inject = f
}

func (r *rig) handling(actor string, message any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inject != nil {
		r.inject(actor, message)
	}
}

func (r *rig) listen(event messages.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, event)
	switch e := event.(type) {
	case *messages.JobExecuted:
		r.count(e.Run.JobID, e.Outcome, e.Run.Scheduled)
	case *messages.JobError:
		r.count(e.Run.JobID, e.Outcome, e.Run.Scheduled)
	case *messages.JobMissed:
		r.count(e.Run.JobID, e.Outcome, e.Run.Scheduled)
	case *messages.JobLost:
		r.count(e.Run.JobID, e.Outcome, e.Run.Scheduled)
	case *messages.JobMaxInstances:
		r.count(e.JobID, job.Skipped, e.Scheduled...)
	}
}

func (r *rig) count(id string, outcome job.Outcome, times ...time.Time) {
	if r.outcomes[id] == nil {
		r.outcomes[id] = make(map[time.Time][]job.Outcome)
	}
	for _, at := range times {
		at = at.UTC().Round(0)
		r.outcomes[id][at] = append(r.outcomes[id][at], outcome)
	}
}

// total returns how many outcomes a job has had.
func (r *rig) total(id string) int {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.outcomes[id])
}

// checkOutcomes reports run times of a job that comes due every interval which
// have not had exactly one outcome, up to the last that has had any.
func (r *rig) checkOutcomes(id string, every time.Duration, allowed ...job.Outcome) {
	r.t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	times := make([]time.Time, 0, len(r.outcomes[id]))
	for at := range r.outcomes[id] {
		times = append(times, at)
	}
	if len(times) == 0 {
		r.t.Errorf("job %q has had no outcome at all", id)
		return
	}
	slices.SortFunc(times, time.Time.Compare)
	for at := times[0]; !at.After(times[len(times)-1]); at = at.Add(every) {
		switch had := r.outcomes[id][at]; {
		case len(had) != 1:
			r.t.Errorf("job %q at %s: outcomes %v, want one", id, at.Format(time.TimeOnly), had)
		case !slices.Contains(allowed, had[0]):
			r.t.Errorf("job %q at %s: outcome %v, want one of %v", id, at.Format(time.TimeOnly), had[0], allowed)
		}
		delete(r.outcomes[id], at)
	}
	for at, had := range r.outcomes[id] {
		r.t.Errorf("job %q at %v: outcomes %v at a time that is none of its own", id, at, had)
	}
	delete(r.outcomes, id)
}

// timeline returns the names of the events so far that mask admits.
func (r *rig) timeline(mask messages.Mask) []string {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	for _, e := range r.events {
		if e.Mask()&mask != 0 {
			names = append(names, strings.TrimPrefix(fmt.Sprintf("%T", e), "*messages."))
		}
	}
	return names
}

func (r *rig) add(jobs ...job.Job) error {
	r.t.Helper()
	_, err := ask(r, &messages.AddJobs{Reply: messages.To[[]job.Job](), Jobs: jobs})
	return err
}

func (r *rig) start() error {
	r.t.Helper()
	_, err := ask(r, &messages.Start{Reply: messages.To[messages.None]()})
	return err
}

func (r *rig) shutdown() error {
	r.t.Helper()
	return r.shutdownWithin(time.Hour)
}

func (r *rig) shutdownWithin(d time.Duration) error {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	begun := time.Now()
	err := r.Shutdown(ctx)
	if took := time.Since(begun); took > d+2*time.Second {
		r.t.Errorf("Shutdown within %v has taken %v", d, took)
	}
	return err
}

func (r *rig) state() messages.State {
	r.t.Helper()
	state, err := ask(r, &messages.GetState{Reply: messages.To[messages.State]()})
	r.must(err)
	return state
}

// every is a job that comes due that often and loses no run time to anything
// but an accident.
func every(d time.Duration, id string, do job.Func) job.Job {
	return job.Job{ID: id, Call: do, Trigger: triggers.Must(triggers.Every(d)), Coalesce: job.All, MaxInstances: 1000}
}

func nothing(context.Context) error { return nil }

// faulty is a Store of which every operation first calls before.
type faulty struct {
	stores.Store
	before func(op string) error
}

func openFaulty(open stores.Opener, before func(op string) error) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		if err := before("open"); err != nil {
			return nil, err
		}
		store, err := open(ctx, env)
		return &faulty{store, before}, err
	}
}

func (f *faulty) Transient() {}

func (f *faulty) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if err := f.before("put"); err != nil {
		return err
	}
	return f.Store.Put(ctx, mode, jobs)
}

func (f *faulty) Delete(ctx context.Context, ids ...string) ([]string, error) {
	if err := f.before("delete"); err != nil {
		return nil, err
	}
	return f.Store.Delete(ctx, ids...)
}

func (f *faulty) DeleteAll(ctx context.Context) (int, error) {
	if err := f.before("delete all"); err != nil {
		return 0, err
	}
	return f.Store.DeleteAll(ctx)
}

func (f *faulty) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if err := f.before("claim"); err != nil {
		return nil, err
	}
	return f.Store.ClaimDue(ctx, claim)
}

func (f *faulty) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	if err := f.before("finish"); err != nil {
		return stores.Finished{}, err
	}
	return f.Store.Finish(ctx, node, done)
}

var _ stores.Transient = (*faulty)(nil)
