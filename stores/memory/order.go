package memory

import (
	"cmp"
	"slices"
)

// order keeps the jobs in order of ID once somebody has asked for it, and
// until too much has changed since.
type order struct {
	sorted  []*record // nil: not kept
	fresh   []*record // added since, in no order
	stale   int       // dropped since
	records *slabs
}

func (o *order) added(r *record) {
	if o.sorted == nil {
		return
	}
	r.named++
	if o.fresh = append(o.fresh, r); len(o.fresh) > len(o.sorted) {
		o.become(nil)
	}
}

func (o *order) dropped() {
	if o.sorted == nil {
		return
	}
	if o.stale++; 2*o.stale > len(o.sorted) {
		o.become(nil)
	}
}

// become replaces the order by another one, which may be none.
func (o *order) become(sorted []*record) {
	for _, r := range sorted {
		r.named++
	}
	for _, r := range o.sorted {
		o.records.unname(r)
	}
	for _, r := range o.fresh {
		o.records.unname(r)
	}
	*o = order{sorted: sorted, records: o.records}
}

// behind returns the jobs whose IDs are greater, in order.
func (o *order) behind(id string, count int) []*record {
	switch {
	case o.sorted == nil:
		o.become(o.all(count))
	case len(o.fresh) > 0 || o.stale > 0:
		o.become(merge(o.sorted, o.fresh))
	}
	if id == "" {
		return o.sorted
	}
	i, found := slices.BinarySearchFunc(o.sorted, id, func(r *record, id string) int { return cmp.Compare(r.id, id) })
	if found {
		i++
	}
	return o.sorted[i:]
}

func (o *order) all(count int) []*record {
	sorted := make([]*record, 0, count)
	for r := range o.records.all() {
		if !r.gone() {
			sorted = append(sorted, r)
		}
	}
	slices.SortFunc(sorted, byID)
	return sorted
}

// merge returns the jobs of both, without those that are gone.
func merge(sorted, fresh []*record) []*record {
	slices.SortFunc(fresh, byID)
	merged := make([]*record, 0, len(sorted)+len(fresh))
	for len(sorted) > 0 || len(fresh) > 0 {
		from := &sorted
		if len(sorted) == 0 || len(fresh) > 0 && fresh[0].id < sorted[0].id {
			from = &fresh
		}
		r := (*from)[0]
		*from = (*from)[1:]
		again := len(merged) > 0 && merged[len(merged)-1] == r // dropped, revived and so in both
		if !r.gone() && !again {
			merged = append(merged, r)
		}
	}
	return merged
}

func byID(a, b *record) int { return cmp.Compare(a.id, b.id) }
