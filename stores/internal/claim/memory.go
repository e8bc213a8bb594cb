package claim

import (
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Memory is what a process remembers of its claims of one store. The zero
// Memory has none behind it.
type Memory struct {
	known  *stores.Known    // of the last claim
	parked map[string]int64 // the Versions at which jobs were parked, by ID

	node string // who made the last claim
	seq  uint64 // of that
	told stores.Claimed
}

// Repeats reports whether c is the claim that was kept last. An engine has to
// look into its database too: the last claim may have been made before the
// store was opened.
func (m *Memory) Repeats(c *stores.Claim) bool {
	return c.Seq != 0 && c.Seq == m.seq && c.Node == m.node
}

// Again is the answer to a claim that is repeated, with its runs that are still
// unfinished, in order of ID. The rest is what is remembered of it.
func (m *Memory) Again(c *stores.Claim, runs []job.Run) *stores.Claimed {
	again := &stores.Claimed{}
	if m.Repeats(c) {
		*again = unshared(&m.told)
	}
	again.Runs = runs
	return again
}

// Begin begins the decision about a claim that is no repetition. The claimer
// knows the store by this alias.
func (m *Memory) Begin(c *stores.Claim, alias string) *Decision {
	d := &Decision{Claim: c, Claimed: &stores.Claimed{}, alias: alias, parked: map[string]int64{}}
	if c.Known == m.known {
		d.before = m.parked
	}
	return d
}

// Keep remembers a claim that has been carried out.
func (m *Memory) Keep(d *Decision) {
	switch {
	case d.Known != m.known || d.complete:
		m.parked = d.parked
	case m.parked == nil:
		m.parked = d.parked
	default:
		for id, version := range d.parked {
			m.parked[id] = version
		}
	}
	m.known, m.node, m.seq = d.Known, d.Node, d.Seq
	m.told = unshared(d.Claimed)
}

// unshared copies everything but the runs.
func unshared(c *stores.Claimed) stores.Claimed {
	skipped := slices.Clone(c.Skipped)
	for i := range skipped {
		skipped[i].Times = slices.Clone(skipped[i].Times)
	}
	return stores.Claimed{
		Lost:    slices.Clone(c.Lost),
		Skipped: skipped,
		Ended:   slices.Clone(c.Ended),
		Parked:  slices.Clone(c.Parked),
		Next:    c.Next,
		More:    c.More,
	}
}
