package rows

import "time"

// choresAfter is how often all chores are done, by the scheduler's clock.
const choresAfter = 10 * time.Minute

// Chores say when to remove what is not kept any more.
type Chores struct {
	written int       // records since they were done
	done    time.Time // when that was, or zero
}

// Due counts n more records, and reports whether there is something to do now: the
// history is pruned after this many, and all is looked after now and then.
func (c *Chores) Due(n, every int, now time.Time) (due, all bool) {
	c.written += n
	all = now.Sub(c.done).Abs() >= choresAfter
	if c.written < every && !all {
		return false, false
	}
	c.written, c.done = 0, now
	return true, all
}
