package clocktest

import (
	"maps"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// ledger keeps the books of one store: what it has really done, whatever a
// fault makes the schedulers believe. Each claim has to begin where the last one
// ended, and each run that was handed out has to come back once.
type ledger struct {
	sim     *Sim
	opened  int // openings that are not closed
	jobs    map[string]*account
	runs    map[int64]*entry         // until they have ended and were told
	live    map[string]map[int64]int // unfinished runs by job and instance
	seqs    map[string]uint64        // the latest claim of each name
	owner   string                   // the latest name that owns the store alone
	newest  int64                    // greatest ID of a run
	plans   []planned                // of the claim that is going on
	planned int                      // which of them the last run was of
}

// account is the ledger's page about a job.
type account struct {
	due     time.Time // its next run time; zero: paused
	ended   bool
	deleted bool
	parked  bool
}

// entry is a run that was handed out.
type entry struct {
	account          *account
	job              string
	scheduled, first time.Time
	instance         int64
	attempt          int
	holder           *node
	name             string // of the holder; "": it was released, nobody holds it

	received           bool        // the holder knows of it
	submitted, started int         // the attempts that were
	ended              job.Outcome // in the store; 0: it has not
	told               job.Outcome // to the listeners; 0: they were not
	owed               bool        // there are listeners who are to be told
}

func (e *entry) String() string {
	run := job.Run{JobID: e.job, Scheduled: e.scheduled, Attempt: e.attempt}
	return run.String()
}

func (s *Sim) newLedger() *ledger {
	l := &ledger{sim: s}
	l.reset()
	s.ledgers = append(s.ledgers, l)
	return l
}

func (l *ledger) reset() {
	l.jobs = make(map[string]*account)
	l.runs = make(map[int64]*entry)
	l.live = make(map[string]map[int64]int)
	l.seqs = make(map[string]uint64)
	l.newest, l.owner = 0, ""
}

// open notes that the store was opened. One that is empty then has forgotten
// everything, as a store does that lives no longer than its openings.
func (l *ledger) open(empty bool) {
	if l.opened == 0 && empty && len(l.jobs) > 0 {
		l.reset()
	}
	l.opened++
}

// close notes that an opening was closed. If the last outcomes could not be
// recorded the shutdown says so, and their runs are lost for the next start.
func (l *ledger) close(unrecorded string) {
	l.opened--
	for _, e := range l.runs {
		if e.name == unrecorded && e.ended == 0 {
			e.received = false
		}
	}
}

func (l *ledger) put(jobs []job.Job) {
	for i := range jobs {
		a := l.jobs[jobs[i].ID]
		if a == nil || a.ended {
			a = &account{}
			l.jobs[jobs[i].ID] = a
		}
		a.due, a.parked = jobs[i].NextRunTime, false
	}
}

// delete enters that jobs were deleted, but for those that are missing.
func (l *ledger) delete(ids, missing []string) {
	for _, id := range ids {
		a := l.jobs[id]
		there := a != nil && !a.ended
		l.sim.Always(there != slices.Contains(missing, id), "job %s was to be deleted, and it is %v that it is there; missing are %q", id, there, missing)
	}
	for _, id := range ids {
		if a := l.jobs[id]; a != nil && !a.ended {
			l.drop(id, a)
		}
	}
	l.endLoose()
}

// deleteAll enters that all n jobs were deleted.
func (l *ledger) deleteAll(n int) {
	there := 0
	for id, a := range l.jobs {
		if !a.ended {
			there++
			l.drop(id, a)
		}
	}
	l.sim.Always(there == n, "of %d jobs %d were deleted", there, n)
	l.endLoose()
}

func (l *ledger) drop(id string, a *account) {
	a.deleted = true
	delete(l.jobs, id)
}

// endLoose ends the runs of deleted jobs that nobody holds.
func (l *ledger) endLoose() {
	for _, id := range slices.Sorted(maps.Keys(l.runs)) {
		if e := l.runs[id]; e.name == "" && e.ended == 0 && e.account.deleted {
			l.end(id, e, job.Released)
		}
	}
}

// heartbeat notes who owns the store.
func (l *ledger) heartbeat(name string, ttl time.Duration) {
	l.owner = ""
	if ttl <= 0 {
		l.owner = name
	}
}

// resign checks that nothing goes on under a name that is given up. The next
// claim takes it for dead.
func (l *ledger) resign(name string) {
	for _, id := range slices.Sorted(maps.Keys(l.runs)) {
		e := l.runs[id]
		l.sim.Always(e.name != name || e.ended != 0 || e.started < e.attempt, "%s resigns while run %s goes on", name, e)
	}
}

// claim has ask make the claim, and checks what comes of it.
func (l *ledger) claim(n *node, claim *stores.Claim, ask func(*stores.Claim) (*stores.Claimed, error)) (*stores.Claimed, error) {
	watched := *claim
	watched.Plan = func(j *job.Job, live int, step *stores.Step) {
		claim.Plan(j, live, step)
		l.plan(claim.Now, j, live, step)
	}
	l.plans, l.planned = l.plans[:0], 0
	claimed, err := ask(&watched)
	if err != nil {
		return claimed, err
	}
	if len(claim.Done) > 0 {
		l.finish(claim.Node, claim.Done, claimed.Finished.Held)
	}
	l.sim.Always(l.owner == "" || claim.Node == l.owner, "%s claims runs, but the store belongs to %s now", claim.Node, l.owner)
	if claim.Seq != 0 && claim.Seq == l.seqs[claim.Node] {
		l.repeated(claimed)
		return claimed, nil
	}
	l.seqs[claim.Node], n.told.names[l] = claim.Seq, claim.Node
	for i := range claimed.Lost {
		l.lost(n, &claimed.Lost[i])
	}
	for i := range claimed.Runs {
		l.handedOut(n, claim, &claimed.Runs[i])
	}
	for i := range claimed.Parked {
		if a := l.jobs[claimed.Parked[i].JobID]; a != nil {
			a.parked = true
		}
	}
	l.carriedOut(claimed)
	return claimed, nil
}

// repeated checks the answer to a claim whose first answer got lost.
func (l *ledger) repeated(claimed *stores.Claimed) {
	l.sim.Always(len(l.plans) == 0, "a repeated claim plans jobs again")
	for i := range claimed.Runs {
		run := &claimed.Runs[i]
		l.sim.Always(run.ID <= l.newest, "a repeated claim hands out a new run of %s", run.JobID)
	}
}

// handedOut enters a run of a claim's answer.
func (l *ledger) handedOut(n *node, claim *stores.Claim, run *job.Run) {
	if e := l.runs[run.ID]; e != nil {
		l.takenOver(n, claim, run, e)
		return
	}
	s := l.sim
	if run.ID <= l.newest {
		s.Failf("run %s has the ID of another one, %d", run, run.ID)
	}
	if run.Attempt != 1 {
		s.Failf("run %s begins with attempt %d", run, run.Attempt)
	}
	if run.Scheduled.After(claim.Now) {
		s.Failf("run %s is handed out early: it is %v", run, claim.Now)
	}
	if run.First.After(run.Scheduled) {
		s.Failf("run %s begins with a later one, %v", run, run.First)
	}
	l.newest = max(l.newest, run.ID)
	l.runs[run.ID] = &entry{
		account: l.jobs[run.JobID], job: run.JobID, scheduled: run.Scheduled, first: run.First,
		instance: run.Instance, attempt: 1, holder: n, name: claim.Node, owed: n.told.wants(messages.MaskOutcomes),
	}
	instances := l.live[run.JobID]
	if instances == nil {
		instances = make(map[int64]int)
		l.live[run.JobID] = instances
	}
	instances[run.Instance]++
	l.planOf(run)
}

// received notes that a claim's answer has come to who asked for it.
func (l *ledger) received(claimed *stores.Claimed) {
	for _, runs := range [][]job.Run{claimed.Runs, claimed.Lost} {
		for i := range runs {
			if e := l.runs[runs[i].ID]; e != nil {
				e.received = true
			}
		}
	}
}

// takenOver enters that a run is handed out again: it was released, or goes on
// with a living scheduler.
func (l *ledger) takenOver(n *node, claim *stores.Claim, run *job.Run, e *entry) {
	s := l.sim
	s.Always(!e.account.deleted, "run %s is handed out again though its job was deleted", run)
	s.Always(e.ended == 0, "run %s is handed out though it has ended: %v", run, e.ended)
	s.Always(run.Attempt == e.attempt+1, "run %s is handed out again after attempt %d", run, e.attempt)
	e.attempt, e.holder, e.name, e.received = run.Attempt, n, claim.Node, false
	e.told, e.owed = 0, n.told.wants(messages.MaskOutcomes)
}

// lost enters that a run's scheduler has died. Its listeners may have been told
// of the run's end; the store was not.
func (l *ledger) lost(n *node, run *job.Run) {
	e := l.runs[run.ID]
	if e == nil || e.ended != 0 {
		l.sim.Failf("run %s is lost though it has ended", run)
		return
	}
	e.holder, e.told, e.owed = n, 0, n.told.wants(messages.MaskOutcomes)
	e.received = false
	l.end(run.ID, e, job.Lost)
}

// finish enters what Finish has done: as said, or nothing if the name is dead.
// Then the runs are lost for the next claim, even if nobody makes one any more.
func (l *ledger) finish(name string, done []stores.Done, held int) {
	expected := 0
	for i := range done {
		if e := l.holds(name, &done[i]); e != nil {
			expected++
			e.received = e.received && held > 0
		}
	}
	if held == 0 {
		return
	}
	l.sim.Always(held == expected, "%s has finished %d runs, the store says %d", name, expected, held)
	for i := range done {
		if e := l.holds(name, &done[i]); e == nil {
			continue
		} else if done[i].Outcome == job.Released {
			l.release(done[i].RunID, e)
		} else {
			l.end(done[i].RunID, e, done[i].Outcome)
		}
	}
}

// holds returns the entry of a run that the name holds.
func (l *ledger) holds(name string, done *stores.Done) *entry {
	e := l.runs[done.RunID]
	if e == nil || e.ended != 0 || e.name != name || e.attempt != done.Attempt {
		return nil
	}
	return e
}

// end enters a run's end.
func (l *ledger) end(id int64, e *entry, outcome job.Outcome) {
	e.ended = outcome
	instances := l.live[e.job]
	if instances[e.instance]--; instances[e.instance] == 0 {
		delete(instances, e.instance)
	}
	if len(instances) == 0 && e.account.ended && l.jobs[e.job] == e.account {
		delete(l.jobs, e.job)
	}
	l.settle(id, e)
}

// release enters that a run was given back.
func (l *ledger) release(id int64, e *entry) {
	l.sim.Always(e.started < e.attempt, "run %s is given back though it was started", e)
	e.name, e.owed = "", false
	if e.account.deleted {
		l.end(id, e, job.Released)
	}
}

// tell enters that a run's listeners were told of its end.
func (l *ledger) tell(id int64, e *entry, outcome job.Outcome) {
	l.sim.Always(e.told == 0, "run %s has ended as %v, and again as %v", e, e.told, outcome)
	e.told = outcome
	l.settle(id, e)
}

// settle takes a run off the books that has ended and was told.
func (l *ledger) settle(id int64, e *entry) {
	if e.ended != 0 && e.told != 0 {
		l.sim.Always(e.ended == e.told, "run %s has ended as %v, and its listeners were told %v", e, e.ended, e.told)
	}
	if e.ended != 0 && (e.told != 0 || !e.owed) {
		delete(l.runs, id)
	}
}
