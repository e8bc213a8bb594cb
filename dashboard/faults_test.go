package dashboard

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// ill is a store that is asked for jobs and history in vain. The actors' own
// operations go well.
type ill struct {
	stores.Transient
	sick func(ctx context.Context) error
}

func (s *ill) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	if err := s.sick(ctx); err != nil {
		return nil, err
	}
	return s.Transient.List(ctx, after, limit)
}

func (s *ill) History(ctx context.Context, query *stores.HistoryQuery) ([]job.Record, error) {
	if err := s.sick(ctx); err != nil {
		return nil, err
	}
	return s.Transient.History(ctx, query)
}

func (s *ill) Fleeting() {}

// openIll returns what opens a store that is ill when its scheduler is started.
func openIll(sick func(ctx context.Context) error) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		s, err := memory.Open()(ctx, env)
		if err != nil {
			return nil, err
		}
		return &ill{s.(stores.Transient), sick}, nil
	}
}

// TestFailingStore has one of two stores fail: pages say so, with the error, and
// show the other.
func TestFailingStore(t *testing.T) {
	r := newRig(t, carillon.Config{Stores: carillon.Stores{
		"default": memory.Open(),
		"remote":  openIll(func(context.Context) error { return errors.New("connection <refused>") }),
	}}, Config{})
	r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "here"}))
	r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "there", Store: "remote"}))
	r.start()
	r.pass(time.Hour)
	r.shows("", "Not all of this could be read.", "jobs of store remote : ", "connection <refused>", "history of store remote",
		"Jobs at least 1", "Trouble in 24 h 0 or more", "Next", "here", "Stores", "default", "remote", "cannot be read")
	r.shows("jobs?store=remote", "connection <refused>", "What jobs there are is not known.")
	r.shows("history?store=remote", "connection <refused>", "The history could not be read.")
	r.shows("job?store=remote&id=there", "connection <refused>", "Settings", "Next runs", "Sat 2026-10-24 14:00:00 CEST")
	r.shows("jobs", "here", "executed now")
	page := read[overview](r, "overview.json")
	if len(page.Faults) != 2 || page.Faults[0].Store != "remote" || !strings.Contains(page.Faults[0].Error, "connection <refused>") {
		t.Errorf("faults %v", page.Faults)
	}
	r.must(r.RemoveJob(t.Context(), "here"))
	r.shows("", "Jobs at least 0", "What runs next is not known.")
}

// TestSilentStore has one of two stores not answer: a page waits for it once, and
// then shows the other. Work goes on meanwhile.
func TestSilentStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		r := newRig(t, carillon.Config{Clock: clock.Real(), Stores: carillon.Stores{
			"default": memory.Open(),
			"remote": openIll(func(ctx context.Context) error {
				asked.Add(1)
				<-ctx.Done() // which the end of the scheduler ends at the latest
				return context.Cause(ctx)
			}),
		}}, Config{Timeout: 5 * time.Second})
		r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "here"}))
		var ran atomic.Int64
		r.add(r.Every(time.Hour, func(context.Context) error { ran.Add(1); return nil }, carillon.Job{ID: "there", Store: "remote"}))
		r.must(r.Start(t.Context()))
		defer func() { r.must(r.Shutdown(t.Context())) }()
		began := time.Now()
		r.shows("", "jobs of store remote : no answer within 5 s", "Jobs at least 1", "here", "cannot be read")
		if waited := time.Since(began); waited != 5*time.Second || asked.Load() != 1 {
			t.Errorf("the page has waited for %v, and asked %d times", waited, asked.Load())
		}
		time.Sleep(time.Hour)
		if ran.Load() != 1 {
			t.Errorf("the job has run %d times", ran.Load())
		}

		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		began = time.Now()
		r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/carillon/", nil))
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("after the client has left the page waits for %v", waited)
		}
	})
}

// rude is a trigger that panics whenever it can.
type rude struct{ quiet *atomic.Bool }

func (r rude) Next(prev, now time.Time) (time.Time, bool) {
	if !r.quiet.Load() {
		panic("mind your own business")
	}
	return now.Add(time.Hour), true
}

func (r rude) String() string { panic("no comment") }

// TestRudeTrigger has a user's trigger panic while a page is made.
func TestRudeTrigger(t *testing.T) {
	r := newRig(t, carillon.Config{}, Config{})
	quiet := new(atomic.Bool)
	quiet.Store(true)
	_, err := r.AddJob(t.Context(), carillon.Func(nothing), rude{quiet}, carillon.Job{ID: "job"})
	r.must(err)
	r.start()
	quiet.Store(false)
	r.shows("jobs", "job", "dashboard.rude, whose String has panicked: no comment")
	r.shows("job?id=job&at=2026-10-24+14:00", "upcoming run times: the job's trigger has panicked: mind your own business",
		"Sat 2026-10-24 14:00:00 CEST")
	quiet.Store(true)
}
