package memory

import (
	"math"
	"strings"
)

// due is the due index: records in the order in which they are claimed, by next
// run time and then by ID. Times after the year 2262 count as equal. What comes
// next is in a heap that is small as a rule, what comes later is far.
//
// It is not told when a record's time changes or when it leaves: such slots are
// stale, and are dropped when they come to the top. So a move within the index
// touches the slots and nothing else.
type due struct {
	near   heap // all that is not behind far's edge
	far    far
	pushed int    // slots that were pushed straight into the heap
	common string // what all IDs begin with

	warming []*record // empty: room for warm
	warmth  byte      // means nothing: what is read has to be used
}

// few is how many slots are moved into the heap at a time. A heap of so many is
// close to the processor.
const few = 256

func (d *due) len() int { return len(d.near) + d.far.count }

// push costs O(1) as a rule, and O(n) a few times, when the IDs turn out to have
// less in common.
func (d *due) push(r *record) {
	if !strings.HasPrefix(r.id, d.common) || d.len() == 0 {
		d.share(r.id)
	}
	d.add(&slot{r.key(), d.rank(r.id), r})
	if len(d.near) > 4*few && d.pushed > d.len()/2 {
		d.rebuild()
	}
}

func (d *due) add(s *slot) {
	if !d.far.put(s) {
		d.near.push(*s)
		d.pushed++
	}
}

// share shortens the common beginning to what id has of it.
func (d *due) share(id string) {
	if d.len() == 0 {
		d.common = id
		d.far.edge = slot{key: math.MinInt64}
		return
	}
	n := 0
	for n < min(len(id), len(d.common)) && id[n] == d.common[n] {
		n++
	}
	d.common = d.common[:n]
	d.rebuild()
}

// rebuild moves the edge back, and ranks all slots anew.
func (d *due) rebuild() {
	old := *d
	d.near, d.far, d.pushed = nil, far{edge: slot{key: math.MinInt64}}, 0
	add := func(s *slot) {
		s.rank = d.rank(s.r.id)
		d.add(s)
	}
	for i := range old.near {
		add(&old.near[i])
	}
	old.far.lists(func(_ int, _ byte, list *chunk) bool {
		d.far.drain(list, add)
		return true
	})
}

// rank puts the bytes together one by one: eight of them that have just been
// copied cannot be read at once before they, and all that was written before
// them, have gone to the cache.
func (d *due) rank(id string) (rank uint64) {
	next := id[len(d.common):]
	for i := range min(8, len(next)) {
		rank |= uint64(next[i]) << (56 - 8*i)
	}
	return rank
}

// top returns the first record, nil if there is none.
func (d *due) top() *record {
	for d.len() > 0 {
		if len(d.near) == 0 {
			d.bring()
			continue
		}
		if s := &d.near[0]; !s.stale() {
			return s.r
		}
		d.pop()
	}
	return nil
}

func (d *due) bring() { d.far.bring(few, func(s *slot) { d.near.push(*s) }) }

// pop drops the top.
func (d *due) pop() { d.near.pop() }

// renew gives the top the time that its record has now, a later one.
func (d *due) renew() {
	s := d.near[0]
	s.key = s.r.key()
	if d.far.put(&s) {
		d.near.pop()
	} else {
		d.near.sink(0, s)
	}
}

// sweep drops all stale slots, in O(n), and all but one of a record that was
// taken out and put back at the same time.
func (d *due) sweep() {
	var kept []*record
	keep := func(s *slot) bool {
		if s.stale() {
			return false
		}
		s.r.place = paused // which makes another slot of it stale
		kept = append(kept, s.r)
		return true
	}
	d.near.filter(keep)
	d.far.lists(func(l int, bucket byte, _ *chunk) bool {
		d.far.drain(d.far.take(l, bucket), func(s *slot) {
			if keep(s) {
				d.far.add(l, bucket, s)
			}
		})
		return true
	})
	for _, r := range kept {
		r.place = queued
	}
}

// earliest returns the first of the records that fit, nil if there is none. It
// is O(1) if all fit.
func (d *due) earliest(fit func(*record) bool) *record {
	d.top()
	fits := func(s *slot) bool { return !s.stale() && fit(s.r) }
	best := d.near.earliest(fits)
	if best == nil {
		d.far.lists(func(_ int, _ byte, list *chunk) bool {
			for c := list; c != nil; c = c.next {
				for i := range c.slots[:c.n] {
					if s := &c.slots[i]; fits(s) && (best == nil || s.before(best)) {
						best = s
					}
				}
			}
			return best == nil
		})
	}
	if best == nil {
		return nil
	}
	return best.r
}
