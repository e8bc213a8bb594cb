package claim

import (
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// CarryOut carries out a claim that has just begun. Errors are
// [job.ErrLeaseExpired], and those of the Server.
func (m *Memory) CarryOut(d *Decision, on Server) (*stores.Claimed, error) {
	if err := d.look(on, true); err != nil {
		return nil, err
	}
	if !d.Entry.Alive {
		return nil, job.ErrLeaseExpired
	}
	if m.Repeats(d.Claim) || d.Seq != 0 && d.Entry.Answered == d.Seq {
		return m.repeat(d, on)
	}
	if d.Entry.Dead || d.Entry.Free {
		if err := on.Relieve(); err != nil {
			return nil, err
		}
		if err := d.look(on, false); err != nil { // what is due has changed by that
			return nil, err
		}
	}
	if err := d.planPages(on); err != nil {
		return nil, err
	}
	if err := d.numberFrom(on); err != nil {
		return nil, err
	}
	m.doubt = d
	missed, err := on.Write()
	if err != nil {
		return nil, err
	}
	m.doubt = nil
	d.Claimed.Next = d.next(missed)
	m.Keep(d)
	return d.Claimed, nil
}

// repeat answers a claim that was carried out before.
func (m *Memory) repeat(d *Decision, on Server) (*stores.Claimed, error) {
	held, err := on.Held()
	if err != nil {
		return nil, err
	}
	if o := m.doubt; o != nil && o.Node == d.Node && o.Seq == d.Seq {
		m.Keep(o) // it was committed, though the answer was lost
	}
	m.doubt = nil
	return m.Again(d.Claim, d.alias, held), nil
}

// look reads the next page.
func (d *Decision) look(on Server, first bool) error {
	d.Page = Page{Behind: d.Page.Behind, Size: max(1, d.Wants())}
	return on.Look(first)
}

// planPages plans due jobs until Limit is reached, or there are no more.
func (d *Decision) planPages(on Server) error {
	for {
		if err := on.Load(); err != nil {
			return err
		}
		full := d.Page.Full()
		if full {
			d.Page.Behind = d.Page.Jobs[len(d.Page.Jobs)-1]
		}
		d.met += len(d.Page.Jobs)
		candidates := slices.DeleteFunc(d.Page.Jobs, func(j Job) bool { return !d.Admits(&j) })
		if planned := d.Plan(candidates); planned < len(candidates) {
			d.left = candidates[planned].Next
		}
		switch {
		case d.Claimed.More:
			return nil
		case !full:
			d.Meet(d.Page.Strangers)
			return nil
		}
		if err := d.look(on, false); err != nil {
			return err
		}
	}
}

// blockBits says how many IDs of runs are in a block.
const blockBits = 12

// numberFrom gives the new runs IDs from as many blocks as are needed.
func (d *Decision) numberFrom(on Server) error {
	n := d.Unnumbered()
	if n == 0 {
		return nil
	}
	var block int64
	ids := make([]int64, n)
	for i := range ids {
		at := i & (1<<blockBits - 1)
		if at == 0 {
			var err error
			if block, err = on.Block(); err != nil {
				return err
			}
		}
		ids[i] = block<<blockBits + int64(at)
	}
	d.Number(ids)
	return nil
}

// StillDue returns how many of the jobs on the pages are due after this claim.
// If there are more, somebody else has locked them.
func (d *Decision) StillDue() int {
	n := d.met - len(d.Moves)
	for i := range d.Moves {
		if m := &d.Moves[i]; m.wakes() && !m.Next.After(d.Now) {
			n++
		}
	}
	return n
}

// patience is how long a claim waits for what another one has locked, before it
// looks again.
const patience = 20 * time.Millisecond

// next says when to claim again.
func (d *Decision) next(missed bool) time.Time {
	next := rows.Earlier(d.left, d.Page.Ahead)
	if missed {
		next = rows.Earlier(next, d.Now.Add(patience))
	}
	for i := range d.Moves {
		if m := &d.Moves[i]; m.wakes() {
			next = rows.Earlier(next, m.Next)
		}
	}
	return next
}
