package memory

import (
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// answer is what a node was told by its latest claim, in case it has not heard
// it. It shares no memory with what was told.
type answer struct {
	seq  uint64 // 0: no claim yet
	runs []int64
	rest stores.Claimed // without Runs
}

func (a *answer) keep(seq uint64, told *stores.Claimed) {
	a.seq, a.runs = seq, a.runs[:0]
	for i := range told.Runs {
		a.runs = append(a.runs, told.Runs[i].ID)
	}
	a.rest = unshared(told, a.rest.Ended[:0])
}

func (a *answer) repeats(seq uint64) bool { return seq != 0 && seq == a.seq }

// retell makes the answer once more.
func (s *session) retell(n *node) *stores.Claimed {
	c := unshared(&n.last.rest, nil)
	c.Runs = make([]job.Run, 0, len(n.last.runs))
	for _, id := range n.last.runs {
		if u := s.runs.find(id); u != nil && u.holder == n {
			c.Runs = append(c.Runs, u.told(s.alias))
		}
	}
	return &c
}

// unshared copies everything but the runs. The ended jobs, which may be as many
// as the runs, are put where there is room for them.
func unshared(c *stores.Claimed, ended []string) stores.Claimed {
	skipped := slices.Clone(c.Skipped)
	for i := range skipped {
		skipped[i].Times = slices.Clone(skipped[i].Times)
	}
	return stores.Claimed{
		Lost:    slices.Clone(c.Lost),
		Skipped: skipped,
		Ended:   append(ended, c.Ended...),
		Parked:  slices.Clone(c.Parked),
		Next:    c.Next,
		More:    c.More,
	}
}
