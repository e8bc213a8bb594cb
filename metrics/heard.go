package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
)

// heard is what the events of a scheduler add up to.
type heard struct {
	tasks   *tasks
	skipped carillon.Run // in hand

	failures, expiries, restarts, jumps *prometheus.CounterVec
	parked, dropped                     prometheus.Counter
}

const heardMask = messages.MaskOutcomes | messages.MaskJobParked |
	messages.MaskStoreFailed | messages.MaskLeaseExpired | messages.MaskClockJumped |
	messages.MaskStoreRestarted | messages.MaskExecutorRestarted | messages.MaskActorRestarted |
	messages.MaskEventsDropped

func newHeard(c Config) *heard {
	h := &heard{
		tasks:    newTasks(c),
		failures: counters("store_failures_total", "Times that a store failed to hand out runs or to record how they ended.", "store"),
		expiries: counters("leases_expired_total", "Times that a store was not reached for longer than the scheduler's lease.", "store"),
		restarts: counters("restarts_total", "Parts of the scheduler that panicked and were made anew.", "part"),
		jumps:    counters("clock_jumps_total", "Times that the clock was set, or the machine slept.", "direction"),
		parked:   counter("jobs_parked_total", "Jobs that came due and could not be run by this process."),
		dropped:  counter("events_dropped_total", "Events that are missing in the other counters, since there were too many of them."),
	}
	for _, part := range []string{"store", "executor", "actor"} {
		h.restarts.WithLabelValues(part)
	}
	for _, direction := range []string{"forward", "backward"} {
		h.jumps.WithLabelValues(direction)
	}
	return h
}

// all returns what there is to collect.
func (h *heard) all() []prometheus.Collector {
	return []prometheus.Collector{
		h.tasks.runs, h.tasks.durations, h.tasks.lateness,
		h.failures, h.expiries, h.restarts, h.jumps, h.parked, h.dropped,
	}
}

// listen takes the events of a scheduler, one at a time.
func (h *heard) listen(event carillon.Event) {
	switch e := event.(type) {
	case *messages.JobExecuted:
		h.ended((*carillon.Result)(e))
	case *messages.JobError:
		h.ended((*carillon.Result)(e))
	case *messages.JobMissed:
		h.ended((*carillon.Result)(e))
	case *messages.JobLost:
		h.ended((*carillon.Result)(e))
	case *messages.JobMaxInstances:
		h.skips(e)
	case *messages.JobParked:
		h.parked.Inc()
	case *messages.StoreFailed:
		h.failures.WithLabelValues(e.Alias).Inc()
	case *messages.LeaseExpired:
		h.expiries.WithLabelValues(e.Alias).Inc()
	case *messages.ClockJumped:
		h.jumped(e)
	case *messages.StoreRestarted:
		h.restarts.WithLabelValues("store").Inc()
	case *messages.ExecutorRestarted:
		h.restarts.WithLabelValues("executor").Inc()
	case *messages.ActorRestarted:
		h.restarts.WithLabelValues("actor").Inc()
	case *messages.EventsDropped:
		h.dropped.Add(float64(e.Count))
	}
}

func (h *heard) ended(r *carillon.Result) { h.tasks.of(r.Run).ended(r) }

// skips counts run times that have no run.
func (h *heard) skips(e *messages.JobMaxInstances) {
	h.skipped = carillon.Run{
		JobID: e.JobID, Name: e.Name, Store: e.Store, Executor: e.Executor, Call: e.Call,
		Scheduled: e.Scheduled[0], First: e.First,
	}
	h.tasks.of(&h.skipped).outcomes[carillon.Skipped].Add(float64(len(e.Scheduled)))
}

// meet makes the series of a store, so that they begin with 0.
func (h *heard) meet(store string) {
	h.failures.WithLabelValues(store)
	h.expiries.WithLabelValues(store)
}

func (h *heard) jumped(e *messages.ClockJumped) {
	direction := "forward"
	if e.By < 0 {
		direction = "backward"
	}
	h.jumps.WithLabelValues(direction).Inc()
}
