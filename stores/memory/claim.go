package memory

import (
	"context"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// ClaimDue costs O(1) for each due job, amortized, one allocation for all of
// them, and what Finish costs for each run of Done.
func (s *session) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	claimed, released, err := s.finishAndClaim(ctx, claim)
	if released {
		s.tell()
	}
	return claimed, err
}

func (s *session) finishAndClaim(ctx context.Context, claim *stores.Claim) (claimed *stores.Claimed, released bool, err error) {
	if err := s.lock(ctx, "claim"); err != nil {
		return nil, false, err
	}
	defer s.mu.Unlock()
	n := s.holder(claim.Node)
	if n == nil {
		return nil, false, s.refuse("claim", "", job.ErrLeaseExpired)
	}
	var finished *stores.Finished
	if len(claim.Done) > 0 {
		finished = new(stores.Finished)
		*finished, released = s.conclude(n, claim.Done)
	}
	if n.last.repeats(claim.Seq) {
		claimed = s.retell(n)
	} else {
		claimed = s.claim(n, claim)
	}
	claimed.Finished = finished
	return claimed, released, nil
}

func (s *session) claim(n *node, claim *stores.Claim) *stores.Claimed {
	c := &claiming{session: s, Claim: claim, Claimed: &stores.Claimed{}, node: n}
	defer func() { n.last.keep(claim.Seq, c.Claimed) }() // also if Plan ends the goroutine
	c.bury()
	c.takeOver()
	c.review()
	c.plan()
	c.wakeUp()
	return c.Claimed
}

// claiming is one ClaimDue.
type claiming struct {
	*session
	*stores.Claim
	*stores.Claimed
	node  *node
	again []*record // planned, and due still
}

// fits says whether the claiming process can run r.
func (c *claiming) fits(r *record) bool { return r.profile.unfit(c.Known) == "" }

// review looks at the jobs that were parked since this session's last claim,
// or at all if it knows other names now; then what Plan has said is forgotten.
func (c *claiming) review() {
	afresh := !c.judged || c.Known != c.known
	if afresh {
		c.seen, c.told = 0, nil
	}
	c.judged, c.known = true, c.Known
	lot := &c.jobs.lot
	for ; c.seen < len(lot.spots); c.seen++ {
		p := &lot.spots[c.seen]
		if p.r == nil {
			continue
		}
		if afresh {
			p.reason = ""
		}
		if unfit := p.r.profile.unfit(c.Known); unfit != "" {
			c.report(p.r, unfit)
		} else if p.reason != "" {
			c.report(p.r, p.reason)
		} else {
			c.jobs.enqueue(p.r)
		}
	}
	lot.tidy(c.sessions)
}

// plan takes the due jobs one by one.
func (c *claiming) plan() {
	due := &c.jobs.due
	n := due.ready(c.Now.UnixMicro(), max(0, c.Limit-len(c.Runs)))
	c.Runs = slices.Grow(c.Runs, n)
	c.runs.reserve(n)
	defer func() {
		for _, r := range c.again {
			c.jobs.enqueue(r)
		}
	}()
	for i := 0; ; i++ {
		if i%group == 0 {
			due.warm(n - i)
		}
		r := due.top()
		if r == nil || r.next().After(c.Now) {
			break
		}
		if reason := r.profile.unfit(c.Known); reason != "" {
			c.park(r, "", reason)
			continue
		}
		if len(c.Runs) >= c.Limit {
			c.More = true
			break
		}
		r.job(&c.job, c.alias)
		c.step = stores.Step{Runs: c.step.Runs[:0], Skipped: c.step.Skipped[:0]}
		c.Plan(&c.job, c.jobs.works.live(r), &c.step)
		if c.step.Park != "" {
			c.park(r, c.step.Park, c.step.Park)
			continue
		}
		c.take(r, &c.step)
	}
}

// park moves a due job to the lot. planned is the reason if Plan has given it.
func (c *claiming) park(r *record, planned, reason string) {
	c.jobs.lift(r)
	c.jobs.lot.park(r, planned)
	c.seen = len(c.jobs.lot.spots)
	c.report(r, reason)
}

// report tells of a parked job, unless it was told of for the same reason since
// it was put.
func (c *claiming) report(r *record, reason string) {
	if c.told[r] == reason {
		return
	}
	if c.told == nil {
		c.told = map[*record]string{}
	}
	c.told[r] = reason
	c.Parked = append(c.Parked, stores.Parked{JobID: r.id, Reason: reason})
	c.record(&job.Record{JobID: r.id, Outcome: job.Parked, Scheduled: r.next(), First: r.next(), Node: c.Node, Reason: reason})
}

// take does what Plan has said about a due job.
func (c *claiming) take(r *record, step *stores.Step) {
	if len(step.Runs) > 0 {
		c.start(r, step)
	}
	if len(step.Skipped) > 0 {
		c.skip(r, step)
	}
	c.jobs.bump(r)
	if step.Ended {
		if c.Ended == nil {
			c.Ended = make([]string, 0, cap(c.Runs)-len(c.Runs)+1) // often all end, if one does
		}
		c.Ended = append(c.Ended, r.id)
		c.forget(r)
		c.jobs.lift(r)
		c.jobs.drop(r, ended)
		return
	}
	r.setNext(step.Next)
	switch {
	case step.Wait && r.work > 0:
		c.jobs.lift(r)
		r.place = waiting
	case !step.Next.IsZero() && !step.Next.After(c.Now):
		c.jobs.lift(r)
		c.again = append(c.again, r)
	default:
		c.jobs.advance(r)
	}
}

// skip reports what MaxInstances forbids.
func (c *claiming) skip(r *record, step *stores.Step) {
	s := stores.Skip{JobID: r.id, Executor: r.profile.executor, Times: slices.Clone(step.Skipped)}
	if u := c.oldest(r); u != nil {
		s.Running, s.RunningSince = u.id, u.scheduled
	}
	c.Skipped = append(c.Skipped, s)
	if !c.history.kept() {
		return
	}
	reason := s.SkipReason(r.profile.instances)
	for i, t := range step.Skipped {
		c.record(&job.Record{JobID: r.id, Outcome: job.Skipped, Scheduled: t.Round(0), First: step.SkippedSince(i).Round(0), Node: c.Node, Reason: reason})
	}
}

// start records the runs of one instance.
func (c *claiming) start(r *record, step *stores.Step) {
	c.jobs.works.begin(r)
	var instance int64
	for i, scheduled := range step.Runs {
		scheduled = scheduled.Round(0)
		u := c.runs.add()
		if i == 0 {
			instance = u.id
			u.left = int32(len(step.Runs))
		}
		u.instance, u.r, u.holder, u.attempt = instance, r, c.node, 1
		u.scheduled, u.first = scheduled, scheduled
		if i == 0 && !step.First.IsZero() {
			u.first = step.First.Round(0)
		}
		c.link(u)
		c.hand(u)
	}
}

// wakeUp says when to claim again.
func (c *claiming) wakeUp() {
	if r := c.jobs.due.earliest(c.fits); r != nil {
		c.Next = r.next()
	}
}

// hand adds u to the answer. Its parts are written where they are to be: to put
// the run together elsewhere and copy it takes some 60 ns more.
func (c *claiming) hand(u *run) {
	c.Runs = append(c.Runs, job.Run{})
	u.tell(&c.Runs[len(c.Runs)-1], c.alias)
}

// tell fills in the run as the scheduler gets it. All of it is zero before.
func (u *run) tell(run *job.Run, alias string) {
	run.ID, run.Instance, run.Attempt = u.id, u.instance, u.attempt
	run.JobID, run.Name = u.r.id, u.r.name()
	run.Store, run.Executor = alias, u.r.profile.executor
	run.Scheduled, run.First = u.scheduled, u.first
	run.MisfireGrace, run.Call = u.r.profile.grace, u.r.call
}

// told is the run as the scheduler gets it.
func (u *run) told(alias string) (run job.Run) {
	u.tell(&run, alias)
	return run
}
