package carillon_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// quirk is a kind of scenario in which the reference does something wrong or
// surprising.
type quirk struct {
	title string // how the titles of these scenarios begin
	we    string // what we do there, and why
	check func(t *testing.T, c *scenario, ours *account)
}

var quirks = []quirk{
	{
		"a job that removes itself",
		"it is removed, its run is reported, and the others go on: the reference's main loop dies of it",
		actsOnItself,
	},
	{
		"a date job that removes itself",
		"it is gone when its run begins, so it finds nothing to remove; the others go on: the reference's main loop dies of it",
		actsOnItself,
	},
	{
		"a job that pauses itself",
		"it is paused: its next run time is stored before the run begins, not after it",
		func(t *testing.T, c *scenario, ours *account) {
			actsOnItself(t, c, ours)
			if row := ours.row("self"); row == nil || string(row.Next) != "null" {
				t.Errorf("it is not paused: %v", rowTexts(ours.jobs))
			}
		},
	},
	{
		"a job that shuts the scheduler down",
		"the shutdown begins; what has been submitted has an outcome, the job itself too, and nothing dies of it",
		func(t *testing.T, c *scenario, ours *account) {
			if n := len(ours.executed("self")); n != 1 || ours.state != "stopped" {
				t.Errorf("it was executed %d times, and the scheduler is %s", n, ours.state)
			}
			for e := range ours.entries() {
				if n := ours.outcomes(e.Job, e); e.Event == "JOB_SUBMITTED" && n != len(e.Runs) {
					t.Errorf("%d outcomes of %s", n, e.text())
				}
			}
		},
	},
	{
		"a due job is removed by another one",
		"its run has begun by then, in the same wake-up, and is reported; then it is gone, and the other one goes on: the reference's main loop dies of it",
		func(t *testing.T, c *scenario, ours *account) {
			if n := len(ours.executed("b")); n != 1 || ours.row("b") != nil {
				t.Errorf("b was executed %d times, and there is %v", n, rowTexts(ours.jobs))
			}
			othersGoOn(t, c, ours, "b")
		},
	},
	{
		"a due job is paused by another one",
		"its run has begun by then, in the same wake-up, and is reported; then it is paused: with the reference it depends on the IDs of the two",
		func(t *testing.T, c *scenario, ours *account) {
			if n := len(ours.executed("b")); n != 1 {
				t.Errorf("b was executed %d times", n)
			}
			if row := ours.row("b"); row == nil || string(row.Next) != "null" {
				t.Errorf("it is not paused: %v", rowTexts(ours.jobs))
			}
			othersGoOn(t, c, ours, "b")
		},
	},
	{
		"trigger already finished when the job is added",
		"the job is kept, paused, as with the reference: it can be rescheduled",
		asRecorded,
	},
	{
		"rescheduled to a trigger that is finished",
		"the job is kept, paused, as with the reference: it can be rescheduled again",
		asRecorded,
	},
	{
		"job store taken out and put back under another alias",
		"all events of a run name the store by the alias that it has when it begins: the reference's EXECUTED names the old one",
		func(t *testing.T, c *scenario, ours *account) {
			theirs := c.recorded()
			for e := range theirs.entries() {
				for o := range theirs.entries() {
					if e.isOutcome() && o.Event == "JOB_SUBMITTED" && o.Job == e.Job && slices.Contains(o.Runs, e.Run) {
						e.Store = o.Store
					}
				}
			}
			same(t, c, theirs, ours)
		},
	},
	{
		"remove_executor of an executor that still runs jobs",
		"it waits for them, as with the reference; the job is then parked",
		asRecorded,
	},
	{
		"a job that is added again while its last instance still runs",
		"the old run counts as an instance of the new job, as with the reference: two runs of one ID do not overlap unless MaxInstances allows it",
		asRecorded,
	},
	{
		"resume_job of a job that is not paused",
		"its next run time is worked out anew, as with the reference",
		asRecorded,
	},
	{
		"date job paused over its date, then resumed",
		"its date comes, late, as with the reference; whether it is missed is for its grace to say",
		asRecorded,
	},
	{
		"cron jobs in ",
		"times are instants, and no zone is asked how long to wait: the scheduler's own zone changes nothing",
		zoneChangesNothing,
	},
	{
		"hourly job over the gap, nothing else to wake up for",
		"likewise",
		zoneChangesNothing,
	},
	{
		"calendar interval with a past start_date",
		"its first time is the first that is not past, as the reference's documentation promises",
		func(t *testing.T, c *scenario, ours *account) {
			theirs := c.recorded()
			for i, s := range c.Script {
				row := theirs.row(s.Job.word("id"))
				if s.Op != "add_job" || row == nil {
					continue
				}
				theirs.delete(func(e *entry) bool {
					return e.Job == row.ID && (!e.Run.IsZero() && e.Run.Before(s.At) || len(e.Runs) > 0 && e.Runs[0].Before(s.At))
				})
				theirs.answer(i, entry{Result: marshal(jobView{row.ID, row.Next, false})})
			}
			same(t, c, theirs, ours)
		},
	},
	{
		"shut down and started again",
		"the jobs of the default store are gone, as with the reference; those of a persistent store are not",
		asRecorded,
	},
	{
		"listeners that raise while the scheduler starts",
		"what a listener does wrong is logged, and reaches nobody, as with the reference",
		asRecorded,
	},
	{
		"start fails half-way because of a duplicate id",
		"the duplicate is refused when it is added, so the start does not fail; what is removed is gone",
		func(t *testing.T, c *scenario, ours *account) {
			answers(t, ours, map[int]string{1: jobExists, 6: alreadyRunning, 8: jobNotFound, 9: alreadyRunning})
			if n := len(ours.executed("a")); n > 0 || ours.row("a") != nil {
				t.Errorf("a, which was removed, was executed %d times", n)
			}
		},
	},
	{
		"a pending job for a job store that does not exist",
		"a start that fails leaves everything as before; the next one can go well",
		func(t *testing.T, c *scenario, ours *account) {
			answers(t, ours, map[int]string{3: unknownStore})
			for _, e := range ours.parts[3] {
				if e.Event == "JOB_ADDED" {
					t.Errorf("the start has failed, but %s", e.text())
				}
			}
			var views []jobView
			for _, e := range ours.parts[5] {
				_ = json.Unmarshal(e.Result, &views)
			}
			for _, v := range views {
				if !v.Pending || string(v.Next) != `"unset"` {
					t.Errorf("the start has failed, but job %s has changed: %s", v.ID, marshal(v))
				}
			}
			for _, id := range []string{"a", "b", "c"} {
				if len(ours.executed(id)) == 0 || len(views) != 3 {
					t.Errorf("%s was not executed", id)
				}
			}
		},
	},
}

// hold plays a scenario and checks that we do what we say.
func (q *quirk) hold(t *testing.T, c *scenario) {
	ours := play(t, c, differences)
	for _, fault := range ours.contradictions() {
		t.Error(fault)
	}
	q.check(t, c, ours)
	if t.Failed() {
		t.Logf("%s: %s", c.Title, q.we)
		t.Logf("with the reference: %s", c.Comment)
	}
}

// quirkOf returns the row about a scenario; if there is none, one that checks
// nothing.
func quirkOf(t *testing.T, c *scenario, folder oracleFolder) *quirk {
	for i := range quirks {
		if strings.HasPrefix(c.Title, quirks[i].title) {
			return &quirks[i]
		}
	}
	if folder == builtIn {
		t.Errorf("%q is new; say in quirks what we do there", c.Title)
	} else {
		t.Logf("%q is new; it is only played", c.Title)
	}
	return &quirk{check: func(*testing.T, *scenario, *account) {}}
}

func asRecorded(t *testing.T, c *scenario, ours *account) { same(t, c, c.recorded(), ours) }

func same(t *testing.T, c *scenario, theirs, ours *account) {
	t.Helper()
	for _, fault := range c.compare(theirs, ours, differences) {
		t.Error(fault)
	}
}

// actsOnItself checks that the job "self" was executed once, and that all
// others go on.
func actsOnItself(t *testing.T, c *scenario, ours *account) {
	if n := len(ours.executed("self")); n != 1 {
		t.Errorf("it was executed %d times", n)
	}
	removed := 0
	for e := range ours.entries() {
		if e.Event == "JOB_REMOVED" && e.Job == "self" {
			removed++
		}
	}
	if gone := ours.row("self") == nil; gone != (removed == 1) {
		t.Errorf("it was removed %d times; gone: %v", removed, gone)
	}
	othersGoOn(t, c, ours, "self")
}

// othersGoOn checks that all jobs but one are executed as they are without it.
func othersGoOn(t *testing.T, c *scenario, ours *account, but string) {
	without := *c
	without.Script = slices.DeleteFunc(slices.Clone(c.Script), func(s step) bool { return s.Op == "add_job" && s.Job.word("id") == but })
	twin := play(t, &without, differences)
	for _, s := range without.Script {
		if id := s.Job.word("id"); s.Op == "add_job" {
			for _, fault := range contrast("the runs of "+id+" without and with "+but, twin.executed(id), ours.executed(id)) {
				t.Error(fault)
			}
		}
	}
}

// zoneChangesNothing checks that it is all the same if the triggers are told
// the time zone, and the scheduler is in another one.
func zoneChangesNothing(t *testing.T, c *scenario, ours *account) {
	elsewhere := *c
	elsewhere.Config.Timezone = "UTC"
	elsewhere.Script = slices.Clone(c.Script)
	for i := range elsewhere.Script {
		s := &elsewhere.Script[i]
		var trigger map[string]any
		if json.Unmarshal(s.Job["trigger"], &trigger) == nil && trigger["kind"] == "cron" && trigger["timezone"] == nil {
			trigger["timezone"] = c.Config.Timezone
			s.Job = jobSpec{}
			for name, value := range c.Script[i].Job {
				s.Job[name] = value
			}
			s.Job["trigger"] = marshal(trigger)
		}
	}
	same(t, c, play(t, &elsewhere, differences), ours)
	for e := range ours.entries() {
		jump := func(s step) bool { return s.Op == "jump" && s.At.Equal(e.T) }
		if e.isOutcome() && !e.T.Equal(e.Run) && !slices.ContainsFunc(c.Script, jump) {
			t.Errorf("not on time: %s", e.text())
		}
	}
}

// answers checks which steps are answered with an error.
func answers(t *testing.T, ours *account, want map[int]string) {
	t.Helper()
	for i, part := range ours.parts {
		got := ""
		for _, e := range part {
			if e.Error != nil {
				got = e.Error.kind()
			}
		}
		if got != want[i] {
			t.Errorf("step %d: got error %q, want %q", i, got, want[i])
		}
	}
}

// executed are the runs of a job that were executed.
func (a *account) executed(id string) (runs []string) {
	for e := range a.entries() {
		if e.Event == "JOB_EXECUTED" && e.Listener == "" && e.Job == id {
			runs = append(runs, e.text())
		}
	}
	return runs
}

// outcomes is how many of the runs that were submitted have had an outcome.
func (a *account) outcomes(id string, submitted *entry) (n int) {
	for e := range a.entries() {
		if e.isOutcome() && e.Listener == "" && e.Job == id && slices.Contains(submitted.Runs, e.Run) {
			n++
		}
	}
	return n
}

func (a *account) row(id string) *jobRow {
	for i := range a.jobs {
		if a.jobs[i].ID == id {
			return &a.jobs[i]
		}
	}
	return nil
}
