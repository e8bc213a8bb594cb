package carillon_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	bclock "github.com/benbjohnson/clock"
	"github.com/jonboulle/clockwork"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// rig is a scheduler with a record of its events, on a clock that a test moves.
type rig struct {
	*carillon.Scheduler
	t     testing.TB
	clock clock.Clock

	// pass lets time pass and returns when the scheduler has done all that was
	// to be done in it.
	pass func(d time.Duration)

	ledger
}

// inBubble runs a test on the machine's clock, in a bubble where that costs no
// time.
func inBubble(t *testing.T, config carillon.Config, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, clock.Real(), config)
		r.pass = func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
		}
		test(t, r)
	})
}

// onEveryClock runs a test in a bubble, and outside on each kind of fake clock.
func onEveryClock(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Run("real", func(t *testing.T) { inBubble(t, carillon.Config{}, test) })

	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	own, work, mock := clocktest.NewClock(start), clockwork.NewFakeClockAt(start), bclock.NewMock()
	mock.Set(start)
	for _, kind := range []struct {
		name  string
		clock clock.Clock
		mover clocktest.Mover
	}{
		{"clocktest", own, own},
		{"clockwork", clock.From(work), work},
		{"benbjohnson", clock.From(mock), clocktest.ByAdd(mock)},
	} {
		t.Run(kind.name, func(t *testing.T) { test(t, newFakeRig(t, kind.clock, kind.mover, carillon.Config{})) })
	}
}

// newFakeRig makes a rig on a fake clock.
func newFakeRig(t testing.TB, c clock.Clock, mover clocktest.Mover, config carillon.Config) *rig {
	r := newRig(t, c, config)
	r.pass = func(d time.Duration) {
		t.Helper()
		if err := clocktest.Advance(patience(t), r.Scheduler, mover, d); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func newRig(t testing.TB, c clock.Clock, config carillon.Config) *rig {
	config.Clock, config.Location = c, time.UTC
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	s, err := carillon.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Scheduler: s, t: t, clock: c}
	r.outcomes = make(map[string]map[time.Time][]carillon.Outcome)
	if _, err := s.AddListener(r.ledger.listen, messages.MaskAll); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.checkLedger)
	return r
}

// checkLedger is what holds at the end of every test: each run time of each job
// has had one outcome, if it has had any, and each run that was submitted has
// had one.
func (r *rig) checkLedger() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, event := range r.events {
		if e, ok := event.(*messages.JobSubmitted); ok {
			r.enter(e.JobID, 0, e.Scheduled...)
		}
	}
	for id, times := range r.outcomes {
		for at, had := range times {
			if had = slices.DeleteFunc(had, func(o carillon.Outcome) bool { return o == 0 }); len(had) != 1 {
				r.t.Errorf("job %q at %v: outcomes %v, want one", id, at, had)
			}
		}
	}
}

// patience is a context that ends before a test that hangs is killed. Inside a
// bubble it costs no time.
func patience(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// must reports an error that was not to be.
func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Error(err)
	}
}

func (r *rig) start() {
	r.t.Helper()
	r.must(r.Start(patience(r.t)))
}

func (r *rig) shutdown() {
	r.t.Helper()
	r.must(r.Shutdown(patience(r.t)))
}

// add adds a job that comes due every second, each time for a run of its own
// that nothing but an accident can keep from being executed.
func (r *rig) add(id string, do carillon.Func) {
	r.t.Helper()
	_, err := r.Every(time.Second, do, steady(id))
	r.must(err)
}

func steady(id string) carillon.Job {
	return carillon.Job{ID: id, Coalesce: carillon.All, MaxInstances: 1000}
}

// once adds a job that is due at once, and only once.
func (r *rig) once(id string, do carillon.Func) {
	r.t.Helper()
	_, err := r.AddJob(patience(r.t), do, nil, carillon.Job{ID: id})
	r.must(err)
}

// settle waits until there is nothing to do at the present time.
func (r *rig) settle() {
	r.t.Helper()
	r.must(r.Settle(patience(r.t)))
}

func nothing(context.Context) error { return nil }

// seconds is the trigger of every second.
func seconds() triggers.Trigger { return triggers.Must(triggers.Every(time.Second)) }

// ledger writes down all events, and the outcomes of every run time.
type ledger struct {
	mu       sync.Mutex
	events   []carillon.Event
	outcomes map[string]map[time.Time][]carillon.Outcome // by job and scheduled time
}

func (l *ledger) listen(event carillon.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, event)
	if result := resultOf(event); result != nil {
		l.enter(result.Run.JobID, result.Outcome, result.Run.Scheduled)
	}
	if skip, ok := event.(*messages.JobMaxInstances); ok {
		l.enter(skip.JobID, carillon.Skipped, skip.Scheduled...)
	}
}

// resultOf returns the result that an event of the end of a run is, or nil.
func resultOf(event carillon.Event) *carillon.Result {
	switch e := event.(type) {
	case *messages.JobExecuted:
		return (*carillon.Result)(e)
	case *messages.JobError:
		return (*carillon.Result)(e)
	case *messages.JobMissed:
		return (*carillon.Result)(e)
	case *messages.JobLost:
		return (*carillon.Result)(e)
	}
	return nil
}

func (l *ledger) enter(id string, outcome carillon.Outcome, times ...time.Time) {
	if l.outcomes[id] == nil {
		l.outcomes[id] = make(map[time.Time][]carillon.Outcome)
	}
	for _, at := range times {
		at = at.UTC().Round(0)
		l.outcomes[id][at] = append(l.outcomes[id][at], outcome)
	}
}

// total returns how many run times of a job have had this outcome.
func (l *ledger) total(id string, outcome carillon.Outcome) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, had := range l.outcomes[id] {
		for _, o := range had {
			if o == outcome {
				n++
			}
		}
	}
	return n
}

// results returns how the runs of a job have ended, in this order.
func (l *ledger) results(id string) (list []*carillon.Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, event := range l.events {
		if result := resultOf(event); result != nil && result.Run.JobID == id {
			list = append(list, result)
		}
	}
	return list
}

// result returns how the only run of a job has ended.
func (r *rig) result(id string) *carillon.Result {
	r.t.Helper()
	results := r.results(id)
	if len(results) != 1 {
		r.t.Fatalf("job %q has had %d runs, want 1", id, len(results))
	}
	return results[0]
}

// timeline returns the names of the events that mask admits, with the job's ID
// if they are about one.
func (l *ledger) timeline(mask carillon.Mask) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := []string{}
	for _, event := range l.events {
		if event.Mask()&mask != 0 {
			names = append(names, nameOf(event))
		}
	}
	return names
}

func nameOf(event carillon.Event) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", event), "*messages.")
	if result := resultOf(event); result != nil {
		return name + " " + result.Run.JobID
	}
	switch e := event.(type) {
	case *messages.JobAdded:
		return name + " " + e.JobID
	case *messages.JobRemoved:
		return name + " " + e.JobID
	case *messages.JobModified:
		return name + " " + e.JobID
	case *messages.JobSubmitted:
		return name + " " + e.JobID
	case *messages.JobParked:
		return name + " " + e.JobID
	}
	return name
}

// checkTimeline compares the events that mask admits with those wanted.
func (r *rig) checkTimeline(mask carillon.Mask, want ...string) {
	r.t.Helper()
	if got := r.timeline(mask); !slices.Equal(got, want) {
		r.t.Errorf("events:\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// checkOutcomes reports run times of a job that comes due every so often which
// have not had exactly one outcome, from the first that has had any to the
// last. It returns how many there were.
func (r *rig) checkOutcomes(id string, every time.Duration, allowed ...carillon.Outcome) int {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var times []time.Time
	for at, had := range r.outcomes[id] {
		times = append(times, at)
		switch {
		case len(had) != 1:
			r.t.Errorf("job %q at %v: outcomes %v, want one", id, at, had)
		case !slices.Contains(allowed, had[0]):
			r.t.Errorf("job %q at %v: outcome %v, want one of %v", id, at, had[0], allowed)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	for i := 1; i < len(times); i++ {
		if distance := times[i].Sub(times[i-1]); distance != every {
			r.t.Errorf("job %q: no outcome for %v after %v", id, distance, times[i-1])
		}
	}
	return len(times)
}
