package carillon_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// world is a scheduler, and everything around it, in which a scenario is
// played.
type world struct {
	t         *testing.T
	clock     *oracleClock
	location  *time.Location
	scheduler *carillon.Scheduler
	task      job.Task[callSpec]

	remembers        bool // triggers are the reference's; see remembering
	countsByExecutor bool // and so are instances counted

	stores    []string // in the order in which they were added
	executors []string
	hands     []*hand
	stashed   map[string]bool          // stores that will be taken out and put back
	kept      map[string]stores.Opener // by the last alias
	listeners map[string]carillon.ListenerID

	mu    sync.Mutex
	log   []entry
	fails map[string]time.Time // stores, until
}

// play plays a scenario, and returns what has come of it.
func play(t *testing.T, c *scenario, rows []difference) *account {
	w := newWorld(t, c.Config, c.Start, c.Script)
	for _, d := range rows {
		if d.play != nil {
			d.play(c, w)
		}
	}
	defer w.close()
	for i, s := range c.Script {
		w.step(i, s)
	}
	a := cut(len(c.Script), w.log)
	a.jobs, a.state = w.jobs(), w.scheduler.State().String()
	return a
}

func newWorld(t *testing.T, config oracleConfig, start time.Time, script []step) *world {
	w := &world{
		t: t,

		clock:     &oracleClock{Clock: clocktest.NewClock(start)},
		location:  time.UTC,
		stashed:   map[string]bool{},
		kept:      map[string]stores.Opener{},
		listeners: map[string]carillon.ListenerID{},
		fails:     map[string]time.Time{},
	}
	w.task = carillon.NewTask("oracle", w.run)
	for _, s := range script {
		if s.From != "" {
			w.stashed[s.From] = true
		}
	}
	var err error
	if w.location, err = time.LoadLocation(config.Timezone); err != nil {
		t.Fatal(err)
	}
	defaults, err := config.Defaults.defaults()
	if err != nil {
		t.Fatal(err)
	}
	cfg := carillon.Config{
		Tasks:              carillon.NewTasks(w.task),
		JobDefaults:        defaults,
		Location:           w.location,
		StoreRetryInterval: config.retryInterval(),
		Clock:              w.clock.Clock,
		Logger:             slog.New(slog.DiscardHandler),
	}
	if w.scheduler, err = carillon.New(cfg); err != nil {
		t.Fatal(err)
	}
	for _, m := range config.Executors { // in their order, which a map does not have
		if err := w.addExecutor(m.alias, m.kind); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range config.Stores {
		if err := w.addStore(m.alias, m.kind, ""); err != nil {
			t.Fatal(err)
		}
	}
	w.settle() // of this it is told nothing
	if _, err := w.scheduler.AddListener(w.hear, carillon.Mask(1<<32-1)); err != nil {
		t.Fatal(err)
	}
	return w
}

// step lets the time pass until a step, takes it, and lets the scheduler do
// what there is to do then.
func (w *world) step(i int, s step) {
	ctx := context.Background()
	switch s.Op {
	case "jump":
		w.clock.Set(s.At)
	case "advance":
		w.advanceTo(s.At)
	default:
		w.advanceTo(s.At)
		w.record(entry{T: w.clock.Now(), Op: &i, Name: s.Op})
		if result, err := w.do(ctx, s); result != nil || err != nil {
			w.record(entry{T: w.clock.Now(), Op: &i, Result: result, Error: faultOf(err)})
		}
	}
	w.settle()
}

func (w *world) settle() {
	for range 1000 {
		if err := w.scheduler.Settle(context.Background()); err != nil {
			w.t.Fatal(err)
		}
		if !w.clock.catchUp() {
			return
		}
	}
	w.t.Fatal("jobs take more time than there is between their runs")
}

func (w *world) advanceTo(at time.Time) {
	if err := clocktest.AdvanceTo(context.Background(), w.scheduler, w.clock, at); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

func (w *world) record(e entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, e)
}

// run is the function of all jobs.
func (w *world) run(ctx context.Context, c callSpec) error {
	run, _ := carillon.FromContext(ctx)
	f := struct {
		Do      string
		Message string
		Seconds float64
		Retval  any
		Steps   []step
	}{Retval: "done", Message: "boom"}
	if json.Unmarshal(c.Func, &f.Do) != nil {
		if err := json.Unmarshal(c.Func, &f); err != nil {
			return err
		}
	}
	w.record(entry{T: w.clock.ofJobs().Now(), Call: f.Do, Job: run.JobID, Args: c.Args, Kwargs: c.Kwargs})
	switch f.Do {
	case "fail":
		return boom(f.Message)
	case "slow":
		w.clock.takeTime(time.Duration(f.Seconds * float64(time.Second)))
	case "op":
		for _, s := range f.Steps {
			w.doInside(ctx, s)
		}
	}
	carillon.SetResult(ctx, f.Retval)
	return nil
}

// doInside carries out an operation in a job or a listener.
func (w *world) doInside(ctx context.Context, s step) {
	result, err := w.do(ctx, s)
	if result != nil || err != nil {
		w.record(entry{T: w.clock.Now(), Inner: s.Op, Result: result, Error: faultOf(err)})
	}
}

// boom is the error of a job that fails.
type boom string

func (b boom) Error() string { return "Boom: " + string(b) }

func (w *world) failing(store string) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fails[store]
}

func (w *world) close() {
	for _, h := range w.hands {
		h.mu.Lock()
		h.mayFinish = true
		h.mu.Unlock()
	}
	if w.scheduler.Running() {
		if err := w.scheduler.Shutdown(context.Background()); err != nil {
			w.t.Error(err)
		}
	}
	w.settle()
}
