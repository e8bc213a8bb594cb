package claim

import (
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// Memory is what a process remembers of its claims of one store. The zero
// Memory has none behind it.
type Memory struct {
	known *stores.Known // of the last claim
	told  Told          // while that was known
	stuck int           // jobs that were in the way
	round round

	node string // who made the last claim
	seq  uint64 // of that
	last stores.Claimed

	doubt *Decision // that of a claim whose commit was not confirmed
}

// Repeats reports whether c is the claim that was kept last. An engine has to
// look into its database too: the last claim may have been made before the
// store was opened.
func (m *Memory) Repeats(c *stores.Claim) bool {
	return c.Seq != 0 && c.Seq == m.seq && c.Node == m.node
}

// Again is the answer to a claim that is repeated, with its runs that are still
// unfinished, in order of ID. The rest is what is remembered of it. The claimer
// knows the store by this alias.
func (m *Memory) Again(c *stores.Claim, alias string, runs []Run) *stores.Claimed {
	again := &stores.Claimed{}
	if m.Repeats(c) {
		*again = unshared(&m.last)
	}
	again.Runs = make([]job.Run, len(runs))
	for i := range runs {
		again.Runs[i] = runs[i].Told(runs[i].Spec, alias)
	}
	return again
}

// Begin begins the decision about a claim that is no repetition. The claimer
// knows the store by this alias.
func (m *Memory) Begin(c *stores.Claim, alias string) *Decision {
	d := &Decision{Claim: c, Claimed: &stores.Claimed{}, alias: alias, before: &Told{}, parked: map[string]Verdict{}}
	if c.Known == m.known {
		d.before, d.expected, d.round = &m.told, m.stuck, m.round
	}
	return d
}

// Keep remembers a claim that has been carried out.
func (m *Memory) Keep(d *Decision) {
	if d.Known != m.known {
		m.told, m.stuck = Told{}, 0
	}
	for id, v := range d.parked {
		m.told.Meet(id, v)
	}
	if m.round = d.round; d.allMet {
		m.told.Passed()
	}
	if m.stuck = max(m.stuck, d.stuck); d.complete {
		m.stuck = d.stuck
	}
	m.known, m.node, m.seq = d.Known, d.Node, d.Seq
	m.last = unshared(d.Claimed)
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
