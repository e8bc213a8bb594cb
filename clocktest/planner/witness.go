package planner

import (
	"fmt"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
)

// witnessed are the events that a witness wants.
const witnessed = messages.MaskOutcomes | messages.MaskJobParked

// witness makes runs of a scheduler's events.
type witness struct {
	runs   []Run
	parked map[key]string // why
	err    error          // the first thing that should not have happened
}

func newWitness() *witness {
	return &witness{parked: make(map[key]string)}
}

func (w *witness) listen(event carillon.Event) {
	switch e := event.(type) {
	case *messages.JobExecuted:
		w.sawResult((*carillon.Result)(e))
	case *messages.JobMissed:
		w.sawResult((*carillon.Result)(e))
	case *messages.JobMaxInstances:
		for _, scheduled := range e.Scheduled {
			w.runs = append(w.runs, Run{
				Job: e.JobID, Store: e.Store, Executor: e.Executor,
				Scheduled: scheduled, Outcome: carillon.Skipped,
			})
		}
	case *messages.JobParked:
		w.parked[key{e.Store, e.JobID}] = e.Reason
	case *messages.JobError:
		w.fail("run %s failed: %w", e.Run.String(), e.Err)
	case *messages.JobLost:
		w.fail("run %s was lost: %w", e.Run.String(), e.Err)
	case *messages.EventsDropped:
		w.fail("%d events were dropped; plan a shorter time", e.Count)
	}
}

func (w *witness) sawResult(r *carillon.Result) {
	run := Run{
		Job: r.Run.JobID, Store: r.Run.Store, Executor: r.Run.Executor,
		Scheduled: r.Run.Scheduled, Started: r.Started, Finished: r.Finished,
		Outcome: r.Outcome,
	}
	if r.Run.First.Before(r.Run.Scheduled) {
		run.First = r.Run.First
	}
	if r.Err != nil {
		run.Reason = r.Err.Error()
	}
	w.runs = append(w.runs, run)
}

func (w *witness) fail(format string, values ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("plan: "+format, values...)
	}
}
