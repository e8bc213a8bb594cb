package clocktest

import (
	"maps"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// history is what one scheduler does and tells its listeners, in order. It
// checks that the order is a legal one, and that what it tells is what the
// books say.
type history struct {
	sim    *Sim
	state  messages.State // as the listeners know it
	wanted messages.Mask  // what they want to know
	last   *messages.Publish
	halted bool // a shutdown was out of patience: runs may outlive it

	ledgers map[string][]*ledger // by the alias of the store
	from    map[*ledger]int64    // the newest run that had been handed out when wanted changed
	names   map[*ledger]string   // under which it claims

	added     map[occurrence]uint64 // jobs that were put, and not told: in which step
	received  map[occurrence]uint64 // runs that were, and not told to be submitted: in which step
	submitted map[occurrence]int    // runs that were told to be submitted, and not to have ended
	skipped   map[occurrence]int    // that are to be told
	unsure    bool                  // wanted has changed while that was so
}

// occurrence is a job, or one of its run times.
type occurrence struct {
	store, job string
	at         int64
}

func occurrenceOf(store, job string, at time.Time) occurrence {
	return occurrence{store, job, at.UnixNano()}
}

func newHistory(s *Sim) *history {
	return &history{
		sim:       s,
		ledgers:   make(map[string][]*ledger),
		from:      make(map[*ledger]int64),
		names:     make(map[*ledger]string),
		added:     make(map[occurrence]uint64),
		received:  make(map[occurrence]uint64),
		submitted: make(map[occurrence]int),
		skipped:   make(map[occurrence]int),
	}
}

// wants reports whether listeners want to know all of this.
func (h *history) wants(mask messages.Mask) bool { return h.wanted&mask == mask }

// keep notes that a store was opened.
func (h *history) keep(alias string, l *ledger) {
	if _, known := h.from[l]; !known {
		h.from[l] = 0
		h.ledgers[alias] = append(h.ledgers[alias], l)
	}
}

// put notes that jobs were put into a store, which has to be told before they
// run. Runs of other jobs of these IDs may be under way.
func (h *history) put(alias string, jobs []job.Job, l *ledger) {
	for i := range jobs {
		if h.wants(messages.MaskJobAdded) && len(l.live[jobs[i].ID]) == 0 {
			h.added[occurrence{store: alias, job: jobs[i].ID}] = h.sim.Steps()
		}
	}
}

// deleted notes that jobs were deleted.
func (h *history) deleted(alias string, ids []string) {
	for _, id := range ids {
		delete(h.added, occurrence{store: alias, job: id})
	}
}

// allDeleted notes that all jobs of a store were deleted.
func (h *history) allDeleted(alias string) {
	maps.DeleteFunc(h.added, func(o occurrence, _ uint64) bool { return o.store == alias })
}

// receive notes runs that were received. If listeners are told only later that they
// are submitted, jobs of the same IDs may have been put meanwhile.
func (h *history) receive(alias string, runs []job.Run) {
	if !h.wants(messages.MaskJobAdded | messages.MaskJobSubmitted) {
		return
	}
	for i := range runs {
		h.received[occurrenceOf(alias, runs[i].JobID, runs[i].Scheduled)] = h.sim.Steps()
	}
}

// owe notes skipped run times, which now have to be told.
func (h *history) owe(alias string, skipped []stores.Skip) {
	if !h.wants(messages.MaskJobMaxInstances) {
		return
	}
	for _, skip := range skipped {
		for _, at := range skip.Times {
			h.skipped[occurrenceOf(alias, skip.JobID, at)]++
		}
	}
}

// find returns the books of a run, if it is from a store that has some, and its
// entry there, if it is still open.
func (h *history) find(run *job.Run) (*ledger, *entry) {
	var last *ledger
	for _, l := range h.ledgers[run.Store] {
		last = l
		if e := l.runs[run.ID]; e != nil && e.job == run.JobID && e.scheduled.Equal(run.Scheduled) {
			return l, e
		}
	}
	return last, nil
}

// handling learns from the messages of the scheduler's actors what the
// listeners are told.
func (h *history) handling(message any) {
	switch m := message.(type) {
	case *messages.Interest:
		h.want(m.Mask)
	case *messages.Publish:
		if m == h.last { // after a panic
			return
		}
		h.last = m
		for _, e := range m.Events {
			h.published(e)
		}
	}
}

func (h *history) want(mask messages.Mask) {
	if mask == h.wanted {
		return
	}
	h.wanted = mask
	h.unsure = h.unsure || h.state != messages.Stopped
	for l := range h.from {
		h.from[l] = l.newest
		for _, e := range l.runs {
			if e.holder.told == h {
				e.owed = false
			}
		}
	}
	clear(h.added)
	clear(h.received)
	clear(h.skipped)
	clear(h.submitted)
}

func (h *history) published(event messages.Event) {
	switch e := event.(type) {
	case *messages.SchedulerStarted:
		to := messages.Running
		if e.Paused {
			to = messages.Paused
		}
		h.enter(to, messages.Stopped)
		clear(h.added) // a start that failed before may have left jobs behind
	case *messages.SchedulerPaused:
		h.enter(messages.Paused, messages.Running)
	case *messages.SchedulerResumed:
		h.enter(messages.Running, messages.Paused)
	case *messages.SchedulerShutdown:
		h.enter(messages.Stopped, messages.Running, messages.Paused)
	case *messages.JobAdded:
		delete(h.added, occurrence{store: e.Store, job: e.JobID})
	case *messages.JobSubmitted:
		h.submits(e)
	case *messages.JobMaxInstances:
		h.skips(e)
	case *messages.JobExecuted:
		h.ended((*job.Result)(e))
	case *messages.JobError:
		h.ended((*job.Result)(e))
	case *messages.JobMissed:
		h.ended((*job.Result)(e))
	case *messages.JobLost:
		h.ended((*job.Result)(e))
	}
}

// enter checks that a state may follow on the present one.
func (h *history) enter(to messages.State, from ...messages.State) {
	legal := false
	for _, state := range from {
		legal = legal || h.state == state
	}
	h.sim.Always(legal, "the listeners are told that the scheduler is %v when it is %v", to, h.state)
	h.state = to
}

func (h *history) submits(e *messages.JobSubmitted) {
	h.sim.Always(h.state == messages.Running, "job %s is submitted when the scheduler is %v", e.JobID, h.state)
	put, untold := h.added[occurrence{store: e.Store, job: e.JobID}]
	for _, at := range e.Scheduled {
		o := occurrenceOf(e.Store, e.JobID, at)
		h.sim.Always(!untold || h.received[o] < put, "job %s is submitted before it is told to be added", e.JobID)
		delete(h.received, o)
		h.submitted[o]++
	}
}

func (h *history) skips(e *messages.JobMaxInstances) {
	if !h.wants(messages.MaskJobMaxInstances) {
		return
	}
	for _, at := range e.Scheduled {
		o := occurrenceOf(e.Store, e.JobID, at)
		if h.skipped[o]--; h.skipped[o] <= 0 {
			h.sim.Always(h.skipped[o] == 0 || h.unsure || len(h.ledgers[e.Store]) == 0, "job %s is told to be skipped at %v, once too often", e.JobID, at)
			delete(h.skipped, o)
		}
	}
}

// ended checks the event of a run's end.
func (h *history) ended(r *job.Result) {
	run, s := r.Run, h.sim
	l, e := h.find(run)
	switch {
	case l == nil || run.ID <= h.from[l] && (e == nil || !e.owed): // not on the books
		return
	case e == nil && !h.wants(messages.MaskOutcomes): // the books do not wait for who wants to know only some
		return
	case e == nil:
		replaced := l.owner != "" && l.owner != h.names[l] || run.Lease.Err() != nil
		s.Always(h.halted || replaced, "run %s is told to have ended as %v, but it has ended before", run, r.Outcome)
		return
	case e.holder.told != h || e.attempt != run.Attempt: // others go on with it
		return
	}
	s.Always(h.state != messages.Stopped || h.halted, "run %s is told to have ended as %v after the shutdown", run, r.Outcome)
	if h.wants(messages.MaskJobSubmitted) {
		h.wasSubmitted(r)
	}
	if h.halted && e.ended == job.Lost && (e.told != 0 || r.Outcome != job.Lost) {
		return // a run that has outlived the shutdown, and was lost for the next start
	}
	l.tell(run.ID, e, r.Outcome)
}

// wasSubmitted checks that a run that was executed was told to be submitted. One
// that has been lost may come without.
func (h *history) wasSubmitted(r *job.Result) {
	if r.Started.IsZero() {
		return
	}
	o := occurrenceOf(r.Run.Store, r.Run.JobID, r.Run.Scheduled)
	h.sim.Always(h.submitted[o] > 0, "run %s is told to have ended as %v, but not to have been submitted", r.Run, r.Outcome)
	if h.submitted[o]--; h.submitted[o] <= 0 {
		delete(h.submitted, o)
	}
}
