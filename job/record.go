package job

import "time"

// Record is an entry in the history that a store keeps: what became of a
// scheduled time, or what was done to a job.
type Record struct {
	// Seq orders the records of one store: a later one has a greater Seq.
	Seq int64

	// At is when it was recorded, by the clock of the scheduler that did, or
	// of the store.
	At time.Time

	JobID   string
	Outcome Outcome

	// Scheduled is the run time that the record is about, and First the first
	// one that was coalesced into it. Both are zero for what was done to a job
	// (Paused, Resumed, Modified, Removed).
	Scheduled, First time.Time

	// RunID and Attempt are those of the run; 0 if there was none.
	RunID   int64
	Attempt int

	// Node is the scheduler that recorded it; of a Lost run, the one that had
	// it. Empty for what was done to a job.
	Node string

	// Started and Finished enclose the execution. Both are zero if there was
	// none.
	Started, Finished time.Time

	// Reason says why the time did not run, or the error that it ended with: of
	// a text of more than 4 KiB the beginning, and how much is missing.
	// Listeners get the whole error.
	Reason string
}

// Covers returns the first and the last instant that the record is about.
func (r *Record) Covers() (first, last time.Time) {
	if r.Scheduled.IsZero() {
		return r.At, r.At
	}
	return r.First, r.Scheduled
}
