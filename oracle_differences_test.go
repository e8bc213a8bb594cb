package carillon_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// difference is something that we deliberately do in another way than the
// reference.
type difference struct {
	name, reason string

	// apply makes the two accounts of a scenario equal in this respect, and in
	// no other.
	apply func(c *scenario, theirs, ours *account)

	// play, in its place, lets the world be different in which we play a
	// scenario. It reports whether that is needed.
	play func(c *scenario, w *world) bool

	// racy: what the difference is about has no order with us, so that by
	// chance it can be the reference's. The row is needed if it sets apart what
	// has an order there.
	racy bool
}

var differences = []difference{
	{
		name:   "a run that an executor has refused is lost",
		reason: "it is submitted, and has an outcome as every run time has; the reference only logs it",
		apply:  loseRefused,
	},
	{
		name:   "what a wake-up does is told when it is done",
		reason: "the reference tells at the end of a wake-up what it has submitted and skipped, and behind each job whether it has ended; by then the runs may be over",
		apply: both(func(c *scenario, a *account, part int, e *entry) {
			switch {
			case e.Event == "JOB_SUBMITTED", e.Event == "JOB_MAX_INSTANCES":
				e.stream += " " + e.Event
			case a.ended(part, e):
				e.stream += " JOB_REMOVED"
			case e.isOutcome():
				e.stream += " outcomes"
			}
		}),
	},
	{
		name:   "also when a run takes time",
		reason: "the same; in the time that the run has taken the reference tells nothing",
		apply:  tellBeforeSlowRuns,
	},
	{
		name:   "a run finds its job moved on",
		reason: "a claim is one step: when a run begins, its job has its next run time, or is gone; the reference stores it when all runs are submitted",
		apply:  moveOnBeforeRuns,
	},
	{
		name:   "stores and executors work side by side",
		reason: "none waits for another one; the reference does one thing at a time",
		racy:   true,
		apply: both(func(c *scenario, a *account, part int, e *entry) {
			if e.Call != "" || e.isOutcome() || len(e.Runs) > 0 || a.ended(part, e) {
				e.stream += " " + c.placeOf(part, e)
			}
		}),
	},
	{
		name:   "a store that has failed is left alone",
		reason: "for the whole retry interval; the reference asks it at each wake-up",
		apply:  retryAfterInterval,
	},
	{
		name:   "a run at another time changes nothing",
		reason: "a NextRunTime that was set by hand, or left by another trigger, is one run more: intervals stay on their grid, and dates are still to come; the reference goes on from there",
		play: func(c *scenario, w *world) bool {
			w.remembers = slices.ContainsFunc(c.Script, func(s step) bool {
				return isSet(s.Job["next_run_time"]) || isSet(s.Changes["next_run_time"]) || isSet(s.Changes["trigger"])
			})
			return w.remembers
		},
	},
	{
		name:   "instances are those of one job",
		reason: "wherever they run; the reference counts, for each executor by itself, those of all jobs of one ID",
		play: func(c *scenario, w *world) bool {
			w.countsByExecutor = c.hasMovingJobs()
			return w.countsByExecutor
		},
	},
	{
		name:   "a job without its executor is parked",
		reason: "and not removed: a slip in a configuration costs no job",
		apply:  parkWithoutExecutor,
	},
	{
		name:   "runs that have not begun are given back by a shutdown that does not wait",
		reason: "nothing begins in a scheduler that has been shut down",
		apply:  giveBackUnbegun,
	},
	{
		name:   "a store that does not exist is an error",
		reason: "it is a slip; the reference finds no job, or does nothing",
		apply:  refuseUnknownStores,
	},
	{
		name:   "a pending job is found in its store only",
		reason: "as any other job; the reference looks at the store only to remove one",
		apply:  lookInStoreOnly,
	},
	{
		name:   "pending jobs have different IDs",
		reason: "a duplicate is refused when it is added, or replaces the other one then; the reference finds out at the start",
		apply:  refuseDuplicates,
	},
	{
		name:   "a start that fails changes nothing",
		reason: "the reference leaves half of it behind: executors and stores that are started, and jobs that are stored and pending as well",
		apply:  undoFailedStart,
	},
	{
		name:   "an empty value leaves a setting open",
		reason: "as everywhere in Go; the reference has another word for it",
		apply:  acceptEmpty,
	},
}

// both makes a change of an entry of a change of both accounts.
func both(change func(c *scenario, a *account, part int, e *entry)) func(c *scenario, theirs, ours *account) {
	return func(c *scenario, theirs, ours *account) {
		for _, a := range []*account{theirs, ours} {
			was := a.clone() // which the change of other entries does not change
			for part := range a.parts {
				for i := range a.parts[part] {
					change(c, was, part, &a.parts[part][i])
				}
			}
		}
	}
}

func (e *entry) isOutcome() bool { return !e.Run.IsZero() }

// ended says whether an entry tells that a job was removed because it has
// ended: it was due at the same time.
func (a *account) ended(part int, e *entry) bool {
	return e.Event == "JOB_REMOVED" && e.Listener == "" && slices.ContainsFunc(a.parts[part], func(o entry) bool {
		return len(o.Runs) > 0 && o.Job == e.Job && o.Store == e.Store && o.T.Equal(e.T)
	})
}

func isSet(data json.RawMessage) bool { return data != nil && !bytes.Equal(data, null) }

// tellBeforeSlowRuns gives what the reference has told after a slow run the
// time at which we tell it, if the run was in between.
func tellBeforeSlowRuns(c *scenario, theirs, ours *account) {
	was := theirs.clone()
	for part, entries := range theirs.parts {
		for i := range entries {
			e := &entries[i]
			if len(e.Runs) == 0 && !was.ended(part, e) {
				continue
			}
			for _, o := range ours.parts[part] {
				slowRun := func(call entry) bool {
					return call.Call == "slow" && !call.T.Before(o.T) && call.T.Before(e.T)
				}
				if slices.ContainsFunc(entries, slowRun) && e.sameButTime(&o) {
					e.T = o.T
					break
				}
			}
		}
	}
}

func (e *entry) sameButTime(o *entry) bool {
	same := *e
	same.T = o.T
	return same.text() == o.text()
}

// moveOnBeforeRuns removes from what a job sees the jobs that are due, and still
// there with the reference.
func moveOnBeforeRuns(c *scenario, theirs, ours *account) {
	for part := range theirs.parts {
		seen, seenByUs := theirs.seenInside(part), ours.seenInside(part)
		if len(seen) != len(seenByUs) {
			continue
		}
		for i, e := range seen {
			var due []string
			for _, v := range viewsIn(e) {
				if next, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(v.Next)); err == nil && !next.After(e.T) {
					due = append(due, v.ID)
				}
			}
			for _, e := range []*entry{e, seenByUs[i]} {
				e.Result = marshal(slices.DeleteFunc(viewsIn(e), func(v jobView) bool { return slices.Contains(due, v.ID) }))
			}
		}
	}
}

// seenInside are the lists of jobs that jobs and listeners have seen.
func (a *account) seenInside(part int) (seen []*entry) {
	for i := range a.parts[part] {
		if e := &a.parts[part][i]; e.Inner == "get_jobs" {
			seen = append(seen, e)
		}
	}
	return seen
}

func viewsIn(e *entry) (views []jobView) {
	_ = json.Unmarshal(e.Result, &views)
	return views
}

// hasMovingJobs says whether two jobs of one ID are kept or executed in
// different places.
func (c *scenario) hasMovingJobs() bool {
	places := map[string]string{}
	for _, s := range c.Script {
		if s.Op != "add_job" {
			continue
		}
		id, place := s.Job.word("id"), s.Job.word("jobstore")+" "+s.Job.word("executor")
		if other, added := places[id]; added && other != place {
			return true
		}
		places[id] = place
	}
	return false
}

// placeOf is where the job of an entry is kept and executed. A call does not
// tell which of several jobs of one ID it is of, if not by what it calls.
func (c *scenario) placeOf(part int, e *entry) string {
	place := func(j jobSpec) string { return "in store " + j.word("jobstore") + ", executor " + j.word("executor") }
	last := place(c.added(part, e))
	for _, s := range c.Script {
		if e.Call != "" && s.Op == "add_job" && s.Job.word("id") == e.Job && place(s.Job) != last {
			return "of job " + e.Job + ": " + e.Call + canonical(e.Args)
		}
	}
	return last
}

// added is the job that an entry is about, as it was added last.
func (c *scenario) added(part int, e *entry) jobSpec {
	for _, s := range slices.Backward(c.Script[:part+1]) {
		if s.Op == "add_job" && s.Job.word("id") == e.Job && (e.Store == "" || s.Job.word("jobstore") == e.Store) {
			return s.Job
		}
	}
	return jobSpec{"jobstore": marshal(e.Store)}
}

// word returns a text of a job, or "default".
func (s jobSpec) word(name string) string {
	var text string
	_ = json.Unmarshal(s[name], &text)
	return cmp.Or(text, "default")
}

// retryAfterInterval removes what has become of a failed store's jobs up to
// the time when both we and the reference have asked it again with success.
// That we have not asked it in between is checked.
func retryAfterInterval(c *scenario, theirs, ours *account) {
	interval := c.Config.retryInterval()
	for _, s := range c.Script {
		if s.Op != "store_fail" {
			continue
		}
		first := func(a *account) (t time.Time) {
			for e := range a.entries() {
				if len(e.Runs) > 0 && e.Store == s.FailStore && !e.T.Before(s.Until) && (t.IsZero() || e.T.Before(t)) {
					t = e.T
				}
			}
			return t
		}
		back, ourBack := first(theirs), first(ours)
		if back.Equal(ourBack) || !ours.retried(s.FailStore, ourBack, interval) {
			continue
		}
		if ourBack.After(back) {
			back = ourBack
		}
		for _, a := range []*account{theirs, ours} {
			a.delete(func(e *entry) bool {
				return (e.Call != "" || e.isOutcome() || len(e.Runs) > 0 || e.Event == "JOB_REMOVED") && c.added(len(c.Script)-1, e).word("jobstore") == s.FailStore &&
					!e.T.Before(s.At) && !e.T.After(back)
			})
		}
	}
}

// retried says whether a store was asked at intervals, or sooner if there was
// another reason, until it was back.
func (a *account) retried(store string, back time.Time, interval time.Duration) bool {
	var last time.Time
	for e := range a.entries() {
		if e.Event == claimFailed && e.Alias == store {
			if !last.IsZero() && e.T.Sub(last) > interval {
				return false
			}
			last = e.T
		}
	}
	return last.IsZero() || back.Sub(last) <= interval
}

// parkWithoutExecutor removes the reference's removals of jobs that had no
// executor, and our jobs from the time on at which we have parked them: at the
// same time, or when their store is asked for the next time.
func parkWithoutExecutor(c *scenario, theirs, ours *account) {
	for e := range ours.entries() {
		if e.Event != "JOB_PARKED" {
			continue
		}
		for i := range theirs.parts {
			theirs.parts[i] = slices.DeleteFunc(theirs.parts[i], func(o entry) bool {
				return o.Event == "JOB_REMOVED" && o.Job == e.Job && o.Store == e.Store && !o.T.After(e.T) && !theirs.ended(i, &o)
			})
		}
		ours.forget(e.Job, e.Store, e.T)
	}
}

// forget removes a job from what is shown from some time on.
func (a *account) forget(id, store string, from time.Time) {
	for i := range a.parts {
		for k := range a.parts[i] {
			e := &a.parts[i][k]
			var views []jobView
			var one jobView
			switch {
			case e.Result == nil || e.T.Before(from):
			case json.Unmarshal(e.Result, &views) == nil && views != nil:
				e.Result = marshal(slices.DeleteFunc(views, func(v jobView) bool { return v.ID == id }))
			case json.Unmarshal(e.Result, &one) == nil && one.ID == id:
				e.Result = null
			}
		}
	}
	a.jobs = slices.DeleteFunc(a.jobs, func(r jobRow) bool { return r.ID == id && r.Store == store })
}

// loseRefused removes the submissions of runs that were lost, if their executor
// is broken.
func loseRefused(c *scenario, theirs, ours *account) {
	lost := map[string]bool{}
	for e := range ours.entries() {
		if e.Event == "JOB_LOST" {
			lost[e.Job+timeText(e.Run)] = true
		}
	}
	ours.delete(func(e *entry) bool {
		executor := c.added(len(c.Script)-1, e).word("executor")
		return e.Event == "JOB_SUBMITTED" && c.Config.Executors.kind(executor) == "broken" && lost[e.Job+timeText(e.Runs[0])]
	})
}

// giveBackUnbegun removes what the reference has begun after it was shut down.
func giveBackUnbegun(c *scenario, theirs, ours *account) {
	down := false
	for i, s := range c.Script {
		switch {
		case s.Op == "shutdown" && s.Wait != nil && !*s.Wait:
			down = true
		case s.Op == "start":
			down = false
		case s.Op == "work" && down:
			theirs.parts[i] = slices.DeleteFunc(theirs.parts[i], func(e entry) bool { return e.Call != "" || e.isOutcome() })
			theirs.answer(i, entry{Result: json.RawMessage(`{"worked":[]}`)})
		}
	}
}

// answer replaces the answer to a step.
func (a *account) answer(part int, e entry) {
	begin := a.parts[part][slices.IndexFunc(a.parts[part], func(o entry) bool { return o.Name != "" })]
	a.parts[part] = slices.DeleteFunc(a.parts[part], func(o entry) bool { return o.Op != nil && o.Name == "" })
	if e.Result != nil || e.Error != nil {
		e.T, e.Op, e.stream = begin.T, begin.Op, operations
		a.parts[part] = append(a.parts[part], e)
	}
}

// refuseUnknownStores makes an error of each answer about a store that there
// was not.
func refuseUnknownStores(c *scenario, theirs, ours *account) {
	for i, s := range c.Script {
		if s.Store == "" || c.stores(i) == nil || c.stores(i)[s.Store] || len(theirs.parts[i]) == 0 {
			continue
		}
		theirs.parts[i] = slices.DeleteFunc(theirs.parts[i], func(e entry) bool { return e.Event == "ALL_JOBS_REMOVED" && e.Alias == s.Store })
		theirs.answer(i, entry{Error: &fault{"Go", unknownStore}})
	}
}

// lookInStoreOnly undoes what was done to a pending job in the name of another
// store.
func lookInStoreOnly(c *scenario, theirs, ours *account) {
	for i, s := range c.Script {
		added := func(add step) bool {
			return add.Op == "add_job" && add.Job.word("id") == s.ID && add.Job.word("jobstore") == s.Store
		}
		failed := func(e entry) bool { return e.Error != nil }
		if s.ID == "" || s.Store == "" || s.Op == "remove_job" || c.stores(i) != nil ||
			slices.ContainsFunc(c.Script[:i], added) || slices.ContainsFunc(theirs.parts[i], failed) {
			continue
		}
		if s.Op == "get_job" {
			theirs.answer(i, entry{Result: null})
			continue
		}
		theirs.parts[i] = slices.DeleteFunc(theirs.parts[i], func(e entry) bool { return e.Event == "JOB_MODIFIED" })
		theirs.answer(i, entry{Error: &fault{"Go", jobNotFound}})
		for k := range theirs.jobs {
			if r := &theirs.jobs[k]; r.ID == s.ID && r.Pending {
				r.Next = marshal("unset")
			}
		}
	}
}

// stores returns the stores that there are before a step, nil if the scheduler
// is stopped.
func (c *scenario) stores(before int) map[string]bool {
	stores, started := map[string]bool{}, false
	for _, m := range c.Config.Stores {
		stores[m.alias] = true
	}
	for _, s := range c.Script[:before] {
		switch s.Op {
		case "start":
			started, stores["default"] = true, true
		case "shutdown":
			started = false
		case "add_jobstore":
			stores[s.Alias] = true
		case "remove_jobstore":
			delete(stores, s.Alias)
		}
	}
	if !started {
		return nil
	}
	return stores
}

// refuseDuplicates removes what was added under the ID of another pending job.
func refuseDuplicates(c *scenario, theirs, ours *account) {
	type key struct{ id, store string }
	seen := map[key]bool{}
	theirs.jobs = slices.DeleteFunc(theirs.jobs, func(r jobRow) bool {
		k := key{r.ID, r.Store}
		twice := seen[k]
		seen[k] = true
		return r.Pending && twice
	})
	pending := map[key]bool{}
	refused := map[key]bool{}
	for i, s := range c.Script {
		k := key{s.Job.word("id"), s.Job.word("jobstore")}
		switch {
		case s.Op == "add_job" && c.stores(i) == nil && s.Job["id"] != nil:
			if pending[k] && string(s.Job["replace_existing"]) != "true" {
				refused[k] = true
				theirs.refuse(i)
			}
			pending[k] = true
		case s.Op == "remove_job":
			clear(pending)
		case s.Op == "get_jobs" && c.stores(i) == nil:
			theirs.once(i)
		case s.Op == "start":
			theirs.addOnce(i)
			if len(refused) > 0 {
				theirs.startAfterAll(i)
			}
			clear(pending)
		}
	}
}

// refuse refuses the job of a step, if the step is told of.
func (a *account) refuse(part int) {
	if len(a.parts[part]) > 0 {
		a.answer(part, entry{Error: &fault{"Go", jobExists}})
	}
}

// once removes what a list of jobs shows twice.
func (a *account) once(part int) {
	for i := range a.parts[part] {
		e := &a.parts[part][i]
		var views []jobView
		if e.Result != nil && json.Unmarshal(e.Result, &views) == nil {
			e.Result = marshal(slices.CompactFunc(views, func(a, b jobView) bool { return a.ID == b.ID && a.Pending }))
		}
	}
}

// addOnce removes all but the first of equal JOB_ADDED.
func (a *account) addOnce(part int) {
	added := map[string]bool{}
	a.parts[part] = slices.DeleteFunc(a.parts[part], func(e entry) bool {
		if e.Event != "JOB_ADDED" {
			return false
		}
		twice := added[e.text()]
		added[e.text()] = true
		return twice
	})
}

// startAfterAll lets a start that has failed for a duplicate go well.
func (a *account) startAfterAll(part int) {
	failed := slices.IndexFunc(a.parts[part], func(e entry) bool { return e.Error != nil && e.Error.kind() == jobExists })
	if failed < 0 {
		return
	}
	at := a.parts[part][failed].T
	a.answer(part, entry{})
	a.parts[part] = append(a.parts[part], entry{T: at, Event: "SCHEDULER_STARTED", stream: told})
	a.state = "running"
	for i := range a.jobs {
		a.jobs[i].Pending = false
	}
}

// undoFailedStart makes the jobs that the reference has prepared for a store
// and not stored what they were before.
func undoFailedStart(c *scenario, theirs, ours *account) {
	last := c.Script[len(c.Script)-1]
	if last.Op != "start" || theirs.state != "stopped" {
		return
	}
	unset := marshal("unset")
	for i := range theirs.jobs {
		r := &theirs.jobs[i]
		r.Next, r.Coalesce, r.Grace, r.MaxInstances = unset, unset, unset, unset
	}
}

// acceptEmpty makes the reference take a setting that is empty for one that is
// not given.
func acceptEmpty(c *scenario, theirs, ours *account) {
	for i := range theirs.jobs {
		theirs.jobs[i].Executor = cmp.Or(theirs.jobs[i].Executor, "default")
	}
	last := len(c.Script) - 1
	s := c.Script[last]
	empty := slices.ContainsFunc([]string{"misfire_grace_time", "max_instances", "name"}, func(name string) bool {
		text := string(s.Job[name])
		return text == "0" || text == `""`
	})
	if s.Op != "add_job" || !empty {
		return
	}
	running := c.stores(last) != nil
	r := jobRow{
		ID: s.Job.word("id"), Store: s.Job.word("jobstore"), Pending: !running, Executor: "default",
		Next: marshal("unset"), Coalesce: marshal("unset"), Grace: marshal("unset"), MaxInstances: marshal("unset"),
	}
	if running {
		theirs.parts[last] = append(theirs.parts[last], entry{Event: "JOB_ADDED", Job: r.ID, Store: r.Store, stream: told})
		r.Next, r.Coalesce, r.Grace, r.MaxInstances = marshal(refTime(s.At.Add(10*time.Second))), marshal(true), marshal(1), marshal(1)
	}
	theirs.answer(last, entry{Result: marshal(jobView{r.ID, r.Next, r.Pending})})
	theirs.jobs = append(theirs.jobs, r)
}
