package clocktest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
)

// catchUp is how long a scheduler has, when no more faults strike, to do what
// is due.
const catchUp = 5 * time.Minute

// Finish ends a simulation in order. No more faults strike; the scheduler gets
// five minutes to catch up, unless it is paused, and then has nothing left that
// is due; it is shut down, with five more minutes for jobs that run; and then
// every run that it was handed out has had its outcome, in the store and, if
// there are listeners for it, in an event. The error is what fails the
// simulation; it fails by itself.
func (s *Sim) Finish(sched *carillon.Scheduler) error {
	if !s.simulates(sched) {
		s.Failf("the scheduler is not in the simulation; make it with what Sim.Config or Node.Config returns, and keep the Clock")
		return s.Err()
	}
	if err := s.Quiesce(catchUp); err != nil {
		return err
	}
	ctx, cancel := clock.WithTimeout(context.Background(), s.Node("").node, catchUp)
	defer cancel()
	if sched.State() == carillon.Running {
		s.checkNothingDue(ctx, sched)
	}
	err := sched.Shutdown(ctx)
	if err != nil && !errors.Is(err, carillon.ErrNotRunning) && !errors.Is(err, context.DeadlineExceeded) {
		s.Failf("%v", err)
	}
	if err := s.Settle(); err != nil {
		return err
	}
	s.checkAllEnded()
	return s.Err()
}

// simulates reports whether a scheduler has the clock of one of the nodes.
func (s *Sim) simulates(sched *carillon.Scheduler) bool {
	now := sched.Now()
	return slices.ContainsFunc(s.nodes, func(n *node) bool { return n.Now().Equal(now) })
}

// checkNothingDue checks that no job is due, but those that wait for their own
// runs.
func (s *Sim) checkNothingDue(ctx context.Context, sched *carillon.Scheduler) {
	jobs, err := sched.Jobs(ctx)
	if err != nil {
		s.Failf("the jobs cannot be listed: %v", err)
	}
	for _, j := range jobs {
		due := !j.Paused && j.Parked == "" && !j.NextRunTime.After(s.Now().Add(-s.lag()))
		s.Always(!due || s.waits(j.ID), "job %s is due since %v, and nothing happens", j.ID, j.NextRunTime)
	}
	for _, l := range s.ledgers {
		for _, id := range slices.Sorted(maps.Keys(l.runs)) {
			e := l.runs[id]
			known := e.ended != 0 || e.received || l.opened == 0 || e.holder.crashed || e.holder.told.state != carillon.Running
			s.Always(known, "run %s was handed out to somebody who does not know of it", e)
		}
	}
}

// lag is how far the slowest clock of a living node is behind.
func (s *Sim) lag() (most time.Duration) {
	for _, n := range s.nodes {
		if !n.crashed {
			most = max(most, -n.skew)
		}
	}
	return most
}

// waits reports whether a job waits: for its own unfinished runs, or because it
// is parked.
func (s *Sim) waits(id string) bool {
	return slices.ContainsFunc(s.ledgers, func(l *ledger) bool {
		a := l.jobs[id]
		return len(l.live[id]) > 0 || a != nil && a.parked
	})
}

// checkAllEnded checks that no run is open whose scheduler was shut down.
func (s *Sim) checkAllEnded() {
	for _, l := range s.ledgers {
		for _, id := range slices.Sorted(maps.Keys(l.runs)) {
			e := l.runs[id]
			switch {
			case e.name == "": // it was given back
			case e.holder.crashed || e.holder.told.state != carillon.Stopped:
			case e.holder.told.halted && e.started == e.attempt: // it may have outlived the shutdown
			case e.ended == 0 && !e.received: // it is lost for the next start
			case e.ended == 0:
				s.Failf("run %s has not ended", e)
			case e.ended == carillon.Lost && !e.received: // the store has it in its history
			case e.owed && e.told == 0:
				s.Failf("run %s has ended as %v, and nobody was told", e, e.ended)
			}
		}
	}
	for _, n := range s.nodes {
		for o := range n.told.skipped {
			if !n.crashed && n.told.state == carillon.Stopped {
				s.Failf("job %s was skipped, and nobody was told", o.job)
			}
		}
	}
}
