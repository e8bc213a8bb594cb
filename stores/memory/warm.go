package memory

import "unsafe"

// Memory is slow. To plan one of many jobs and to run it takes less time than to
// wait for its record, then for its trigger, then for its function. A loop that
// does nothing but read them waits for many at a time, and leaves them close to
// the processor. That is an eighth of what a run costs with 100,000 jobs.

// warm reads what is needed to claim the jobs that are due up to key, and returns
// how many they are, but no more than limit. Stale slots count.
func (d *due) warm(key int64, limit int) int {
	for d.near.len() < limit && d.far.count > 0 && d.far.edge.key <= key {
		d.near.bring(&d.far)
	}
	due := d.warming
	for _, s := range d.near.all() {
		if len(due) >= limit || s.key > key {
			break
		}
		due = append(due, d.of(&s))
	}
	for _, r := range due {
		d.warmth += byte(r.place)
	}
	for _, r := range due {
		d.warmth += touch(r.trigger) + touch(r.call)
	}
	n := len(due)
	clear(due)
	d.warming = due[:0]
	return n
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
