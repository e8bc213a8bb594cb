package rows

import (
	"time"

	"github.com/carillon-go/carillon/job"
)

// Run is a row of the table of unfinished runs.
type Run struct {
	ID        int64
	Instance  int64 // the ID of the first run of its instance
	JobID     string
	Born      int64 // of its job
	Node      string
	Attempt   int
	Scheduled time.Time
	First     time.Time
}

// Told is the run as the scheduler gets it that knows the store by the alias.
func (r *Run) Told(s *Spec, alias string) job.Run {
	return job.Run{
		ID:           r.ID,
		Instance:     r.Instance,
		JobID:        r.JobID,
		Name:         s.job.Name,
		Store:        alias,
		Executor:     s.job.Executor,
		Scheduled:    r.Scheduled,
		First:        r.First,
		Attempt:      r.Attempt,
		MisfireGrace: s.job.MisfireGrace,
		Call:         s.job.Call,
	}
}
