package memory

import (
	"cmp"
	"slices"
)

// order keeps the jobs in order of ID once somebody has asked for it, and
// until too much has changed since.
type order struct {
	sorted []*record // nil: not kept
	fresh  []*record // added since, in no order
	stale  int       // dropped since
}

func (o *order) added(r *record) {
	if o.sorted == nil {
		return
	}
	if o.fresh = append(o.fresh, r); len(o.fresh) > len(o.sorted) {
		*o = order{}
	}
}

func (o *order) dropped() {
	if o.sorted == nil {
		return
	}
	if o.stale++; 2*o.stale > len(o.sorted) {
		*o = order{}
	}
}

// behind returns the jobs whose IDs are greater, in order.
func (o *order) behind(id string, jobs *index) []*record {
	switch {
	case o.sorted == nil:
		*o = order{sorted: inOrder(jobs)}
	case len(o.fresh) > 0 || o.stale > 0:
		*o = order{sorted: merge(o.sorted, o.fresh)}
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

func inOrder(jobs *index) []*record {
	sorted := make([]*record, 0, jobs.taken)
	for r := range jobs.all() {
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
