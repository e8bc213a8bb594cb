package redis

import (
	"time"
)

// request makes the arguments of the claim script; claim.lua says which.
func (c *claiming) request() []any {
	n := &c.notebook
	room, page := c.room, min(c.page, maxPage)
	if c.backward > maxBackward {
		room = 0
	}
	args := make([]any, 0, 32+12*len(c.steps))
	args = append(args, c.Node, c.Seq, c.token, c.round, c.deal, stamp(c.Now), room, page, n.mark)

	args = append(args, len(n.fit))
	for _, class := range n.fit {
		args = append(args, class)
	}
	args = append(args, len(n.strange))
	for _, s := range n.strange {
		args = append(args, s.class, s.after)
	}
	args = append(args, len(n.shelf)+len(c.again))
	for id, version := range n.shelf {
		args = append(args, id, version)
	}
	for _, id := range c.again {
		args = append(args, id, "*")
	}
	args = append(args, len(c.parked)-c.noted)
	for _, p := range c.parked[c.noted:] {
		args = append(args, p.id, p.next, p.reason)
	}
	args = append(args, len(c.steps))
	for _, s := range c.steps {
		args = append(args, s.id, s.row.mark, s.live, s.becomes(), stamp(s.Next), stamp(s.firstTime()), s.spec.MaxInstances())
		args = appendTimes(args, s.Runs)
		args = appendTimes(args, s.Skipped)
	}
	return args
}

// becomes says what becomes of the job, in the script's words.
func (s *step) becomes() string {
	switch {
	case s.Ended:
		return "ended"
	case s.Wait:
		return "waits"
	}
	return "goes on"
}

// firstTime returns the first time that the first run stands for or, if there
// is none, the first skipped time.
func (s *step) firstTime() time.Time {
	switch {
	case len(s.Runs) == 0 && len(s.Skipped) > 0:
		return s.SkippedSince(0)
	case s.First.IsZero() && len(s.Runs) > 0:
		return s.Runs[0]
	}
	return s.First
}

func appendTimes(args []any, times []time.Time) []any {
	args = append(args, len(times))
	for _, t := range times {
		args = append(args, stamp(t))
	}
	return args
}
