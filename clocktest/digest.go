package clocktest

import (
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// digest sums up a history in one number.
type digest uint64

func (d *digest) number(n uint64) { *d = digest(mix(uint64(*d) ^ n)) }

func (d *digest) text(s string) { d.number(textHash(s)) }

// textHash is FNV-1a.
func textHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func (d *digest) at(t time.Time) {
	if t.IsZero() {
		d.number(0)
		return
	}
	d.number(uint64(t.UnixNano()))
}

// err tells only whether there is one: its text may have addresses in it.
func (d *digest) err(err error) {
	if err != nil {
		d.number(1)
	}
}

// contents adds what decides about the course of things: times, jobs, runs and
// their outcomes.
func (d *digest) contents(message any) {
	switch m := message.(type) {
	case *messages.SetAlarm:
		d.at(m.At)
	case *messages.Jumped:
		d.number(uint64(m.By))
	case *messages.ClaimDue:
		d.at(m.Now)
	case *messages.Claimed:
		d.err(m.Err)
		d.claimed(m.Claimed)
	case *messages.Apply:
		d.jobs(m.Jobs)
	case *messages.Applied:
		d.err(m.Err)
		d.jobs(m.Jobs)
	case *messages.Due:
		d.at(m.At)
	case *messages.Execute:
		d.runs(m.Runs)
	case *messages.Finished:
		for i := range m.Results {
			d.result(&m.Results[i])
		}
	case *messages.Publish:
		for _, e := range m.Events {
			d.event(e)
		}
	}
}

func (d *digest) claimed(c *stores.Claimed) {
	if c == nil {
		return
	}
	d.runs(c.Runs)
	d.runs(c.Lost)
	for i := range c.Skipped {
		d.text(c.Skipped[i].JobID)
		d.number(uint64(len(c.Skipped[i].Times)))
	}
	d.at(c.Next)
}

func (d *digest) jobs(jobs []job.Job) {
	for i := range jobs {
		d.text(jobs[i].ID)
		d.at(jobs[i].NextRunTime)
	}
}

func (d *digest) runs(runs []job.Run) {
	for i := range runs {
		d.run(&runs[i])
	}
}

func (d *digest) run(r *job.Run) {
	d.text(r.JobID)
	d.number(uint64(r.ID)<<8 + uint64(r.Attempt))
	d.at(r.Scheduled)
}

func (d *digest) result(r *job.Result) {
	d.number(uint64(r.Run.ID)<<8 + uint64(r.Outcome))
	d.at(r.Finished)
}

func (d *digest) event(e messages.Event) {
	d.number(uint64(e.Mask()))
	switch e := e.(type) {
	case *messages.JobAdded:
		d.text(e.JobID)
	case *messages.JobRemoved:
		d.text(e.JobID)
	case *messages.JobModified:
		d.text(e.JobID)
	}
}
