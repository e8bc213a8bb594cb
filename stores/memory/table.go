package memory

import (
	"time"

	"github.com/carillon-go/carillon/job"
)

// table holds the records by ID, and each at its place: in the due index, in
// the lot, or at none.
type table struct {
	records  *slabs
	byID     index // gone records that have unfinished runs included
	count    int   // without them
	due      due
	queued   int // records in it
	lot      lot
	order    order
	profiles profiles
	works    works

	newest int64 // the greatest version there has ever been
	floor  int64 // what it was when a record was last dropped
}

func newTable() table {
	records := new(slabs)
	return table{records: records, byID: index{records: records}, due: newDue(records), order: order{records: records}}
}

// find returns the job of this ID, or nil.
func (t *table) find(id string) *record {
	if r := t.byID.find(id); r != nil && !r.gone() {
		return r
	}
	return nil
}

// reserve makes room for n more records, if they are many.
func (t *table) reserve(n int) {
	if n <= t.byID.taken {
		return
	}
	t.byID.reserve(n)
}

// add makes a record of a job that does not exist, in place of the one of its ID
// that is gone, if there is one. Its version is greater than that of any earlier
// job of its ID.
func (t *table) add(j *job.Job, gone *record) *record {
	p, r := t.profiles.of(j), gone
	if r == nil {
		r = t.records.add()
		r.id = j.ID
		t.byID.put(r)
	}
	r.version, r.place = t.floor, paused
	t.count++
	t.order.added(r)
	t.assign(r, j, p)
	return r
}

// unadd takes back an add. If there is work of the ID, r stays as a job that
// has been deleted.
func (t *table) unadd(r *record) {
	t.unplace(r)
	r.place = deleted
	t.count--
	t.forget(r)
	t.order.dropped()
}

// forget drops all of a record that is gone, unless it has unfinished runs. Its
// place in the index is swept out with others.
func (t *table) forget(r *record) {
	if r.work != 0 {
		return
	}
	t.records.giveBack(r)
	if t.byID.littered() {
		t.byID.sweep()
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
	if r.next().IsZero() {
		return
	}
	r.place = queued
	t.queued++
	t.due.push(r)
}

// advance gives the top of the due index its new place there.
func (t *table) advance(r *record) {
	if r.next().IsZero() {
		t.lift(r)
		return
	}
	t.due.renew(r)
}

// lift takes the top out of the due index.
func (t *table) lift(r *record) {
	t.due.lift(r)
	t.queued--
	r.place = paused
}

// unplace takes r out of the due index or the lot.
func (t *table) unplace(r *record) {
	switch {
	case r.place == queued:
		t.queued--
		if t.due.len() > 2*t.queued+64 {
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
	t.forget(r)
	t.order.dropped()
}

// dropAll drops every job.
func (t *table) dropAll() int {
	n := t.count
	t.count, t.queued, t.floor = 0, 0, t.newest
	t.byID, t.due, t.order = index{records: t.records}, newDue(t.records), order{records: t.records}
	t.lot.clear()
	for r := range t.records.all() {
		if !r.gone() {
			r.place = deleted
		}
		if r.work != 0 {
			t.byID.put(r)
		}
		r.named = 0
		t.records.giveBack(r)
	}
	t.records.bury()
	return n
}

// wake ends the wait of r. It returns when it is due now, zero if it has not
// waited.
func (t *table) wake(r *record) (next time.Time) {
	if r.place == waiting {
		t.enqueue(r)
		next = r.next()
	}
	return next
}

// settle records that an instance of r's ID has ended. It returns when the job
// is due that has waited for that.
func (t *table) settle(r *record) (next time.Time) {
	w := t.works.of(r)
	w.live--
	latest := w.latest
	next = t.wake(latest)
	if w.live == 0 {
		t.works.drop(latest)
		if latest.gone() {
			t.forget(latest)
		}
	}
	return next
}
