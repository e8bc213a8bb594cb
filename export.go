package carillon

import (
	"context"
	"fmt"
	"io"

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
// The jobs are read in pages, and an export that does not fit into a megabyte is
// read twice: once to find that out, and once to write it. So a million of them
// take no memory, and jobs that come meanwhile may be written or not; one that
// cannot be exported then leaves half an export. APScheduler: export_jobs.
func (s *Scheduler) ExportJobs(ctx context.Context, w io.Writer, store ...string) error {
	first := draft{room: 1 << 20}
	err := writeExport(ctx, &first, s.AllJobs(ctx, store...))
	switch {
	case err != nil:
	case first.room < 0:
		err = writeExport(ctx, w, s.AllJobs(ctx, store...))
	default:
		_, err = w.Write(first.text)
	}
	if err != nil {
		return fmt.Errorf("export jobs: %w", err)
	}
	return nil
}

func storeOf(j *Job) string { return or(j.Store, job.DefaultAlias) }

// draft keeps what is written to it, as long as there is room for all of it.
type draft struct {
	text []byte
	room int // bytes; negative: there was too little
}

func (d *draft) Write(text []byte) (int, error) {
	if d.room -= len(text); d.room < 0 {
		d.room, d.text = -1, nil
		return len(text), nil
	}
	d.text = append(d.text, text...)
	return len(text), nil
}
