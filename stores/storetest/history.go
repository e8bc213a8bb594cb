package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// record writes a record without its Seq and At, on one line.
func record(r *job.Record) string {
	reason := r.Reason
	if r.Outcome == job.Lost { // in the store's own words
		reason = ""
	}
	return fmt.Sprintf("%s %s@%s<%s run %d#%d by %q %s-%s %q\n", r.Outcome, r.JobID, second(r.Scheduled), second(r.First),
		r.RunID, r.Attempt, r.Node, second(r.Started), second(r.Finished), reason)
}

// records writes records line by line, in the order of their texts: that of the
// records of one operation is the store's affair.
func records(list []job.Record) string {
	var lines []string
	for i := range list {
		lines = append(lines, record(&list[i]))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// ofRun is a record of the run without what came of it.
func ofRun(r job.Run, outcome job.Outcome, node string) job.Record {
	return job.Record{
		JobID: r.JobID, Outcome: outcome, Scheduled: r.Scheduled, First: r.First, RunID: r.ID, Attempt: r.Attempt, Node: node,
	}
}

// ofTime is a record of a run time without a run.
func ofTime(id string, outcome job.Outcome, second float64, node, reason string) job.Record {
	return job.Record{JobID: id, Outcome: outcome, Scheduled: at(second), First: at(second), Node: node, Reason: reason}
}

// ofJob are records of what was done to one job after the other.
func ofJob(outcome job.Outcome, ids ...string) (list []job.Record) {
	for _, id := range ids {
		list = append(list, job.Record{JobID: id, Outcome: outcome})
	}
	return list
}

// written checks that the history is these records, in any order.
func (s *session) written(all ...job.Record) error {
	got := s.history(stores.HistoryQuery{})
	for i := range got {
		if got[i].At.IsZero() {
			return fmt.Errorf("a record has no At: %s", record(&got[i]))
		}
		if i > 0 && got[i].Seq >= got[i-1].Seq {
			return fmt.Errorf("a record with Seq %d stands behind one with %d", got[i].Seq, got[i-1].Seq)
		}
	}
	return want("history", records(all), records(got))
}

var historyRules = []rule{
	{
		name:        "history/unsupported",
		explanation: "History of a store that keeps none fails with errors.ErrUnsupported.",
		check: func(e *env) error {
			_, err := e.owner("n").Store.History(e.ctx, &stores.HistoryQuery{Limit: 1})
			if !e.Harness.History && errors.Is(err, errors.ErrUnsupported) {
				return nil
			}
			return err
		},
	},
	{
		name:        "history/finished",
		needs:       recording,
		explanation: "Finish records each run with its outcome, times to the microsecond, and the error's text.",
		check: func(e *env) error {
			s := e.owner("n")
			var all []job.Record
			for i, outcome := range []job.Outcome{job.Executed, job.Failed, job.Missed, job.Lost} {
				j := due(fmt.Sprint("job ", i), 1)
				s.insert(j)
				run := s.do(9, func(_ *job.Job, _ int, step *stores.Step) {
					step.Runs, step.First, step.Ended = append(step.Runs, at(5.000002)), at(1.000001), true
				}).Runs[0]
				done := dones(outcome, run)
				r := ofRun(run, outcome, "n")
				if outcome < job.Missed {
					r.Started, r.Finished = at(9.000003), at(9.123456)
				}
				if outcome != job.Executed {
					r.Reason = "because of " + outcome.String()
				}
				done[0].Started, done[0].Finished, done[0].Err = r.Started, r.Finished, r.Reason
				_, err := s.Finish(e.ctx, "n", done)
				e.must("Finish", err)
				all = append(all, r)
			}
			return s.written(all...)
		},
	},
	{
		name:        "history/text",
		needs:       recording,
		explanation: "Reason is the text that Finish was given, with its line breaks, spaces and signs of any script.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			done := dones(job.Failed, s.do(1, once).Runs...)
			done[0].Err = "  größer – 日本語 🎲 e\u0301\r\n\tgoroutine 1 [running]:\n\n'single' \"double\" `back` \\ \\n %s $1 ? ; -- \u2028 </b> \n "
			_, err := s.Finish(e.ctx, "n", done)
			e.must("Finish", err)
			return want("Reason", fmt.Sprintf("%q", done[0].Err), fmt.Sprintf("%q", s.history(stores.HistoryQuery{})[0].Reason))
		},
	},
	{
		name:        "history/any-text",
		needs:       recording,
		explanation: "Finish takes any bytes for the error's text, and as many as there are. What a store cannot keep it mends or cuts: a run must not stay unfinished for its error.",
		check: func(e *env) error {
			s := e.owner("n")
			var err error
			for i, text := range []string{"a\x00b", "\xff\xfe \xed\xa0\x80", strings.Repeat("größer\n", 20_000)} {
				s.insert(due("a", float64(i)))
				done := dones(job.Failed, s.do(float64(i), once).Runs...)
				done[0].Err = text
				f, fault := s.Finish(e.ctx, "n", done)
				err = errors.Join(err, fault, want("Finish", "held 1, next never", f))
			}
			return errors.Join(err, want("history", "a a a", s.asked(stores.HistoryQuery{})))
		},
	},
	{
		name:        "history/released",
		needs:       recording,
		explanation: "A release leaves no record, and neither do runs that end with their deleted job; when a run has been handed out again, its last attempt does.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1), due("c", 1))
			c := s.do(1, once)
			s.release(c.Runs[0])
			again := s.do(1, once).Runs[0]
			s.finish(job.Executed, again)
			s.insert(due("b", 2))
			held := s.do(2, then(9)).Runs
			s.delete("b")
			s.release(held...)
			return s.written(append(ofJob(job.Removed, "b"), ofRun(again, job.Executed, "n"))...)
		},
	},
	{
		name:        "history/not-held",
		needs:       recording,
		explanation: "Finish of runs that are not held leaves no record, and neither does what was refused, or a claim that is repeated.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 1), due("d", 50))
			plan := func(j *job.Job, live int, step *stores.Step) {
				if once(j, live, step); j.ID == "b" {
					*step = stores.Step{Skipped: []time.Time{j.NextRunTime}, Next: at(9)}
				}
			}
			c := s.claim(1, stores.Claim{Seq: 1, Plan: plan})
			s.claim(1, stores.Claim{Seq: 1, Plan: plan})
			other := c.Runs[0]
			other.Attempt = 2
			s.finish(job.Failed, other)
			s.finish(job.Executed, c.Runs[0], c.Runs[0])
			s.finish(job.Failed, c.Runs[0])
			_, _ = s.Finish(e.ctx, "stranger", dones(job.Failed, c.Runs...))
			refusals := []error{
				refused(s.Put(e.ctx, stores.Insert, []job.Job{due("c", 2), due("b", 2)}), job.ErrJobExists, "b"),
				refused(s.Put(e.ctx, stores.IfVersion, []job.Job{s.get("d"), due("b", 2)}), job.ErrConflict, "b"),
				want("missing", "[x]", s.delete("x")),
				want("missing", "[]", s.delete()),
			}
			skip := ofTime("b", job.Skipped, 1, "n", c.Skipped[0].SkipReason(1))
			return errors.Join(append(refusals, s.written(ofRun(c.Runs[0], job.Executed, "n"), skip))...)
		},
	},
	{
		name:        "history/skipped",
		needs:       recording,
		explanation: "Each skipped time is recorded, with no run, by the scheduler that claimed; the Reason is the SkipReason of the job's MaxInstances and of the answer.",
		check: func(e *env) error {
			s := e.owner("n")
			j := due("a", 1)
			j.MaxInstances = 3
			s.insert(j)
			s.do(1, then(2))
			c := s.do(3, func(_ *job.Job, _ int, step *stores.Step) {
				step.Skipped, step.Next = append(step.Skipped, at(2), at(3.000001)), at(9)
			})
			reason := c.Skipped[0].SkipReason(3)
			return s.written(ofTime("a", job.Skipped, 2, "n", reason), ofTime("a", job.Skipped, 3.000001, "n", reason))
		},
	},
	{
		name:        "history/skipped-coalesced",
		needs:       recording,
		explanation: "If a step has no Runs, the record of its first skipped time covers the times since First, which were coalesced into it.",
		check: func(e *env) error {
			s := e.owner("n")
			j := due("a", 1)
			j.MaxInstances = 1
			s.insert(j)
			s.do(1, then(2))
			c := s.do(5, func(_ *job.Job, _ int, step *stores.Step) {
				step.Skipped, step.First, step.Next = append(step.Skipped, at(4), at(5)), at(2), at(9)
			})
			reason := c.Skipped[0].SkipReason(1)
			first := ofTime("a", job.Skipped, 4, "n", reason)
			first.First = at(2)
			return s.written(first, ofTime("a", job.Skipped, 5, "n", reason))
		},
	},
	{
		name:        "history/parked",
		needs:       recording,
		explanation: "Each job in Parked is recorded with its next run time and the same Reason, whether it is for the names or for the plan.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(alienTask("a", 1), due("b", 2.000001), alienTask("c", 50))
			c := s.claim(3, stores.Claim{Known: little, Plan: park("no\nwäy")})
			reasons := map[string]string{}
			for _, p := range c.Parked {
				reasons[p.JobID] = p.Reason
			}
			return errors.Join(want("Reason", "no\nwäy", reasons["b"]),
				s.written(ofTime("a", job.Parked, 1, "n", reasons["a"]), ofTime("b", job.Parked, 2.000001, "n", reasons["b"])))
		},
	},
	{
		name:        "history/lost",
		needs:       shared | recording,
		waits:       true,
		explanation: "A lost run is recorded by the claim that reports it, with the node that had it and a reason.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1), eager("k", 1), eager("deleted", 1))
			c := a.do(1, then(9))
			a.delete("deleted")
			e.expire()
			b := e.node("b")
			b.do(1, once)
			for _, r := range b.history(stores.HistoryQuery{Outcomes: []job.Outcome{job.Lost}}) {
				if r.Reason == "" {
					return fmt.Errorf("there is no reason: %s", record(&r))
				}
			}
			return b.written(append(ofJob(job.Removed, "deleted"), ofRun(c.Runs[0], job.Lost, "a"), ofRun(c.Runs[1], job.Lost, "a"))...)
		},
	},
	{
		name:        "history/node",
		needs:       shared | recording,
		explanation: "A record has the name of the scheduler that recorded it.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			c := a.do(1, then(2))
			a.release(c.Runs...)
			c = b.claim(1, stores.Claim{})
			b.finish(job.Executed, c.Runs...)
			c.Skipped = a.do(2, skip(3)).Skipped
			return b.written(ofRun(c.Runs[0], job.Executed, "b"), ofTime("j", job.Skipped, 2, "a", c.Skipped[0].SkipReason(1)))
		},
	},
	{
		name:        "history/changes",
		needs:       recording,
		explanation: "A Put records what it does to a job that was there: that it is paused, resumed or modified. A new job leaves no record.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), idle("p"))
			s.replace(due("a", 1), idle("b"), idle("p"))
			s.replace(idle("a"), due("c", 1))
			s.put(stores.IfVersion, s.get("p"))
			paused := s.get("p")
			paused.NextRunTime = at(5)
			s.put(stores.IfVersion, paused)
			return s.written(slices.Concat(ofJob(job.Modified, "a", "p", "p"), ofJob(job.Paused, "a"), ofJob(job.Resumed, "p"))...)
		},
	},
	{
		name:        "history/put-twice",
		needs:       recording,
		explanation: "A Put is recorded as if it put one job after the other.",
		check: func(e *env) error {
			s := e.owner("n")
			s.replace(due("a", 1), idle("a"), due("a", 2), due("a", 3))
			return s.written(slices.Concat(ofJob(job.Paused, "a"), ofJob(job.Resumed, "a"), ofJob(job.Modified, "a"))...)
		},
	},
	{
		name:        "history/removed",
		needs:       recording,
		explanation: "Delete records each job that was there, once, and DeleteAll all of them. A job that ends leaves no record of that.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 2), idle("c"), due("d", 3), due("e", 1))
			c := s.do(1, once)
			s.insert(due("a", 5))
			s.delete("a", "x", "a", "e")
			s.deleteAll()
			s.deleteAll()
			s.finish(job.Executed, c.Runs...)
			return s.written(slices.Concat(ofJob(job.Removed, "a", "b", "c", "d"),
				[]job.Record{ofRun(c.Runs[0], job.Executed, "n"), ofRun(c.Runs[1], job.Executed, "n")})...)
		},
	},
	{
		name:        "history/empty",
		needs:       recording,
		explanation: "The history of a new store is empty, and that of jobs that nothing has happened to.",
		check: func(e *env) error {
			s := e.owner("n")
			first := s.written()
			s.insert(due("a", 1))
			s.do(1, then(2))
			s.get("a")
			s.do(0, once)
			return errors.Join(first, s.written())
		},
	},
	{
		name:        "history/many",
		needs:       recording,
		explanation: "A claim or Finish of many runs records each of them.",
		check: func(e *env) error {
			s := e.owner("n")
			const n = 300
			var jobs []job.Job
			for i := range n {
				jobs = append(jobs, due(fmt.Sprint(i), 0))
			}
			s.insert(jobs...)
			s.finish(job.Executed, s.claim(0, stores.Claim{Limit: n}).Runs...)
			seen := map[string]bool{}
			q := stores.HistoryQuery{Limit: 128}
			for range n {
				page := s.history(q)
				for _, r := range page {
					seen[r.JobID] = true
				}
				if len(page) < q.Limit {
					break
				}
				q.Before = page[len(page)-1].Seq
			}
			return want("jobs", fmt.Sprint(n), len(seen))
		},
	},
	{
		name:        "history/reopen",
		needs:       durable | recording,
		explanation: "The history outlives Close, and its Seq goes on.",
		check: func(e *env) error {
			s := e.owner("n")
			s.runOnce("a")
			e.must("Close", s.close())
			s = e.owner("m")
			s.runOnce("b")
			e.must("Close", s.close())
			return want("history", "b a", e.owner("o").asked(stores.HistoryQuery{}))
		},
	},
}
