package memory

import (
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
)

// table holds the records by ID, and each at its place: in the due index, in
// the lot, or at none.
type table struct {
	byID     map[string]*record // gone records included
	count    int                // without them
	due      heap
	queued   int // records in it
	lot      lot
	order    order
	profiles profiles

	// heirs says which record has taken the place of a gone one in byID. Its
	// live counts the unfinished instances of both.
	heirs map[*record]*record

	newest int64 // the greatest version there has ever been
	floor  int64 // what it was when a record was last dropped
}

func newTable() table {
	return table{byID: map[string]*record{}, heirs: map[*record]*record{}}
}

// find returns the job of this ID, or nil.
func (t *table) find(id string) *record {
	if r := t.byID[id]; r != nil && !r.gone() {
		return r
	}
	return nil
}

// reserve makes room for n more records, if they are many.
func (t *table) reserve(n int) {
	if n <= len(t.byID) {
		return
	}
	larger := make(map[string]*record, len(t.byID)+n)
	for id, r := range t.byID {
		larger[id] = r
	}
	t.byID = larger
	t.due.slots = slices.Grow(t.due.slots, n)
}

// add makes a record of a job that does not exist. Its version is greater than
// that of any earlier job of its ID.
func (t *table) add(j *job.Job) *record {
	p := t.profiles.of(j)
	r := &record{id: j.ID, version: t.floor, place: paused}
	if old := t.byID[j.ID]; old != nil {
		t.heirs[old] = r
		r.live = old.live
	}
	t.byID[r.id] = r
	t.count++
	t.order.added(r)
	t.assign(r, j, p)
	return r
}

// unadd takes back an add.
func (t *table) unadd(r *record) {
	t.unplace(r)
	r.place = deleted
	t.count--
	t.order.dropped()
	delete(t.byID, r.id)
	for old, heir := range t.heirs {
		if heir == r {
			t.byID[r.id] = old
			delete(t.heirs, old)
		}
	}
}

// change gives r the settings of j and its due place. It does not end a wait.
func (t *table) change(r *record, j *job.Job) { t.assign(r, j, t.profiles.of(j)) }

func (t *table) assign(r *record, j *job.Job, p *profile) {
	r.set(j, p)
	t.bump(r)
	if r.place != waiting {
		t.enqueue(r)
	}
}

// bump counts a change of r.
func (t *table) bump(r *record) {
	r.version++
	t.newest = max(t.newest, r.version)
}

// enqueue puts r into the due index, unless it is paused.
func (t *table) enqueue(r *record) {
	t.unplace(r)
	if r.next.IsZero() {
		return
	}
	r.place = queued
	t.queued++
	t.due.push(r)
}

// advance gives the top of the due index its new place there.
func (t *table) advance(r *record) {
	if r.next.IsZero() {
		t.unplace(r)
		return
	}
	t.due.renew()
}

// unplace takes r out of the due index or the lot.
func (t *table) unplace(r *record) {
	switch {
	case r.place == queued:
		t.queued--
		if len(t.due.slots) > 2*t.queued+64 {
			r.place = paused
			t.due.sweep()
		}
	case r.place <= parked:
		t.lot.leave(r)
	}
	r.place = paused
}

// drop makes r a job no more; why is ended or deleted. It is kept while it has
// unfinished runs.
func (t *table) drop(r *record, why int32) {
	t.unplace(r)
	r.place = why
	t.count--
	t.floor = t.newest
	t.order.dropped()
	if r.live == 0 {
		delete(t.byID, r.id)
	}
}

// revive makes an ended record a job again.
func (t *table) revive(r *record) {
	r.place = paused
	t.count++
	t.order.added(r)
}

// dropAll drops every job. working are the records that have unfinished runs.
func (t *table) dropAll(working []*record) int {
	n := t.count
	for _, r := range working {
		if !r.gone() {
			r.place = deleted
		}
	}
	t.byID = make(map[string]*record, len(working))
	for _, r := range working {
		t.byID[r.id] = r
	}
	t.count, t.queued, t.floor = 0, 0, t.newest
	t.due, t.order = heap{}, order{}
	t.lot.clear()
	return n
}

// latest returns the record of r's ID that has not been replaced.
func (t *table) latest(r *record) *record {
	for len(t.heirs) > 0 && t.heirs[r] != nil {
		r = t.heirs[r]
	}
	return r
}

// wake ends the wait for an instance of r. It returns when the job is due that
// has waited, zero if there is none.
func (t *table) wake(r *record) (next time.Time) {
	if r = t.latest(r); r.place == waiting {
		t.enqueue(r)
		next = r.next
	}
	return next
}

// settle records that an instance of r has ended.
func (t *table) settle(r *record) {
	for r != nil {
		var heir *record
		if len(t.heirs) > 0 {
			heir = t.heirs[r]
		}
		r.live--
		switch {
		case r.live > 0 || !r.gone():
		case heir != nil:
			delete(t.heirs, r)
		default:
			delete(t.byID, r.id)
		}
		r = heir
	}
}
