package memory

import (
	"cmp"
	"slices"
	"unsafe"

	"github.com/carillon-go/carillon/stores"
)

// Memory is slow. To plan one of many jobs and to run it takes less time than to
// wait for its record, then for its trigger, then for its function. A loop that
// does nothing but read them waits for many at a time, and leaves them close to
// the processor: a group of them, so that none has gone again when it is needed.
// With jobs that lie in no order, the groups alone save a seventh of what a run costs.

// group is how many jobs, or runs, are read at a time.
const group = 128

// ready returns how many jobs are due up to key, but no more than limit. Stale
// slots count.
func (d *due) ready(key int64, limit int) int {
	for d.near.len() < limit && d.far.count > 0 && d.far.edge.key <= key {
		d.near.bring(&d.far)
	}
	n, _ := slices.BinarySearchFunc(d.near.all(), key+1, func(s slot, key int64) int { return cmp.Compare(s.key, key) })
	return min(n, limit)
}

// warm reads what is needed to claim the next group of n jobs.
func (d *due) warm(n int) {
	next := d.near.all()
	next = next[:max(0, min(group, n, len(next)))]
	for i := range next {
		d.warmth += d.of(&next[i]).warm()
	}
	for i := range next {
		r := d.of(&next[i])
		d.warmth += touch(r.trigger) + touch(r.call)
	}
}

// warm reads the records of the next group of runs that have ended.
func (s *session) warm(done []stores.Done) {
	for i := range done[:min(group, len(done))] {
		if u := s.runs.find(done[i].RunID); u != nil {
			s.warmth += u.r.warm()
		}
	}
}

// touch reads the first byte of what an interface holds: there always is one,
// though it may mean nothing. A trigger of the program's own may be changing it
// at this moment, under a lock of its own. That is no business of the race
// detector's, since nothing follows from the byte.
//
//go:norace
func touch(v any) byte {
	data := (*[2]*byte)(unsafe.Pointer(&v))[1]
	if data == nil {
		return 0
	}
	return *data
}

// warm reads the beginning and the end of r, which lie in two lines of the cache.
func (r *record) warm() byte { return byte(len(r.id)) + byte(r.named) }
