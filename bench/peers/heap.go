package main

// heap is a 4-ary heap of instants that knows the place of each job, so that
// any can be removed. A job is an index.
type heap struct {
	entries []entry
	place   []int32 // of each job in entries; -1: in none
}

type entry struct {
	at  int64
	job int32
}

const arity = 4

func (h *heap) push(e entry) {
	for int(e.job) >= len(h.place) {
		h.place = append(h.place, -1)
	}
	h.entries = append(h.entries, e)
	h.up(len(h.entries) - 1)
}

// remove removes the entry at a place.
func (h *heap) remove(at int) {
	last := len(h.entries) - 1
	h.place[h.entries[at].job] = -1
	moved := h.entries[last]
	h.entries = h.entries[:last]
	if at == last {
		return
	}
	h.entries[at] = moved
	h.down(at)
	h.up(int(h.place[moved.job]))
}

// postpone gives the first job another instant.
func (h *heap) postpone(at int64) {
	h.entries[0].at = at
	h.down(0)
}

func (h *heap) up(i int) {
	e := h.entries[i]
	for i > 0 {
		parent := (i - 1) / arity
		if h.entries[parent].at <= e.at {
			break
		}
		h.set(i, h.entries[parent])
		i = parent
	}
	h.set(i, e)
}

func (h *heap) down(i int) {
	e := h.entries[i]
	for {
		first := i*arity + 1
		if first >= len(h.entries) {
			break
		}
		least := first
		for child := first + 1; child < min(first+arity, len(h.entries)); child++ {
			if h.entries[child].at < h.entries[least].at {
				least = child
			}
		}
		if h.entries[least].at >= e.at {
			break
		}
		h.set(i, h.entries[least])
		i = least
	}
	h.set(i, e)
}

func (h *heap) set(i int, e entry) {
	h.entries[i] = e
	h.place[e.job] = int32(i)
}
