package actors

import (
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// The scheduler's way from claimed runs to recorded outcomes.

// dispose gives claimed runs to their executors, or back to the store if the
// scheduler has been paused or shut down since it asked for them.
func (s *scheduler) dispose(shelf *shelf, claimed *stores.Claimed) {
	if s.state == messages.Running {
		s.submit(shelf, claimed.Runs)
	} else {
		s.release(shelf, claimed.Runs)
	}
}

// submit gives runs to their executors, in order, in as few messages as there
// are executors.
func (s *scheduler) submit(shelf *shelf, runs []job.Run) {
	for len(runs) > 0 {
		same := 1
		for same < len(runs) && runs[same].Executor == runs[0].Executor {
			same++
		}
		s.submitTo(shelf, runs[0].Executor, runs[:same:same])
		runs = runs[same:]
	}
}

func (s *scheduler) submitTo(shelf *shelf, alias string, runs []job.Run) {
	executor := s.executors[alias]
	if executor == nil { // it has left since the claim
		s.release(shelf, runs)
		return
	}
	runs, failed := s.bind(runs)
	s.publishSubmitted(runs)
	if len(runs) > 0 {
		s.send(executor, &messages.Execute{From: shelf.member, Runs: runs})
	}
	if len(failed) > 0 {
		s.finished(shelf.member, failed)
	}
}

// bind finds the function of each run. A run whose arguments cannot be read
// fails without being executed.
func (s *scheduler) bind(runs []job.Run) (bound []job.Run, failed []job.Result) {
	for i := range runs {
		run := &runs[i]
		err := guard(func() (err error) {
			run.Do, err = s.host.config.Tasks.Bind(run.Call)
			return err
		})
		if err != nil {
			failed = append(failed, job.Result{Run: run, Outcome: job.Failed, Err: err})
		}
	}
	if len(failed) == 0 {
		return runs, nil
	}
	for i := range runs {
		if runs[i].Do != nil {
			bound = append(bound, runs[i])
		}
	}
	return bound, failed
}

// release gives runs back that are not started. The store hands them out again.
func (s *scheduler) release(shelf *shelf, runs []job.Run) {
	results := make([]job.Result, len(runs))
	for i := range runs {
		results[i] = job.Result{Run: &runs[i], Outcome: job.Released, Err: job.ErrShutdown}
	}
	s.finished(shelf.member, results)
}

// finished takes the ends of runs to the listeners and to the store that they
// were claimed from.
func (s *scheduler) finished(from string, results []job.Result) {
	if len(results) == 0 {
		return
	}
	shelf, held := s.shelf(from), s.held(results)
	s.loseReleased(shelf, held)
	s.publishOutcomes(held)
	s.record(shelf, held)
	s.subtract(shelf, len(results)-len(held))
}

// loseReleased makes runs Lost that are given back to a store which will not
// hand them out again, since it is to be closed and is gone then.
func (s *scheduler) loseReleased(shelf *shelf, results []job.Result) {
	if shelf == nil || !shelf.fleeting || s.state != messages.Stopped && !shelf.leaving {
		return
	}
	lost := 0
	for i := range results {
		if r := &results[i]; r.Outcome == job.Released {
			*r = lostRun(r.Run, fmt.Errorf("it was not started: %w", r.Err))
			lost++
		}
	}
	if lost > 0 {
		s.host.log.Warn("runs lost that were not started: their store ends with its jobs", "store", shelf.alias, "runs", lost)
	}
}

// held returns the results of runs whose lease has not ended. The others belong
// to somebody else, who tells and records what becomes of them.
func (s *scheduler) held(results []job.Result) []job.Result {
	lost := func(r job.Result) bool { return r.Run.Lease.Err() != nil }
	if !slices.ContainsFunc(results, lost) {
		return results
	}
	var held []job.Result
	for _, r := range results {
		if lost(r) {
			s.host.log.Warn("run has ended after its lease", "run", r.Run, "store", r.Run.Store, "outcome", r.Outcome, "err", r.Err)
		} else {
			held = append(held, r)
		}
	}
	return held
}

// record has a store record how runs have ended. The store may be gone, if the
// shutdown did not wait for the runs: for it they are lost.
func (s *scheduler) record(shelf *shelf, results []job.Result) {
	if len(results) == 0 {
		return
	}
	if shelf == nil {
		s.host.log.Warn("runs ended after their store was closed", "store", results[0].Run.Store, "runs", len(results))
		return
	}
	if m := (&messages.Finish{Results: results}); shelf.claiming {
		shelf.ended = append(shelf.ended, m)
	} else {
		s.send(shelf.actor, m)
	}
	s.subtract(shelf, len(results))
}

// subtract notes that n runs of a store are not its scheduler's any more.
func (s *scheduler) subtract(shelf *shelf, n int) {
	if shelf != nil && n > 0 {
		shelf.unfinished -= n
		s.closeWhenDone(shelf)
	}
}

// publishClaimed tells what a claim has done besides handing out runs.
func (s *scheduler) publishClaimed(shelf *shelf, claimed *stores.Claimed, skipped map[string]messages.Skipped) {
	now := s.host.rt.Now()
	for _, skip := range claimed.Skipped {
		known := skipped[skip.JobID]
		s.publish(&messages.JobMaxInstances{
			At: now, JobID: skip.JobID, Name: known.Name, Store: shelf.alias, Executor: skip.Executor, Call: known.Call,
			Scheduled: skip.Times, First: known.First,
		})
	}
	for _, id := range claimed.Ended {
		if !s.wants(messages.MaskJobRemoved) {
			break
		}
		s.publish(&messages.JobRemoved{At: now, JobID: id, Store: shelf.alias})
	}
	for _, parked := range claimed.Parked {
		s.host.log.Info("job parked", "store", shelf.alias, "job", parked.JobID, "reason", parked.Reason)
		s.publish(&messages.JobParked{At: now, JobID: parked.JobID, Store: shelf.alias, Reason: parked.Reason})
	}
	for i := range claimed.Lost {
		run := &claimed.Lost[i]
		run.Store = shelf.alias
		s.publish(&messages.JobLost{Run: run, Outcome: job.Lost, Err: job.ErrLost})
	}
}

// publishSubmitted tells of the instances among runs.
func (s *scheduler) publishSubmitted(runs []job.Run) {
	if !s.wants(messages.MaskJobSubmitted) {
		return
	}
	now := s.host.rt.Now()
	for len(runs) > 0 {
		run, times := &runs[0], []time.Time{runs[0].Scheduled}
		for len(times) < len(runs) && run.ID != 0 && runs[len(times)].Instance == run.Instance {
			times = append(times, runs[len(times)].Scheduled)
		}
		s.publish(&messages.JobSubmitted{At: now, JobID: run.JobID, Store: run.Store, Executor: run.Executor, Scheduled: times})
		runs = runs[len(times):]
	}
}

func (s *scheduler) publishOutcomes(results []job.Result) {
	if !s.wants(messages.MaskOutcomes) {
		return
	}
	events := make([]messages.Event, 0, len(results))
	for i := range results {
		if e := outcomeEvent(&results[i]); e != nil && s.wants(e.Mask()) {
			events = append(events, e)
		}
	}
	if len(events) > 0 {
		s.publish(events...)
	}
}

// wants reports whether some listener wants such events. Asking first saves
// the work of making what nobody hears.
func (s *scheduler) wants(mask messages.Mask) bool { return s.interest&mask != 0 }

// outcomeEvent returns nil for a run that was released. The event is the
// result itself, under another name.
func outcomeEvent(r *job.Result) messages.Event {
	switch r.Outcome {
	case job.Executed:
		return (*messages.JobExecuted)(r)
	case job.Failed:
		return (*messages.JobError)(r)
	case job.Missed:
		return (*messages.JobMissed)(r)
	case job.Lost:
		return (*messages.JobLost)(r)
	}
	return nil
}
