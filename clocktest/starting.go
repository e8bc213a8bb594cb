package clocktest

import (
	"context"

	"github.com/carillon-go/carillon/job"
)

// submit checks a run that an executor is given.
func (h *history) submit(run *job.Run) {
	l, e := h.find(run)
	switch {
	case l == nil:
	case e == nil:
		h.sim.Failf("run %s is submitted, but it has ended before", name(run))
	default:
		h.sim.Always(e.ended == 0, "run %s is submitted, but it has ended as %v", name(run), e.ended)
		h.sim.Always(e.submitted < run.Attempt, "run %s is submitted twice", name(run))
		e.submitted = run.Attempt
	}
}

// checkStart returns do, with a check of the moment when it starts.
func (n *node) checkStart(run *job.Run, do job.Func) job.Func {
	_, e := n.told.find(run)
	if e == nil {
		return do
	}
	given, s := *run, n.loop.sim
	return func(ctx context.Context) error {
		if given.Attempt < e.attempt { // it has been taken over meanwhile
			s.Always(given.Lease == nil, "run %s is started though its lease has ended: attempt %d has it", name(&given), e.attempt)
			return do(ctx)
		}
		s.Always(given.Lease == nil || e.ended == 0 || e.holder == n, "run %s is started though its lease has ended: it is %v", e, e.ended)
		s.Always(e.started < given.Attempt, "run %s is started twice", e)
		s.Always(e.ended == 0 || e.ended == job.Lost, "run %s is started, but it has ended as %v", e, e.ended)
		s.Always(!given.Late(n.Now()), "run %s is started later than its grace of %v allows", e, given.MisfireGrace)
		e.started = given.Attempt
		return do(ctx)
	}
}
