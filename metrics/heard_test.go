package metrics_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/metrics"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// TestTasks looks at what stands in the label, by default and otherwise.
func TestTasks(t *testing.T) {
	mail := carillon.NewTask("mail.send", func(context.Context, string) error { return nil })
	for _, row := range []struct {
		name   string
		config metrics.Config
		want   []string
	}{
		{"default", metrics.Config{}, []string{"mail.send", "sweep", "metrics_test.nothing"}},
		{"by job", metrics.Config{Label: func(r *carillon.Run) string { return r.JobID }}, []string{"to ada", "to bob", "sweep"}},
		{"by executor", metrics.Config{Label: func(r *carillon.Run) string { return r.Store + "/" + r.Executor }}, []string{"default/default"}},
		{"not more than two", metrics.Config{Label: func(r *carillon.Run) string { return r.JobID }, MaxTasks: 2}, []string{"other"}},
		{"not in UTF-8", metrics.Config{Label: func(r *carillon.Run) string { return string([]byte{0xf0 + r.JobID[0]%4}) }}, []string{"\uFFFD"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRig(t, carillon.Config{Tasks: carillon.NewTasks(mail)}, row.config)
			add := func(call carillon.Call, settings carillon.Job) {
				_, err := r.AddJob(t.Context(), call, triggers.Must(triggers.Every(time.Minute)), settings)
				r.must(err)
			}
			add(mail.With("ada"), carillon.Job{ID: "to ada"})
			add(mail.With("bob"), carillon.Job{ID: "to bob"})
			add(carillon.Func(nothing), carillon.Job{ID: "sweep"})
			add(carillon.Func(nothing), carillon.Job{})
			r.start()
			r.pass(10 * time.Minute)
			r.shutdown()
			total := 0.0
			for _, task := range row.want {
				n := r.value("carillon_runs_total", "task", task)
				if total += n; n == 0 {
					t.Errorf("no run of %q is counted", task)
				}
			}
			if all := r.value("carillon_runs_total", "outcome", "executed"); all != 40 {
				t.Errorf("%v runs are counted, want 40", all)
			}
		})
	}
}

// TestSkippedLabel has runs skipped of a job before any other has ended, some of
// them together: the label function learns which job it is.
func TestSkippedLabel(t *testing.T) {
	label := func(r *carillon.Run) string {
		return fmt.Sprint(r.JobID, " ", r.Name, " ", r.Store, " ", r.Executor, " ", r.Call != nil, " ", r.Scheduled.Sub(start), " ", r.First.Sub(start))
	}
	r := newRig(t, carillon.Config{}, metrics.Config{Label: label})
	r.every(time.Minute, lasting(time.Hour), carillon.Job{ID: "id", Name: "name", Coalesce: carillon.All})
	r.start()
	r.pass(2 * time.Minute)
	r.must(r.Pause(t.Context()))
	r.pass(3 * time.Minute)
	r.must(r.Resume(t.Context()))
	r.pass(0)
	for times, want := range map[string]float64{"2m0s 2m0s": 1, "3m0s 3m0s": 3} {
		if got := r.value("carillon_runs_total", "task", "id name default default true "+times); got != want {
			t.Errorf("%v run times are skipped from %s on, want %v", got, times, want)
		}
	}
	r.shutdown()
}

// TestTrouble counts what else may happen.
func TestTrouble(t *testing.T) {
	sick := true
	open := func(ctx context.Context, env stores.Env) (stores.Store, error) {
		store, err := memory.New().Open(ctx, env)
		return &failing{Store: store, sick: &sick}, err
	}
	config := carillon.Config{
		Stores:    carillon.Stores{"sick": open},
		Executors: carillon.Executors{"mad": func(context.Context, executors.Host) (executors.Executor, error) { return mad{}, nil }},
	}
	r := newRig(t, config, metrics.Config{})
	r.every(time.Minute, nothing, carillon.Job{ID: "well"})
	r.every(time.Hour, nothing, carillon.Job{ID: "ill", Store: "sick", NextRunTime: start})
	r.every(time.Hour, nothing, carillon.Job{ID: "lost", Executor: "mad", NextRunTime: start})
	r.every(time.Minute, nothing, carillon.Job{ID: "parked", Executor: "missing"})
	r.start()
	r.pass(15 * time.Second)
	sick = false
	r.pass(time.Hour)
	r.clock.Set(r.clock.Now().Add(time.Hour))
	r.pass(time.Minute)
	r.exposes(`
# HELP carillon_clock_jumps_total Times that the clock was set, or the machine slept.
# TYPE carillon_clock_jumps_total counter
carillon_clock_jumps_total{direction="backward"} 0
carillon_clock_jumps_total{direction="forward"} 1
# HELP carillon_events_dropped_total Events that are missing in the other counters, since there were too many of them.
# TYPE carillon_events_dropped_total counter
carillon_events_dropped_total 0
# HELP carillon_jobs_parked_total Jobs that came due and could not be run by this process.
# TYPE carillon_jobs_parked_total counter
carillon_jobs_parked_total 1
# HELP carillon_leases_expired_total Times that a store was not reached for longer than the scheduler's lease.
# TYPE carillon_leases_expired_total counter
carillon_leases_expired_total{store="default"} 0
carillon_leases_expired_total{store="sick"} 0
# HELP carillon_restarts_total Parts of the scheduler that panicked and were made anew.
# TYPE carillon_restarts_total counter
carillon_restarts_total{part="actor"} 0
carillon_restarts_total{part="executor"} 3
carillon_restarts_total{part="store"} 0
# HELP carillon_store_failures_total Times that a store failed to hand out runs or to record how they ended.
# TYPE carillon_store_failures_total counter
carillon_store_failures_total{store="default"} 0
carillon_store_failures_total{store="sick"} 2
`, "carillon_clock_jumps_total", "carillon_events_dropped_total", "carillon_jobs_parked_total",
		"carillon_leases_expired_total", "carillon_restarts_total", "carillon_store_failures_total")
	if lost := r.value("carillon_runs_total", "outcome", "lost"); lost != 3 {
		t.Errorf("%v runs are lost, want 3", lost)
	}
	r.shutdown()
}

// failing is a store that hands out nothing while it is sick.
type failing struct {
	stores.Store
	sick *bool
}

func (*failing) Transient() {}

func (f *failing) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if *f.sick {
		return nil, errors.New("sick")
	}
	return f.Store.ClaimDue(ctx, claim)
}

// mad is an executor that panics.
type mad struct{}

func (mad) Execute([]carillon.Run) { panic("mad") }

func (mad) Shutdown(context.Context) error { return nil }
