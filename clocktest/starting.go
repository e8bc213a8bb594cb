package clocktest

import (
	"context"

	"github.com/carillon-go/carillon/job"
)

// submit checks a run that an executor is run.
func (h *history) submit(run *job.Run) {
	l, e := h.find(run)
	switch {
	case l == nil:
	case e == nil:
		h.sim.Failf("run %s is submitted, but it has ended before", run)
	default:
		h.sim.Always(e.ended == 0, "run %s is submitted, but it has ended as %v", run, e.ended)
		h.sim.Always(e.submitted < run.Attempt, "run %s is submitted twice", run)
		e.submitted = run.Attempt
	}
}

// checkStart returns do, with a check of the moment when it starts.
func (n *node) checkStart(run *job.Run, do job.Func) job.Func {
	_, e := n.told.find(run)
	if e == nil {
		return do
	}
	s := n.loop.sim
	return func(ctx context.Context) error {
		if run.Attempt < e.attempt { // it has been taken over meanwhile
			s.Always(run.Lease == nil, "run %s is started though its lease has ended: attempt %d has it", run, e.attempt)
			return do(ctx)
		}
		s.Always(run.Lease == nil || e.ended == 0 || e.holder == n, "run %s is started though its lease has ended: it is %v", e, e.ended)
		s.Always(e.started < run.Attempt, "run %s is started twice", e)
		s.Always(e.ended == 0 || e.ended == job.Lost, "run %s is started, but it has ended as %v", e, e.ended)
		if run.Late(n.Now()) {
			s.Failf("run %s is started later than its grace of %v allows", e, run.MisfireGrace)
		}
		e.started = run.Attempt
		return do(ctx)
	}
}
