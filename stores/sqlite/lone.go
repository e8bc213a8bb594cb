package sqlite

import (
	"slices"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
)

// lone are the latest claims of which every run was the only unfinished one of
// a job that has ended with the claim, as with jobs that run once. With such a
// run nothing is left that needs the job's settings, which are forgotten then
// without a look whether there are other runs, or the job is there still: that
// would be a tenth of what such a run costs.
type lone []stretch

// stretch is all the runs from a first to a last ID.
type stretch struct {
	first, last int64
	born        int64 // no job of theirs was born later, and all that are put anew are
}

// manyLone is how many claims are remembered.
const manyLone = 16

// keep remembers a claim that has been committed, if it is one of these.
func (l *lone) keep(d *claim.Decision) {
	if len(d.Started) == 0 {
		return
	}
	s := stretch{first: d.Started[0].ID, last: d.Started[len(d.Started)-1].ID}
	for i := range d.Moves {
		m := &d.Moves[i]
		if !m.Ended || m.Runs > 1 || m.Job.Live.Instances > 0 {
			return
		}
		s.born = max(s.born, m.Job.Born)
	}
	if len(*l) == manyLone {
		*l = slices.Delete(*l, 0, 1)
	}
	*l = append(*l, s)
}

// find returns the claim of these runs.
func (l lone) find(done []*stores.Done) (of stretch, ok bool) {
	first, last, _ := stretchOf(done)
	i := slices.IndexFunc(l, func(s stretch) bool { return s.first <= first && last <= s.last })
	if i < 0 {
		return of, false
	}
	return l[i], true
}
