package memory

import (
	"math"
	"strings"
	"time"
)

// heap is the due index: a 4-ary heap of records in the order in which they
// are claimed, by next run time and then by ID. Times after the year 2262
// count as equal.
//
// It is not told when a record's time changes or when it leaves: such slots are
// stale, and are dropped when they come to the top. So a move within the heap
// touches the slots and nothing else.
type heap struct {
	slots  []slot
	common string // what all IDs begin with

	warming []*record // empty: room for warm
	warmth  byte      // means nothing: what is read has to be used
}

type slot struct {
	key  int64  // the time that the record had when it was pushed
	rank uint64 // the eight bytes of the ID that follow the common ones
	r    *record
}

// keyOf returns t in nanoseconds since 1970, or the nearest int64.
func keyOf(t time.Time) int64 { return nanoseconds(t.Unix(), int64(t.Nanosecond())) }

func (r *record) key() int64 { return nanoseconds(r.sec, int64(r.nano)) }

func nanoseconds(sec, nano int64) int64 {
	const limit = math.MaxInt64 / int64(time.Second)
	switch {
	case sec >= limit:
		return math.MaxInt64
	case sec < -limit:
		return math.MinInt64
	}
	return sec*int64(time.Second) + nano
}

func (s *slot) before(o *slot) bool {
	if s.key != o.key {
		return s.key < o.key
	}
	if s.rank != o.rank {
		return s.rank < o.rank
	}
	return s.r.id < o.r.id
}

func (s *slot) stale() bool { return s.r.place != queued || s.key != s.r.key() }

// push costs O(log n), and O(n) a few times, when the IDs turn out to have
// less in common.
func (h *heap) push(r *record) {
	if !strings.HasPrefix(r.id, h.common) || len(h.slots) == 0 {
		h.share(r.id)
	}
	s := slot{r.key(), h.rank(r.id), r}
	h.slots = append(h.slots, s)
	i := len(h.slots) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !s.before(&h.slots[parent]) {
			break
		}
		h.slots[i] = h.slots[parent]
		i = parent
	}
	h.slots[i] = s
}

// share shortens the common beginning to what id has of it.
func (h *heap) share(id string) {
	if len(h.slots) == 0 {
		h.common = id
		return
	}
	n := 0
	for n < min(len(id), len(h.common)) && id[n] == h.common[n] {
		n++
	}
	h.common = h.common[:n]
	for i := range h.slots {
		h.slots[i].rank = h.rank(h.slots[i].r.id)
	}
}

// rank puts the bytes together one by one: eight of them that have just been
// copied cannot be read at once before they, and all that was written before
// them, have gone to the cache.
func (h *heap) rank(id string) (rank uint64) {
	next := id[len(h.common):]
	for i := range min(8, len(next)) {
		rank |= uint64(next[i]) << (56 - 8*i)
	}
	return rank
}

// top returns the first record, nil if there is none.
func (h *heap) top() *record {
	for len(h.slots) > 0 {
		if s := &h.slots[0]; !s.stale() {
			return s.r
		}
		h.pop()
	}
	return nil
}

// pop drops the top.
func (h *heap) pop() {
	last := len(h.slots) - 1
	s := h.slots[last]
	h.slots[last] = slot{}
	h.slots = h.slots[:last]
	if last > 0 {
		h.sink(0, s)
	}
}

// renew gives the top the time that its record has now, a later one.
func (h *heap) renew() {
	s := h.slots[0]
	s.key = s.r.key()
	h.sink(0, s)
}

// sink puts s into the subtree below i, in the place of i or deeper.
func (h *heap) sink(i int, s slot) {
	slots := h.slots
	for {
		first := 4*i + 1
		if first >= len(slots) {
			break
		}
		least := first
		for child := first + 1; child < min(first+4, len(slots)); child++ {
			if slots[child].before(&slots[least]) {
				least = child
			}
		}
		if s.before(&slots[least]) {
			break
		}
		slots[i] = slots[least]
		i = least
	}
	slots[i] = s
}

// sweep drops all stale slots, in O(n), and all but one of a record that was
// taken out and put back at the same time.
func (h *heap) sweep() {
	kept := h.slots[:0]
	for _, s := range h.slots {
		if !s.stale() {
			s.r.place = paused // which makes another slot of it stale
			kept = append(kept, s)
		}
	}
	for i := range kept {
		kept[i].r.place = queued
	}
	clear(h.slots[len(kept):])
	h.slots = kept
	for i := (len(kept)+2)/4 - 1; i >= 0; i-- {
		h.sink(i, kept[i])
	}
}

// dueFrom adds the records of the slots up to key in the subtree below i, until
// there are limit of them.
func (h *heap) dueFrom(i int, key int64, limit int, due []*record) []*record {
	if len(due) >= limit || i >= len(h.slots) || h.slots[i].key > key {
		return due
	}
	due = append(due, h.slots[i].r)
	for child := 4*i + 1; child <= 4*i+4; child++ {
		due = h.dueFrom(child, key, limit, due)
	}
	return due
}

// earliest returns the first of the records that fit, nil if there is none. It
// is O(1) if all fit.
func (h *heap) earliest(fit func(*record) bool) *record {
	var best *slot
	var search func(i int)
	search = func(i int) {
		if i >= len(h.slots) || best != nil && best.before(&h.slots[i]) {
			return
		}
		if s := &h.slots[i]; !s.stale() && fit(s.r) {
			best = s
			return
		}
		for child := 4*i + 1; child <= 4*i+4; child++ {
			search(child)
		}
	}
	if search(0); best == nil {
		return nil
	}
	return best.r
}
