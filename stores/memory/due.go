package memory

import (
	"math"
	"slices"
	"strings"
)

// due is the due index: records in the order in which they are claimed, by next
// run time and then by ID. What comes next is near and in order, what comes later
// is far.
//
// It is not told when a record's time changes or when it leaves: such slots are
// stale, and are dropped when they come to the top. So a move within the index
// touches the slots and nothing else.
type due struct {
	near   near // all that is not behind far's edge
	far    far
	pushed int    // slots that were pushed straight into near
	common string // what all IDs begin with

	warmth byte // means nothing: what is read has to be used
}

func newDue(records *slabs) due { return due{near: near{records: records}} }

func (d *due) len() int { return d.near.len() + d.far.count }

func (d *due) of(s *slot) *record { return d.near.records.of(s.ref) }

func (d *due) stale(s *slot) bool {
	r := d.of(s)
	return r.place != queued || s.key != r.micro
}

// drop is told of a slot that is not there any more.
func (d *due) drop(s *slot) { d.near.records.unname(d.of(s)) }

// push costs O(1) as a rule, and O(n) a few times, when the IDs turn out to have
// less in common.
func (d *due) push(r *record) {
	if !strings.HasPrefix(r.id, d.common) || d.len() == 0 {
		d.share(r.id)
	}
	r.named++
	d.add(&slot{r.micro, d.rank(r.id), r.ref})
	if d.near.len() > 4*few && d.pushed > d.len()/2 {
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
	d.near, d.far, d.pushed = near{records: old.near.records}, far{edge: slot{key: math.MinInt64}}, 0
	add := func(s *slot) {
		s.rank = d.rank(d.of(s).id)
		d.add(s)
	}
	for _, s := range old.near.all() {
		add(&s)
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
		if d.near.len() == 0 {
			d.near.bring(&d.far)
			continue
		}
		s := d.near.all()[0]
		if !d.stale(&s) {
			return d.of(&s)
		}
		d.near.pop()
		d.drop(&s)
	}
	return nil
}

// lift drops the top, which is r.
func (d *due) lift(r *record) {
	d.near.pop()
	r.named--
}

// renew gives the top, which is r, the time that r has now, a later one.
func (d *due) renew(r *record) {
	s := d.near.all()[0]
	s.key = r.micro
	d.near.pop()
	if !d.far.put(&s) {
		d.near.push(s)
	}
}

// sweep drops all stale slots, in O(n), and all but one of a record that was
// taken out and put back at the same time.
func (d *due) sweep() {
	var kept []*record
	keep := func(s *slot) bool {
		if d.stale(s) {
			d.drop(s)
			return false
		}
		r := d.of(s)
		r.place = paused // which makes another slot of it stale
		kept = append(kept, r)
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
	fits := func(s *slot) bool { return !d.stale(s) && fit(d.of(s)) }
	var best *slot
	if i := slices.IndexFunc(d.near.all(), func(s slot) bool { return fits(&s) }); i >= 0 {
		best = &d.near.all()[i]
	} else {
		d.far.lists(func(_ int, _ byte, list *chunk) bool {
			for c := list; c != nil; c = c.next {
				for i := range c.slots[:c.n] {
					if s := &c.slots[i]; fits(s) && (best == nil || d.near.compare(*s, *best) < 0) {
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
	return d.of(best)
}
