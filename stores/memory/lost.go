package memory

import (
	"slices"

	"github.com/carillon-go/carillon/job"
)

// bury ends the runs of nodes that have died, as their jobs' Delivery demands:
// they are lost, or orphans to be taken over.
func (c *claiming) bury() {
	dead := c.leases.bury(c.elapsed())
	if len(dead) == 0 {
		return
	}
	for _, id := range c.runs.unfinished(func(n *node) bool { return slices.Contains(dead, n) }) {
		u := c.runs.find(id)
		if u.r.profile.delivery == job.AtLeastOnce {
			c.orphans = append(c.orphans, id)
			continue
		}
		c.Lost = append(c.Lost, u.told(c.alias))
		c.end(u)
	}
	slices.Sort(c.orphans)
}

// takeOver makes the orphans that this process can run its own, as far as
// Limit allows.
func (c *claiming) takeOver() {
	var instance int64
	c.orphans = slices.DeleteFunc(c.orphans, func(id int64) bool {
		u := c.runs.find(id)
		switch {
		case !c.fits(u.r):
			return false
		case len(c.Runs) >= c.Limit && u.instance != instance:
			c.More = true
			return false
		}
		instance = u.instance
		u.holder = c.node
		u.attempt++
		c.Runs = append(c.Runs, u.told(c.alias))
		return true
	})
}
