package carillon

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/carillon-go/carillon/job"
)

// ExportJobs writes the jobs of the store, or of all, as JSON, in order of
// store and ID, one on a line:
//
//	{"version":1,"jobs":[
//	{"store":"default","job":{"id":"nightly","task":"reports.send", ...}}
//	]}
//
// [Scheduler.ImportJobs] reads it; for the form of a job see
// [job.Job.MarshalJSON]. A job that is parked because its task or its trigger
// is unknown here is written as it is. One that waits for the scheduler to be
// started is written with what it leaves open.
//
// Nothing is written if there is a job that cannot be: one that runs a Go
// function, or whose trigger has no JSON form. The error then wraps
// [ErrTransientJob], names the first such job and says how many more there are.
// Other errors: [ErrUnknownStore], the stores' and w's own.
//
// The jobs are read twice, in pages: once to find that out, and once to write
// them. So a million of them take no memory, and jobs that come meanwhile may be
// written or not; one that cannot be exported then leaves half an export.
// APScheduler: export_jobs.
func (s *Scheduler) ExportJobs(ctx context.Context, w io.Writer, store ...string) error {
	err := exportable(s.AllJobs(ctx, store...))
	if err == nil {
		err = writeExport(ctx, w, s.AllJobs(ctx, store...))
	}
	if err != nil {
		return fmt.Errorf("export jobs: %w", err)
	}
	return nil
}

func storeOf(j *Job) string { return or(j.Store, job.DefaultAlias) }

// exportable fails if there are jobs that cannot be exported.
func exportable(jobs iter.Seq2[Job, error]) (fault error) {
	more := 0
	for j, err := range jobs {
		if err != nil {
			return err
		}
		_, err := j.MarshalJSON()
		switch {
		case fault == nil:
			fault = err
		case err != nil:
			more++
		}
	}
	if more > 0 {
		return fmt.Errorf("%w (and %d more like it)", fault, more)
	}
	return fault
}
