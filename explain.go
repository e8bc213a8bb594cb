package carillon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// Explanation says what became of a run time.
type Explanation struct {
	JobID string
	At    time.Time

	// Record is what the store has recorded of it. Nil: nothing.
	Record *Record

	// Text is the explanation in a sentence.
	Text string
}

// String returns for instance
//
//	nightly at 2024-05-01T02:30:00Z: did not run: 3m0s late, and its grace is 1m0s
func (e Explanation) String() string {
	return fmt.Sprintf("%s at %s: %s", e.JobID, e.At.Format(time.RFC3339Nano), e.Text)
}

// Explain answers "why did it not run?", and "did it?": what became of a job's
// run time at an instant, from the history of the job's store, the job and its
// trigger. A job that is no more is looked for in the history of the store that
// is named, or of the "default" one. Errors are those of [Scheduler.History], and a
// [*FieldError] if the ID is empty.
func (s *Scheduler) Explain(ctx context.Context, id string, at time.Time, store ...string) (Explanation, error) {
	if id == "" {
		return Explanation{}, &FieldError{Field: "Job.ID", Reason: "is empty; give the ID of the job to explain"}
	}
	at = wholeMicrosecond(at)
	w := witness{id: id, at: at, now: s.system.Now(), idle: s.State() == Paused}
	alias := only(store)
	j, err := s.Job(ctx, id, store...)
	switch {
	case err == nil:
		w.job, alias = &j, j.Store
	case !errors.Is(err, ErrJobNotFound):
		return Explanation{}, err
	}
	if w.record, err = s.became(ctx, id, alias, at); err != nil {
		return Explanation{}, err
	}
	if w.before, err = s.lastChange(ctx, id, alias, at.Add(time.Microsecond), job.Paused, job.Resumed, job.Removed); err != nil {
		return Explanation{}, err
	}
	if w.last, err = s.lastChange(ctx, id, alias, time.Time{}, job.Paused, job.Removed); err != nil {
		return Explanation{}, err
	}
	if w.changed, err = s.lastChange(ctx, id, alias, time.Time{}, job.Modified); err != nil {
		return Explanation{}, err
	}
	if w.job != nil && !w.job.Paused {
		due := covering(id, j.NextRunTime, job.Parked)
		if w.parked, err = s.newest(ctx, due, alias); err != nil {
			return Explanation{}, err
		}
	}
	return Explanation{JobID: id, At: at, Record: w.record, Text: w.text()}, nil
}

// became returns the record of what has become of a job's time, which says more
// than that it had to wait; or else why it waits; or nil.
func (s *Scheduler) became(ctx context.Context, id, store string, at time.Time) (*Record, error) {
	r, err := s.newest(ctx, covering(id, at, job.Executed, job.Failed, job.Missed, job.Skipped, job.Lost), store)
	if r == nil && err == nil {
		r, err = s.newest(ctx, covering(id, at, job.Parked), store)
	}
	return r, err
}

// covering selects what was recorded of one time of a job.
func covering(id string, at time.Time, outcomes ...Outcome) HistoryQuery {
	return HistoryQuery{JobID: id, From: at, To: at.Add(time.Microsecond), Outcomes: outcomes}
}

// lastChange returns the record of a job's last change of these kinds before a
// time (zero: of all), or nil.
func (s *Scheduler) lastChange(ctx context.Context, id, store string, before time.Time, kinds ...Outcome) (*Record, error) {
	return s.newest(ctx, HistoryQuery{JobID: id, To: before, Outcomes: kinds}, store)
}

// newest returns the newest record that the query selects, or nil.
func (s *Scheduler) newest(ctx context.Context, query HistoryQuery, store string) (*Record, error) {
	query.Limit = 1
	for r, err := range s.History(ctx, query, store) {
		if err != nil {
			return nil, err
		}
		return &r, nil
	}
	return nil, nil
}

// witness is what is known about a run time.
type witness struct {
	id      string
	at, now time.Time
	idle    bool    // the scheduler is paused
	job     *Job    // nil: there is none
	record  *Record // of the time itself: the last attempt's, or why it waits
	before  *Record // the last time before it that the job was paused, resumed or removed
	last    *Record // the last time at all that it was paused or removed
	changed *Record // the last time at all that it was changed otherwise
	parked  *Record // why its next run time, which is due, stays so
}

// not says why the time did not run or, if it is yet to come, will not.
func (w *witness) not(why string, args ...any) string {
	verb := "did not run: "
	if w.at.After(w.now) {
		verb = "will not run: "
	}
	return verb + fmt.Sprintf(why, args...)
}

// was reports whether that is the last that had happened to the job before the
// time.
func (w *witness) was(change Outcome) bool { return w.before != nil && w.before.Outcome == change }

func (w *witness) text() string {
	switch {
	case w.record != nil:
		return w.recorded()
	case w.was(job.Paused):
		return w.not("the job was paused at %s", stamp(w.before.At))
	case w.job == nil && w.was(job.Removed):
		return w.not("the job was removed at %s", stamp(w.before.At))
	case w.job == nil && w.last != nil:
		return fmt.Sprintf("there is no record of it: its run has not ended yet, the job did not have this run time, or the record is no longer kept; the job was removed at %s", stamp(w.last.At))
	case w.job == nil:
		return "there is no record of it and no such job: its run has not ended yet, its trigger ended before, or the record is no longer kept"
	case w.job.Paused && (w.last == nil || !w.last.At.After(w.at)):
		return w.paused()
	}
	return w.scheduled()
}

// recorded explains a time that has a record.
func (w *witness) recorded() string {
	r := w.record
	text := ""
	switch r.Outcome {
	case job.Executed:
		text = fmt.Sprintf("ran at %s for %v", stamp(r.Started), r.Finished.Sub(r.Started))
	case job.Failed:
		text = "ran and failed: " + r.Reason
		if r.Started.IsZero() {
			text = "did not run: " + r.Reason
		}
	case job.Lost:
		text = fmt.Sprintf("its outcome is unknown: the scheduler %s has ended without reporting it", r.Node)
	case job.Parked:
		text = "did not run yet: " + r.Reason
	default:
		text = "did not run: " + r.Reason
	}
	if r.Scheduled.After(w.at) {
		verb := "was coalesced"
		if w.between() {
			verb = "is none that the job's trigger has; those around it were coalesced"
		}
		text = fmt.Sprintf("%s into the run time %s, which %s", verb, stamp(r.Scheduled), text)
	}
	if r.Attempt > 1 {
		text += fmt.Sprintf(" (attempt %d)", r.Attempt)
	}
	return text
}

// between reports whether the time only lies between others that have a record.
func (w *witness) between() bool {
	if w.job == nil || w.at.Equal(w.record.First) {
		return false
	}
	later, ok, fault := w.following()
	return fault == "" && !(ok && later.Equal(w.at))
}

// paused explains a time of a job that is paused.
func (w *witness) paused() string {
	_, unknown := w.job.Trigger.(*triggers.Unknown)
	if _, ok, fault := w.following(); !ok && !unknown && fault == "" {
		return w.not(hasEnded)
	}
	return w.not("the job is paused")
}

// since tells of a change of the job after the time: its trigger may have been
// another one before.
func (w *witness) since() string {
	if w.changed == nil || !w.changed.At.After(w.at) {
		return ""
	}
	return "; the job was changed at " + stamp(w.changed.At)
}

const hasEnded = "the job's trigger has no time at or after this one"

// following returns the trigger's first time that is not before the one in
// question, as a run time. The trigger may be the user's own, and at fault.
func (w *witness) following() (next time.Time, ok bool, fault string) {
	defer func() {
		if r := recover(); r != nil {
			fault = fmt.Sprintf("the job's trigger has panicked: %v", r)
		}
	}()
	before := w.at.Add(-time.Microsecond)
	next, ok = w.job.Trigger.Next(before, before)
	return wholeMicrosecond(next), ok, ""
}

// scheduled explains a time without a record, of a job that is not paused.
func (w *witness) scheduled() string {
	if unknown, ok := w.job.Trigger.(*triggers.Unknown); ok {
		return "there is no record of it, and its trigger is not known here: " + unknown.Reason()
	}
	next := w.job.NextRunTime
	due := !next.After(w.at)
	if due && w.parked != nil && !w.idle {
		return w.not("the job is parked since its run time %s: %s", stamp(next), w.parked.Reason)
	}
	switch later, ok, fault := w.following(); {
	case fault != "":
		return "there is no record of it, and " + fault
	case !ok:
		return w.not("%s%s", hasEnded, w.since())
	case later.Before(w.at):
		return w.not("the job's trigger does not have this time%s", w.since())
	case !later.Equal(w.at):
		return w.not("the job's trigger does not have this time; the next one is %s%s", stamp(later), w.since())
	case w.at.After(w.now) && w.job.Parked != "":
		return fmt.Sprintf("has not come yet; the job's next run time is %s, and it is parked: %s", stamp(next), w.job.Parked)
	case w.at.After(w.now):
		return fmt.Sprintf("has not come yet; the job's next run time is %s", stamp(next))
	case w.job.Parked != "":
		return w.not("%s", w.job.Parked)
	case due && w.idle:
		return fmt.Sprintf("is due, with the job's run times since %s: the scheduler is paused", stamp(next))
	case due:
		return fmt.Sprintf("is due, with the job's run times since %s, and has not been claimed yet", stamp(next))
	case w.was(job.Removed):
		return w.not("the job was removed at %s, and added again later", stamp(w.before.At))
	}
	return "there is no record of it: its run has not ended yet, the job was added or changed after it, or the record is no longer kept"
}

// wholeMicrosecond rounds up, as stores do with the run times that triggers give.
func wholeMicrosecond(t time.Time) time.Time {
	if whole := t.Truncate(time.Microsecond); !whole.Equal(t) {
		return whole.Add(time.Microsecond)
	}
	return t
}

func stamp(t time.Time) string { return t.Format(time.RFC3339Nano) }
