package memory

import (
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// record is a job as the store keeps it, in 96 bytes.
type record struct {
	id      string
	call    job.Call
	trigger triggers.Trigger
	profile *profile
	next    time.Time
	version int64
	place   int32
	work    int32 // where it is; 0 if nothing is unfinished
}

// The places of a record.
const (
	paused  = -iota // it has no next run time
	queued          // in the due index
	waiting         // for the end of one of its instances; work > 0
	ended           // no job any more by its trigger; work > 0 or it is in no table
	deleted         // no job any more by its user's will; likewise
	parked          // and less: in the lot, at spot parked-place
)

// gone reports whether r is a job no more.
func (r *record) gone() bool { return r.place == ended || r.place == deleted }

// set takes over everything that is put with j.
func (r *record) set(j *job.Job, p *profile) {
	r.call, r.trigger, r.profile = j.Call, j.Trigger, p
	r.next = j.NextRunTime.Round(0) // without the monotonic reading
}

// job fills in j, for the scheduler that knows the store by this alias.
func (r *record) job(j *job.Job, alias string) {
	p := r.profile
	*j = job.Job{
		ID:           r.id,
		Name:         r.name(),
		Call:         r.call,
		Trigger:      r.trigger,
		Store:        alias,
		Executor:     p.executor,
		MisfireGrace: p.grace,
		Coalesce:     p.coalesce,
		MaxInstances: p.instances,
		Delivery:     p.delivery,
		NextRunTime:  r.next,
		Paused:       r.next.IsZero(),
		Version:      r.version,
	}
}

func (r *record) name() string {
	if r.profile.named {
		return r.profile.name
	}
	return r.id
}
