package redis

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// ClaimDue asks the server what is due, plans it, and has the server write
// what nobody has changed meanwhile; so it takes two scripts, and one if nothing
// is due. What somebody has changed it reads and plans again. Done is recorded
// first, by a script of its own.
func (s *store) ClaimDue(ctx context.Context, asked *stores.Claim) (*stores.Claimed, error) {
	if len(asked.Done) > 0 {
		return stores.FinishFirst(ctx, s, asked)
	}
	c := &claiming{store: s, Claim: asked, token: rand.Text(), page: asked.Limit, room: asked.Limit}
	s.notebook.open(asked.Known)
	for !c.over {
		if err := c.turn(ctx); err != nil {
			s.notebook.untell(c.parked)
			return nil, s.refuse("claim", "", err)
		}
	}
	return c.answer(), nil
}

const (
	maxPage     = 1000 // jobs to plan at once
	maxBackward = 10   // turns in which others were faster each time, until a claim gives up
)

// claiming is one ClaimDue.
type claiming struct {
	*store
	*stores.Claim
	token string
	round int
	deal  string // "runs" for the turn that deals with runs of the dead and of nobody
	over  bool

	page     int // how many jobs to ask for
	room     int // how many runs may be claimed with the next turn
	backward int

	steps   []*step // planned, and not written yet
	written []*step
	parked  []parked
	noted   int      // how many of parked are written
	again   []string // jobs that were planned, and are due still
	mixed   bool     // written is not in order

	claimed stores.Claimed // but for what follows from written
}

// step is what Plan has said about a job, and what has become of it.
type step struct {
	id      string
	row     row
	put     int64 // the number of its settings
	live    int
	spec    *rows.Spec
	first   int64 // the number of its first run
	running int64 // the run in the way of those that are skipped
	since   time.Time
	stores.Step
}

var errStale = errors.New("the claim comes late: the node has repeated it, or made another one")

// turn writes what has been planned, and plans what is due then.
func (c *claiming) turn(ctx context.Context) error {
	value, err := c.call(ctx, claimScript, c.request()...)
	if err != nil {
		return err
	}
	answer := list(value)
	switch {
	case value == "expired":
		return job.ErrLeaseExpired
	case value == "stale":
		return errStale
	case value == "runs":
		c.deal = "runs"
		c.round++
		return nil
	case answer.text(0) == "classes":
		c.notebook.learn(answer.text(1), answer.list(2).texts())
		return nil
	}
	if err := errors.Join(c.hear(answer), c.write(answer.list(3))); err != nil {
		return err
	}
	c.round++
	c.deal = ""
	c.steps, c.noted = nil, len(c.parked)
	c.room = max(0, c.Limit-len(c.claimed.Runs)-runsOf(c.written))
	if err := c.plan(answer.list(4)); err != nil {
		return err
	}
	c.meet(answer.list(5))
	if c.claimed.Next, err = unstamp(answer.text(6)); err != nil {
		return err
	}
	c.claimed.More = c.claimed.More || answer.int(7) > 0
	c.over = len(c.steps) == 0 && (c.noted == len(c.parked) || c.keep.Count < 0) && len(answer.list(4)) == 0
	return nil
}

func runsOf(steps []*step) (n int) {
	for _, s := range steps {
		n += len(s.Runs)
	}
	return n
}

// hear takes over the runs that have been lost, and those that the claimer has
// been handed.
func (c *claiming) hear(answer reply) error {
	for i := range answer.list(1) {
		r, err := c.run(answer.list(1).list(i))
		if err != nil {
			return err
		}
		c.claimed.Lost = append(c.claimed.Lost, r)
	}
	for i := range answer.list(2) {
		r, err := c.run(answer.list(2).list(i))
		if err != nil {
			return err
		}
		c.claimed.Runs = append(c.claimed.Runs, r)
	}
	return nil
}

// write takes over which steps have been written: of each "-1", or the number
// of its first run; then, if it skips, the run in the way and its time.
func (c *claiming) write(started reply) error {
	at, done := 0, 0
	for _, s := range c.steps {
		first, err := strconv.ParseInt(started.text(at), 10, 64)
		if err != nil {
			return err
		}
		if at++; first < 0 {
			c.mixed = true
			continue
		}
		s.first = first
		done++
		if len(s.Skipped) > 0 {
			var faults [2]error
			s.running, faults[0] = strconv.ParseInt(started.text(at), 10, 64)
			s.since, faults[1] = unstamp(started.text(at + 1))
			if err := errors.Join(faults[:]...); err != nil {
				return err
			}
			at += 2
		}
		if !s.Ended && !s.Next.IsZero() && !s.Next.After(c.Now) {
			c.again = append(c.again, s.id)
		}
		c.written = append(c.written, s)
	}
	if len(c.steps) > 0 && done == 0 {
		c.backward++
	}
	return nil
}

// plan asks Plan about due jobs: id, row, settings and live instances by turns.
func (c *claiming) plan(due reply) error {
	planned := 0
	for i := 0; i+3 < len(due) && planned < c.room; i += 4 {
		s := &step{id: due.text(i), live: due.int(i + 3), put: putOf(due.text(i + 2))}
		delete(c.notebook.shelf, s.id)
		var err error
		if s.row, err = c.readRow(s.id, due.text(i+1)); err != nil {
			c.park(s, err.Error())
			continue
		}
		s.spec = c.spec(s.id, due.text(i+2))
		if reason := s.spec.Unfit(c.Known); reason != "" {
			c.park(s, reason)
			continue
		}
		var j job.Job
		s.spec.Job(&j, c.alias, s.row.version, s.row.next)
		c.Plan(&j, s.live, &s.Step)
		if s.Park != "" {
			c.park(s, s.Park)
			continue
		}
		s.Runs, s.Skipped = slices.Clone(s.Runs), slices.Clone(s.Skipped)
		planned += len(s.Runs)
		c.steps = append(c.steps, s)
	}
	if planned == 0 {
		c.page *= 2
	}
	return nil
}

// parked is a due job that the claimer is told it cannot run.
type parked struct{ id, next, reason string }

// park leaves a job alone from now on.
func (c *claiming) park(s *step, reason string) {
	c.notebook.shelf[s.id] = s.row.mark
	if !c.notebook.told.Meet(s.id, claim.Verdict{Put: s.put, Reason: reason}) {
		return
	}
	c.parked = append(c.parked, parked{s.id, stamp(s.row.next), reason})
}

// meet looks at due jobs of classes that the claimer cannot run.
func (c *claiming) meet(pages reply) {
	for i := range pages {
		s := c.notebook.strange[i]
		s.meet(pages.list(i), func(id, next string) { c.parked = append(c.parked, parked{id, next, s.reason}) })
	}
}

// answer makes the answer of what has been written.
func (c *claiming) answer() *stores.Claimed {
	if c.mixed {
		slices.SortStableFunc(c.written, func(a, b *step) int {
			return cmp.Or(a.row.next.Compare(b.row.next), cmp.Compare(a.id, b.id))
		})
	}
	slices.SortFunc(c.parked, func(a, b parked) int { return cmp.Or(cmp.Compare(a.next, b.next), cmp.Compare(a.id, b.id)) })
	a := &c.claimed
	for _, p := range c.parked {
		a.Parked = append(a.Parked, stores.Parked{JobID: p.id, Reason: p.reason})
	}
	a.Runs = slices.Grow(a.Runs, runsOf(c.written))
	for _, s := range c.written {
		for i, scheduled := range s.Runs {
			r := rows.Run{ID: s.first + int64(i), Instance: s.first, JobID: s.id, Attempt: 1, Scheduled: scheduled.UTC(), First: scheduled.UTC()}
			if i == 0 && !s.First.IsZero() {
				r.First = s.First.UTC()
			}
			a.Runs = append(a.Runs, r.Told(s.spec, c.alias))
		}
		if len(s.Skipped) > 0 {
			a.Skipped = append(a.Skipped, stores.Skip{
				JobID: s.id, Executor: s.spec.Executor(), Times: s.Skipped, Running: s.running, RunningSince: s.since,
			})
		}
		if s.Ended {
			a.Ended = append(a.Ended, s.id)
		}
	}
	return a
}
