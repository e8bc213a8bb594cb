package claim

import (
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Decision is what one claim does.
type Decision struct {
	*stores.Claim
	Claimed *stores.Claimed // the answer; its Next is up to the engine, but for CarryOut

	Entry Entry // of CarryOut
	Page  Page  // likewise

	Lost    []rows.Run // to be deleted, as by Finish: they have ended
	Freed   []rows.Run // to be held by nobody
	Taken   []rows.Run // to be held by the claimer, with the new Attempt
	Started []rows.Run // to be inserted
	Moves   []Move     // of the jobs that were planned

	alias    string
	before   *Told              // what was told before
	parked   map[string]Verdict // on the jobs that were met in this claim
	expected int                // jobs that are likely to be in the way
	stuck    int                // jobs that were: that are not to be planned, or that Plan has parked
	buried   bool               // there were nodes that have died
	complete bool               // all due jobs were met
	allMet   bool               // of strangers, the last of a round
	round    round
	met      int       // jobs that were on pages
	left     time.Time // when one of them was due that Limit has left
	records  []job.Record
	owed     []owed
	job      job.Job     // lent to Plan
	step     stores.Step // likewise
}

// Move is a step that a job takes.
type Move struct {
	ID      string
	Job     *Job  // as it was given to Plan
	Runs    int   // how many are started; they follow those of the Moves before
	Version int64 // the new one
	Next    time.Time
	Waiting bool
	Ended   bool // the job is gone; its settings are kept while it has unfinished runs
}

// wakes reports whether the job, when it is due, is a reason to claim.
func (m *Move) wakes() bool { return !m.Ended && !m.Waiting && !m.Next.IsZero() }

// LeavesLast reports whether the job ends with a run which is the only one that
// is unfinished, as those do that run once.
func (m *Move) LeavesLast() bool { return m.Ended && m.Runs == 1 && m.Job.Live.Instances == 0 }

// Run is an unfinished run and what is known of its job.
type Run struct {
	rows.Run
	Spec    *rows.Spec
	Deleted bool // the job was deleted
}

// Job is a row of a due job.
type Job struct {
	ID      string
	Version int64
	Born    int64
	Put     int64 // the Version of its settings
	Next    time.Time
	Spec    *rows.Spec
	Live    Live // filled in for Plan
	Row     int  // free for the engine
}

// Live are the unfinished runs of the jobs of one ID.
type Live struct {
	Instances int       // how many instances they are of
	Oldest    int64     // the ID of the first of them
	Since     time.Time // what that was scheduled for
}

// Add counts a run; instance says that it is the first one of its instance that
// is added.
func (l *Live) Add(run int64, scheduled time.Time, instance bool) {
	if l.Oldest == 0 || run < l.Oldest {
		l.Oldest, l.Since = run, scheduled
	}
	if instance {
		l.Instances++
	}
}

// Admits reports whether a due job is to be planned: this process can run it,
// and has not parked it as it is. If it cannot, that is told, once for each Put.
func (d *Decision) Admits(j *Job) bool {
	if v, judged := d.before.Of(j.ID); judged && v.Version == j.Version {
		d.parked[j.ID] = v
		d.stuck++
		return false
	}
	if reason := j.Spec.Unfit(d.Known); reason != "" {
		d.park(j, reason)
		return false
	}
	return true
}

// Wakes reports whether the job, at this Version, counts for when to claim
// again.
func (d *Decision) Wakes(id string, version int64, spec *rows.Spec) bool {
	v, judged := d.parked[id]
	if !judged {
		v, judged = d.before.Of(id)
	}
	return !(judged && v.Version == version) && spec.Unfit(d.Known) == ""
}

// Wants returns how many due jobs should be read next so that a page is likely
// to be enough: more than there is room for, and the parked ones besides. It is
// 0 when nothing more is to be claimed.
func (d *Decision) Wants() int {
	if d.Claimed.More || d.complete {
		return 0
	}
	return max(0, d.Limit-len(d.Claimed.Runs)) + 1 + max(0, d.expected-d.stuck)
}

// Complete says that all due jobs have been given to Admits; or, unless it was
// the whole of them, that the others are parked, and have not changed.
func (d *Decision) Complete(whole bool) { d.complete, d.allMet = true, whole }

// Parked is how many jobs the engine has to expect to be parked among those
// that come first.
func (d *Decision) Parked() int { return max(d.expected, d.stuck) }

// Empty reports whether there is nothing to write.
func (d *Decision) Empty() bool {
	return !d.buried && len(d.Lost)+len(d.Freed)+len(d.Taken)+len(d.Started)+len(d.Moves)+len(d.records) == 0
}

func (d *Decision) park(j *Job, reason string) {
	v := Verdict{Put: j.Put, Version: j.Version, Reason: reason}
	d.parked[j.ID] = v
	d.stuck++
	if old, judged := d.before.Of(j.ID); judged && !v.differs(old) {
		return // it was told of, and others have moved it since
	}
	d.Claimed.Parked = append(d.Claimed.Parked, stores.Parked{JobID: j.ID, Reason: reason})
	d.records = append(d.records, job.Record{JobID: j.ID, Outcome: job.Parked, Scheduled: j.Next, First: j.Next, Node: d.Node, Reason: reason})
}
