package memory

// heap is a 4-ary heap of slots.
type heap []slot

func (h *heap) push(s slot) {
	*h = append(*h, s)
	slots := *h
	i := len(slots) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !s.before(&slots[parent]) {
			break
		}
		slots[i] = slots[parent]
		i = parent
	}
	slots[i] = s
}

// pop drops the top.
func (h *heap) pop() {
	slots := *h
	last := len(slots) - 1
	s := slots[last]
	slots[last] = slot{}
	*h = slots[:last]
	if last > 0 {
		h.sink(0, s)
	}
}

// sink puts s into the subtree below i, in the place of i or deeper.
func (h *heap) sink(i int, s slot) {
	slots := *h
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

// filter drops the slots that are not to be kept, in O(n).
func (h *heap) filter(keep func(*slot) bool) {
	kept := (*h)[:0]
	for _, s := range *h {
		if keep(&s) {
			kept = append(kept, s)
		}
	}
	clear((*h)[len(kept):])
	*h = kept
	for i := (len(kept)+2)/4 - 1; i >= 0; i-- {
		h.sink(i, kept[i])
	}
}

// dueFrom adds the records of the slots up to key in the subtree below i, until
// there are limit of them.
func (h heap) dueFrom(i int, key int64, limit int, due []*record) []*record {
	if len(due) >= limit || i >= len(h) || h[i].key > key {
		return due
	}
	due = append(due, h[i].r)
	for child := 4*i + 1; child <= 4*i+4; child++ {
		due = h.dueFrom(child, key, limit, due)
	}
	return due
}

// earliest returns the first of the slots that fit, nil if there is none. It is
// O(1) if all fit.
func (h heap) earliest(fit func(*slot) bool) *slot {
	var best *slot
	var search func(i int)
	search = func(i int) {
		if i >= len(h) || best != nil && best.before(&h[i]) {
			return
		}
		if s := &h[i]; fit(s) {
			best = s
			return
		}
		for child := 4*i + 1; child <= 4*i+4; child++ {
			search(child)
		}
	}
	search(0)
	return best
}
