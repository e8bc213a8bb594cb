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
	version int64
	micro   int64 // the next run time, in microseconds since 1970
	zone    *time.Location
	place   int32
	work    int32 // where it is; 0 if nothing is unfinished
	ref     ref
	named   int32 // by so many slots of the due index and places of the order
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

// forgotten reports whether r is a job no more and nothing of it is unfinished.
func (r *record) forgotten() bool { return r.gone() && r.work == 0 }

// set takes over everything that is put with j.
func (r *record) set(j *job.Job, p *profile) {
	r.call, r.trigger, r.profile = j.Call, j.Trigger, p
	r.setNext(j.NextRunTime)
}

// next is the next run time, zero if there is none.
func (r *record) next() time.Time { return time.UnixMicro(r.micro).In(r.zone) }

func (r *record) setNext(t time.Time) { r.micro, r.zone = t.UnixMicro(), t.Location() }

// job fills in j, for the scheduler that knows the store by this alias.
func (r *record) job(j *job.Job, alias string) {
	p, next := r.profile, r.next()
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
		NextRunTime:  next,
		Paused:       next.IsZero(),
		Version:      r.version,
	}
}

func (r *record) name() string {
	if r.profile.named {
		return r.profile.name
	}
	return r.id
}
