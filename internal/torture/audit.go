package torture

import (
	"cmp"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
)

// Expected is what has to become of a job.
type Expected struct {
	Job          string
	Delivery     job.Delivery
	MaxInstances int
	Times        []time.Time // all its run times, in order
}

// Expect works out the run times of a job that is added with a NextRunTime and
// whose trigger has an end.
func Expect(j job.Job) Expected {
	e := Expected{Job: j.ID, Delivery: j.Delivery, MaxInstances: j.MaxInstances}
	for t, ok := j.NextRunTime, true; ok; t, ok = j.Trigger.Next(t, t) {
		e.Times = append(e.Times, t)
	}
	return e
}

// Audit compares what was to happen with what has been executed, as the jobs'
// journals say, and with what the store's history says became of it.
func Audit(expected []Expected, entries []Entry, records []job.Record) *Report {
	r := &Report{Jobs: len(expected)}
	cases := map[string]*dossier{}
	for _, e := range expected {
		r.Scheduled += len(e.Times)
		cases[e.Job] = &dossier{Expected: e, found: make([]findings, len(e.Times))}
	}
	for _, e := range entries {
		if f := cases[e.Job].at(e.Scheduled); f == nil {
			r.fault(&r.Stray, "%s ran at %v for %v, which is none of its times", e.Job, e.At, e.Scheduled)
		} else if e.Started {
			f.starts = append(f.starts, e)
		} else {
			f.ends = append(f.ends, e)
		}
	}
	for i := range records {
		if outcome(records[i].Outcome) && !cases[records[i].JobID].file(&records[i]) {
			r.fault(&r.Stray, "%s is recorded as %v for %v, which is none of its times", records[i].JobID, records[i].Outcome, records[i].Scheduled)
		}
	}
	for _, e := range expected {
		cases[e.Job].judge(r)
	}
	return r
}

func outcome(o job.Outcome) bool {
	return slices.Contains([]job.Outcome{job.Executed, job.Failed, job.Missed, job.Skipped, job.Lost}, o)
}

// dossier is what was found about one job; its methods accept nil.
type dossier struct {
	Expected
	found []findings // for each of Times
}

// findings are what was found about one run time.
type findings struct {
	starts, ends []Entry
	records      []*job.Record
}

// at returns the findings about one of the job's times; nil: it is none.
func (d *dossier) at(t time.Time) *findings {
	if d == nil {
		return nil
	}
	i, found := slices.BinarySearchFunc(d.Times, t, time.Time.Compare)
	if !found {
		return nil
	}
	return &d.found[i]
}

// file files a record with all the times that it covers.
func (d *dossier) file(r *job.Record) bool {
	if d.at(r.Scheduled) == nil {
		return false
	}
	first, last := r.Covers()
	for i, t := range d.Times {
		if !t.Before(first) && !t.After(last) {
			d.found[i].records = append(d.found[i].records, r)
		}
	}
	return true
}

func (d *dossier) judge(r *Report) {
	var held []span
	for i, t := range d.Times {
		f := &d.found[i]
		d.judgeStarts(r, t, f)
		switch len(f.records) {
		case 0:
			r.fault(&r.Unaccounted, "%s at %v has no outcome; started %d times", d.Job, t, len(f.starts))
			continue
		case 1:
		default:
			r.fault(&r.Ambiguous, "%s at %v has %d outcomes, among them %v and %v", d.Job, t, len(f.records), f.records[0].Outcome, f.records[1].Outcome)
		}
		if record := f.records[0]; !record.Scheduled.Equal(t) {
			r.Coalesced++
			if len(f.starts) > 0 {
				r.fault(&r.Untrue, "%s was started for %v, but is recorded as coalesced", d.Job, t)
			}
		} else if s, ran := d.judgeRecord(r, f, record); ran {
			held = append(held, s)
		}
	}
	d.judgeInstances(r, held)
}

// judgeStarts looks for runs that were started more often than was promised.
func (d *dossier) judgeStarts(r *Report, t time.Time, f *findings) {
	var attempts []int
	for _, e := range f.starts {
		attempts = append(attempts, e.Attempt)
	}
	slices.Sort(attempts)
	n := len(attempts)
	switch {
	case n == 0:
	case d.Delivery == job.AtMostOnce:
		if n > 1 {
			r.fault(&r.Twice, "%s at %v is at most once, and was started %d times, by %s and %s", d.Job, t, n, f.starts[0].Worker, f.starts[1].Worker)
		}
	default:
		if attempts[n-1] > 1 {
			r.TakenOver++
		}
		if len(slices.Compact(attempts)) < n {
			r.fault(&r.Repeated, "%s at %v was started %d times, twice as the same attempt", d.Job, t, n)
		}
	}
}

// judgeRecord holds a record against the journals. It returns when the run was
// executed, if it was, and the scheduler held it all the while.
func (d *dossier) judgeRecord(r *Report, f *findings, record *job.Record) (s span, ran bool) {
	started, ended := find(f.starts, record.Attempt), find(f.ends, record.Attempt)
	switch record.Outcome {
	case job.Executed, job.Failed:
		count, how := &r.Executed, "done"
		if record.Outcome == job.Failed {
			count, how = &r.Failed, "failed"
		}
		*count++
		if started == nil || ended == nil || ended.How != how {
			r.fault(&r.Untrue, "%s at %v is recorded as %v in attempt %d, but its journal says otherwise", d.Job, record.Scheduled, record.Outcome, record.Attempt)
			return span{}, false
		}
		return span{started.At, ended.At}, true
	case job.Lost:
		r.Lost++
		if len(f.ends) > 0 {
			r.LostRan++
		}
	case job.Missed:
		r.Missed++
		if started != nil {
			r.fault(&r.Untrue, "%s at %v is recorded as missed, but was started", d.Job, record.Scheduled)
		}
	case job.Skipped:
		r.Skipped++
		if len(f.starts) > 0 {
			r.fault(&r.Untrue, "%s at %v is recorded as skipped, but was started", d.Job, record.Scheduled)
		}
	}
	return span{}, false
}

func find(entries []Entry, attempt int) *Entry {
	if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Attempt == attempt }); i >= 0 {
		return &entries[i]
	}
	return nil
}

type span struct{ from, to time.Time }

// judgeInstances looks for more runs at a time than are allowed.
func (d *dossier) judgeInstances(r *Report, runs []span) {
	slices.SortFunc(runs, func(a, b span) int { return a.from.Compare(b.from) })
	var live []time.Time // when those that were started so far end
	for _, run := range runs {
		live = slices.DeleteFunc(live, func(end time.Time) bool { return !end.After(run.from) })
		live = append(live, run.to)
		if len(live) > cmp.Or(d.MaxInstances, job.DefaultMaxInstances) {
			r.fault(&r.Crowded, "%s had %d instances at %v, and may have %d", d.Job, len(live), run.from, d.MaxInstances)
		}
	}
}
