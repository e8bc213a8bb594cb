package memory

import (
	"slices"

	"github.com/carillon-go/carillon/job"
)

// lostReason is the Reason of the records of lost runs.
const lostReason = "its scheduler has died; whether it was executed is unknown"

// bury deals with the runs of nodes that have died: they are lost, or are held
// by nobody.
func (c *claiming) bury() {
	dead := c.leases.bury(c.elapsed)
	if len(dead) == 0 {
		return
	}
	for _, id := range c.runs.unfinished(func(n *node) bool { return slices.Contains(dead, n) }) {
		u := c.runs.find(id)
		if u.r.profile.delivery == job.AtLeastOnce && u.r.place != deleted {
			c.free(u)
			continue
		}
		c.Lost = append(c.Lost, u.told(c.alias))
		lost := u.record(u.holder.name, job.Lost)
		lost.Reason = lostReason
		c.record(&lost)
		c.end(u)
	}
}

// free has a run held by nobody.
func (m *Store) free(u *run) {
	u.holder = nil
	m.orphans = append(m.orphans, u.id)
}

// takeOver makes the orphans that this process can run its own, as far as
// Limit allows.
func (c *claiming) takeOver() {
	slices.Sort(c.orphans)
	var instance int64
	c.orphans = slices.DeleteFunc(c.orphans, func(id int64) bool {
		u := c.runs.find(id)
		switch {
		case u == nil: // its job was deleted
			return true
		case !c.fits(u.r):
			return false
		case len(c.Runs) >= c.Limit && u.instance != instance:
			c.More = true
			return false
		}
		instance = u.instance
		u.holder = c.node
		u.attempt++
		c.hand(u)
		return true
	})
}
