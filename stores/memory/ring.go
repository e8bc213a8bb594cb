package memory

import (
	"slices"
	"time"
)

// run is an unfinished run.
type run struct {
	id        int64 // 0: the slot is free
	instance  int64
	r         *record
	holder    *node // nil: nobody, it is to be handed out again
	scheduled time.Time
	first     time.Time
	attempt   int
	older     int64 // the links with the others of its job's ID; 0: none
	newer     int64
	left      int32 // in the first run of an instance: how many of it are unfinished
	over      bool  // finished, and kept as the first of an instance that is not
}

// ring holds the unfinished runs. A run's ID is a number that only ever grows,
// and its slot is the ID modulo the number of slots; IDs whose slot is taken by
// an older run are left out. So a run is found at once, there is nothing to
// allocate for it, and a run that takes long holds one slot.
type ring struct {
	slots []run // a power of two of them, at most half of them taken
	taken int
	last  int64 // ID
}

const (
	minSlots = 64
	maxIdle  = 1 << 16 // slots to keep when there is no run
)

// add returns a slot with a new ID. It is valid until the next add.
func (g *ring) add() *run {
	g.reserve(1)
	g.taken++
	for {
		g.last++
		if slot := g.slot(g.last); slot.id == 0 {
			slot.id = g.last
			return slot
		}
	}
}

// reserve makes room for n more runs. Two IDs that differ modulo the number of
// slots differ modulo its double, so every run finds its new slot free.
func (g *ring) reserve(n int) {
	if 2*(g.taken+n) <= len(g.slots) {
		return
	}
	size := max(minSlots, len(g.slots))
	for size < 2*(g.taken+n) {
		size *= 2
	}
	old := g.slots
	g.slots = make([]run, size)
	for i := range old {
		if old[i].id != 0 {
			*g.slot(old[i].id) = old[i]
		}
	}
}

// find returns the unfinished run of this ID, or nil.
func (g *ring) find(id int64) *run {
	if id <= 0 || id > g.last || len(g.slots) == 0 {
		return nil
	}
	if u := g.slot(id); u.id == id && !u.over {
		return u
	}
	return nil
}

func (g *ring) slot(id int64) *run { return &g.slots[int(id)&(len(g.slots)-1)] }

// end takes out a run, and reports whether it was the last of its instance.
func (g *ring) end(u *run) (last bool) {
	first := g.slot(u.instance)
	first.left--
	last = first.left == 0
	switch {
	case u != first:
		g.free(u)
	case !last:
		u.over = true
	}
	if last {
		g.free(first)
	}
	return last
}

func (g *ring) free(u *run) {
	*u = run{}
	g.taken--
	if g.taken == 0 && len(g.slots) > maxIdle {
		g.slots = nil
	}
}

// unfinished returns the IDs of the runs whose holder is one of those wanted,
// in the order in which they were claimed.
func (g *ring) unfinished(wanted func(*node) bool) []int64 {
	var ids []int64
	for i := range g.slots {
		if u := &g.slots[i]; u.id != 0 && !u.over && wanted(u.holder) {
			ids = append(ids, u.id)
		}
	}
	slices.Sort(ids)
	return ids
}
