package stores

import (
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
)

// HistoryQuery selects records. Its zero value selects all.
type HistoryQuery struct {
	// JobID selects the records of one job. Empty: of all jobs.
	JobID string

	// From and To select the records that cover an instant in [From, To): a
	// run of coalesced times covers all from First to Scheduled, a change of a
	// job its At. Zero: unbounded.
	From, To time.Time

	// Outcomes selects records with one of these. None: with any.
	Outcomes []job.Outcome

	// Before, if not 0, selects records with a lesser Seq: that of the last
	// record of the page before.
	Before int64

	// Limit is how many records are returned at the most. 0, for a scheduler's
	// History: all. A Store is always given 1 or more.
	Limit int
}

// Matches reports whether the query selects r, whatever its Limit. It is what
// Stores that search in Go use, and what the others have to agree with.
func (q *HistoryQuery) Matches(r *job.Record) bool {
	from, to := r.Covers()
	return (q.JobID == "" || q.JobID == r.JobID) &&
		(q.From.IsZero() || !to.Before(q.From)) &&
		(q.To.IsZero() || from.Before(q.To)) &&
		(len(q.Outcomes) == 0 || contains(q.Outcomes, r.Outcome)) &&
		(q.Before == 0 || r.Seq < q.Before)
}

func contains(outcomes []job.Outcome, o job.Outcome) bool {
	for _, each := range outcomes {
		if each == o {
			return true
		}
	}
	return false
}

// Retention says how much history a Store keeps. A record that is older than Age
// is told no more. It is removed, as are those beyond Count, now and then, in
// small batches; so there may be more than Count for a while.
type Retention struct {
	// Age is how long a record is kept, by the store's clock. 0: seven days.
	// Negative: for ever.
	Age time.Duration

	// Count is how many records are kept. 0: what the Store says. Negative:
	// none at all, and the Store has no history.
	Count int
}

// Change says how a Put has changed a job: [job.Paused], [job.Resumed] or
// [job.Modified].
func Change(before, after *job.Job) job.Outcome {
	switch {
	case after.NextRunTime.IsZero() && !before.NextRunTime.IsZero():
		return job.Paused
	case before.NextRunTime.IsZero() && !after.NextRunTime.IsZero():
		return job.Resumed
	}
	return job.Modified
}

// SkippedSince returns the first of the times that Skipped[i] stands for.
func (s *Step) SkippedSince(i int) time.Time {
	if i == 0 && len(s.Runs) == 0 && !s.First.IsZero() {
		return s.First
	}
	return s.Skipped[i]
}

// SkipReason is the Reason of the records of skipped times.
func (s *Skip) SkipReason(maxInstances int) string {
	return fmt.Sprintf("MaxInstances is %d, and run %d, scheduled for %s, was unfinished",
		maxInstances, s.Running, s.RunningSince.UTC().Format(time.RFC3339Nano))
}
