package claim_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(second int) time.Time { return noon.Add(time.Duration(second) * time.Second) }

// spec makes the settings of a job that calls this task.
func spec(id, task string, delivery job.Delivery) *rows.Spec {
	j := job.Defaults{Delivery: delivery}.Apply(job.Job{ID: id, Call: job.NewTask[int](task, nil).With(1)})
	settings, err := rows.Encode(&j)
	if err != nil {
		panic(err)
	}
	return rows.Decode(id, &settings, nil)
}

func due(id string, second int) claim.Job {
	return claim.Job{ID: id, Version: 1, Born: 1, Next: at(second), Spec: spec(id, "work", job.AtMostOnce)}
}

func unfinished(id, instance int64, delivery job.Delivery) claim.Run {
	return claim.Run{
		Run:  rows.Run{ID: id, Instance: instance, JobID: fmt.Sprint("j", instance), Node: "old", Attempt: 1, Scheduled: at(0), First: at(0)},
		Spec: spec(fmt.Sprint("j", instance), "work", delivery),
	}
}

// begin begins a claim by a node without a past.
func begin(limit int, plan func(*job.Job, int, *stores.Step)) *claim.Decision {
	m := &claim.Memory{}
	return m.Begin(&stores.Claim{Node: "n", Seq: 1, Now: at(9), Limit: limit, Plan: plan}, "jobs")
}

// once runs a job for its next run time and ends it.
func once(j *job.Job, _ int, step *stores.Step) {
	step.Runs, step.Ended = append(step.Runs, j.NextRunTime), true
}

// number gives runs IDs from 100 on.
func number(d *claim.Decision) {
	ids := make([]int64, d.Unnumbered())
	for i := range ids {
		ids[i] = int64(100 + i)
	}
	d.Number(ids)
}

// told is a claim's answer in short.
func told(c *stores.Claimed) string {
	var b strings.Builder
	for _, r := range c.Runs {
		fmt.Fprintf(&b, "run %d/%d %s@%d#%d ", r.ID, r.Instance, r.JobID, r.Scheduled.Second(), r.Attempt)
	}
	for _, r := range c.Lost {
		fmt.Fprintf(&b, "lost %d ", r.ID)
	}
	for _, s := range c.Skipped {
		fmt.Fprintf(&b, "skipped %s %d times for %d since %d ", s.JobID, len(s.Times), s.Running, s.RunningSince.Second())
	}
	for _, p := range c.Parked {
		fmt.Fprintf(&b, "parked %s ", p.JobID)
	}
	for _, id := range c.Ended {
		fmt.Fprintf(&b, "ended %s ", id)
	}
	if c.More {
		b.WriteString("more")
	}
	return strings.TrimSpace(b.String())
}

func same(t *testing.T, what string, got any, want string) {
	t.Helper()
	if fmt.Sprint(got) != want {
		t.Errorf("%s:\n got %v\nwant %s", what, got, want)
	}
}

func TestBury(t *testing.T) {
	d := begin(9, once)
	deleted := unfinished(3, 3, job.AtLeastOnce)
	deleted.Deleted = true
	d.Bury([]claim.Run{unfinished(1, 1, job.AtMostOnce), unfinished(2, 2, job.AtLeastOnce), deleted})
	same(t, "told", told(d.Claimed), "lost 1 lost 3")
	same(t, "written", fmt.Sprint(len(d.Lost), len(d.Freed), d.Freed[0].ID), "2 1 2")
	for _, r := range d.Records(at(5)) {
		same(t, "record", fmt.Sprint(r.Outcome, " of ", r.Node, " at ", r.At.Second(), " because ", r.Reason),
			"lost of old at 5 because its scheduler has died; whether it was executed is unknown")
	}
}

func TestHandOut(t *testing.T) {
	alien := unfinished(2, 2, job.AtMostOnce)
	alien.Spec = spec("alien", "alien", job.AtMostOnce)
	runs := []claim.Run{unfinished(1, 1, 0), alien, unfinished(3, 3, 0), unfinished(4, 3, 0), unfinished(5, 5, 0)}
	for _, c := range []struct {
		limit int
		want  string
	}{
		{1, "run 1/1 j1@0#2 more"},
		{2, "run 1/1 j1@0#2 run 3/3 j3@0#2 run 4/3 j3@0#2 more"},
		{4, "run 1/1 j1@0#2 run 3/3 j3@0#2 run 4/3 j3@0#2 run 5/5 j5@0#2"},
	} {
		m := &claim.Memory{}
		d := m.Begin(&stores.Claim{Node: "n", Limit: c.limit, Known: &stores.Known{Tasks: []string{"work"}}}, "jobs")
		d.HandOut(runs)
		same(t, fmt.Sprint("Limit ", c.limit), told(d.Claimed), c.want)
		if last := d.Taken[len(d.Taken)-1]; last.Node != "n" || last.Attempt != 2 {
			t.Errorf("written: %+v", last)
		}
	}
}

func TestPlan(t *testing.T) {
	live := due("l", 1)
	live.Live = claim.Live{Instances: 1, Oldest: 7, Since: at(3)}
	for name, c := range map[string]struct {
		limit int
		jobs  []claim.Job
		plan  func(*job.Job, int, *stores.Step)
		told  string
		moves string
	}{
		"once": {9, []claim.Job{due("a", 1), due("b", 2)}, once,
			"run 100/100 a@1#1 run 101/101 b@2#1 ended a ended b", "a v2 ended, b v2 ended, "},
		"limit": {1, []claim.Job{due("a", 1), due("b", 2)}, once,
			"run 100/100 a@1#1 ended a more", "a v2 ended, "},
		"instances": {1, []claim.Job{due("a", 1)}, func(_ *job.Job, _ int, step *stores.Step) {
			step.Runs, step.Next, step.Wait = append(step.Runs, at(1), at(2)), at(3), true
		}, "run 100/100 a@1#1 run 101/100 a@2#1", "a v2 at 3 waits, "},
		"nothing to wait for": {1, []claim.Job{due("a", 1)}, func(_ *job.Job, _ int, step *stores.Step) {
			step.Next, step.Wait = at(3), true
		}, "", "a v2 at 3, "},
		"wait for others": {1, []claim.Job{live}, func(_ *job.Job, _ int, step *stores.Step) {
			step.Next, step.Wait = at(3), true
		}, "", "l v2 at 3 waits, "},
		"skipped": {1, []claim.Job{live}, func(_ *job.Job, n int, step *stores.Step) {
			step.Skipped, step.Next = append(step.Skipped, at(1)), at(n)
		}, "skipped l 1 times for 7 since 3", "l v2 at 1, "},
		"skipped for its own run": {9, []claim.Job{due("z", 0), due("a", 1)}, func(j *job.Job, _ int, step *stores.Step) {
			step.Runs, step.Next = append(step.Runs, j.NextRunTime), at(8)
			if j.ID == "a" {
				step.Skipped = append(step.Skipped, at(2), at(3))
			}
		}, "run 100/100 z@0#1 run 101/101 a@1#1 skipped a 2 times for 101 since 1", "z v2 at 8, a v2 at 8, "},
		"paused": {1, []claim.Job{due("a", 1)}, func(*job.Job, int, *stores.Step) {}, "", "a v2, "},
		"parked": {1, []claim.Job{due("a", 1)}, func(_ *job.Job, _ int, step *stores.Step) { step.Park = "no" }, "parked a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := begin(c.limit, c.plan)
			d.Plan(c.jobs)
			number(d)
			same(t, "told", told(d.Claimed), c.told)
			moves := ""
			for _, m := range d.Moves {
				moves += fmt.Sprintf("%s v%d", m.ID, m.Version)
				if !m.Next.IsZero() {
					moves += fmt.Sprint(" at ", m.Next.Second())
				}
				if m.Waiting {
					moves += " waits"
				}
				if m.Ended {
					moves += " ended"
				}
				moves += ", "
			}
			same(t, "moves", moves, c.moves)
			for i, r := range d.Started {
				if told := d.Claimed.Runs[i]; told.ID != r.ID || told.Instance != r.Instance || r.Node != "n" || r.Attempt != 1 {
					t.Errorf("told %+v, written %+v", told, r)
				}
			}
			for _, r := range d.Records(noon) {
				if r.Outcome == job.Skipped && !strings.Contains(r.Reason, fmt.Sprintf("run %d, scheduled for", d.Claimed.Skipped[0].Running)) {
					t.Errorf("the record of a skip says %q", r.Reason)
				}
			}
		})
	}
}

// What was parked is told once, until the job is put or the names that are
// known have changed; nothing is remembered of a claim that was not kept.
func TestParking(t *testing.T) {
	little, more := &stores.Known{Tasks: []string{"work"}}, &stores.Known{Tasks: []string{"work", "play"}}
	m := &claim.Memory{}
	alien := due("a", 1)
	alien.Spec = spec("alien", "alien", job.AtMostOnce)
	meet := func(known *stores.Known, put, version int64, keep bool) string {
		alien.Put, alien.Version = put, version
		d := m.Begin(&stores.Claim{Node: "n", Now: at(9), Limit: 1, Known: known, Plan: once}, "jobs")
		wants := d.Wants()
		if d.Admits(&alien) {
			t.Error("a job of an unknown task was admitted")
		}
		d.Complete(true)
		if keep {
			m.Keep(d)
		}
		return fmt.Sprint(told(d.Claimed), " of ", wants, ", wakes: ", d.Wakes("a", version, alien.Spec), d.Wakes("b", 1, due("b", 1).Spec))
	}
	same(t, "not kept", meet(little, 1, 1, false), "parked a of 2, wakes: false true")
	same(t, "first", meet(little, 1, 1, true), "parked a of 2, wakes: false true")
	same(t, "second", meet(little, 1, 1, true), " of 3, wakes: false true")
	same(t, "moved", meet(little, 1, 2, true), " of 3, wakes: false true")
	same(t, "put", meet(little, 3, 3, true), "parked a of 3, wakes: false true")
	same(t, "known", meet(more, 3, 3, true), "parked a of 2, wakes: false true")
	same(t, "again", meet(more, 3, 3, true), " of 3, wakes: false true")
}

// A job that others have moved is told of again after very many others.
func TestToldForgets(t *testing.T) {
	var told claim.Told
	meet := func(id string) bool { return told.Meet(id, claim.Verdict{Put: 1, Reason: "no"}) }
	next := 0
	pass := func() {
		for range 1 << 16 {
			meet(fmt.Sprint("job-", next))
			next++
		}
		meet("due")
		told.Passed()
	}
	meet("moved")
	pass()
	same(t, "after many", meet("moved"), "false")
	for range 5 {
		pass()
	}
	same(t, "after very many", fmt.Sprint(meet("moved"), meet("job-0"), meet("due")), "true true false")
}

// Strangers are met in rounds: those that are due since the last claim at once,
// of the others some.
func TestRound(t *testing.T) {
	m := &claim.Memory{}
	known := &stores.Known{Tasks: []string{"work"}}
	var strangers []claim.Job
	for i := range claim.Strangers + 10 {
		j := due(fmt.Sprintf("j%02d", i), 1)
		j.Put, j.Spec = 1, spec(j.ID, "alien", job.AtMostOnce)
		strangers = append(strangers, j)
	}
	// meet does what an engine does, at this second.
	meet := func(second int) string {
		d := m.Begin(&stores.Claim{Node: "n", Now: at(second), Limit: 1, Known: known, Plan: once}, "jobs")
		next, id := d.Behind()
		var page, fresh []claim.Job
		for _, j := range strangers {
			switch behind := cmp.Or(j.Next.Compare(next), cmp.Compare(j.ID, id)) > 0; {
			case j.Next.After(d.Now):
			case j.Next.After(d.Front()):
				fresh = append(fresh, j)
			case behind && len(page) < claim.Strangers:
				page = append(page, j)
			}
		}
		d.Meet(append(page, fresh...))
		m.Keep(d)
		return fmt.Sprint(len(page), "+", len(fresh), " ", told(d.Claimed))
	}
	first := meet(1)
	same(t, "first", first[:10], fmt.Sprint("0+", len(strangers), " parke"))
	same(t, "some", meet(1), fmt.Sprint(claim.Strangers, "+0 "))
	strangers[3].Put, strangers[35].Put, strangers[35].Version = 2, 2, 2
	strangers[3].Version, strangers[20].Next = 2, at(2)
	strangers = append(slices.Delete(slices.Clone(strangers), 20, 21), strangers[20])
	same(t, "the rest, and what is due since", meet(2), "10+1 parked j35")
	same(t, "anew", meet(2), fmt.Sprint(claim.Strangers, "+0 parked j03"))
	same(t, "to the end", meet(2), "10+0 ")
	same(t, "other names", meet(2), fmt.Sprint(claim.Strangers, "+0 "))
}

// What Plan has parked does not wake anybody, though the names are known.
func TestParkedByPlan(t *testing.T) {
	m := &claim.Memory{}
	c := &stores.Claim{Node: "n", Now: at(9), Limit: 1, Plan: func(_ *job.Job, _ int, step *stores.Step) { step.Park = "no" }}
	d := m.Begin(c, "jobs")
	j := due("a", 1)
	d.Plan([]claim.Job{j})
	same(t, "wakes", d.Wakes("a", 1, j.Spec), "false")
	m.Keep(d)
	d = m.Begin(c, "jobs")
	same(t, "admitted", fmt.Sprint(d.Admits(&j), d.Wakes("a", 1, j.Spec), d.Wakes("a", 2, j.Spec)), "false false true")
}

func TestRepeats(t *testing.T) {
	m := &claim.Memory{}
	c := &stores.Claim{Node: "n", Seq: 3, Limit: 1, Plan: once}
	same(t, "before", m.Repeats(c), "false")
	d := m.Begin(c, "jobs")
	d.Plan([]claim.Job{due("a", 1)})
	number(d)
	m.Keep(d)
	d.Claimed.Ended[0] = "x" // it is the caller's
	same(t, "after", fmt.Sprint(m.Repeats(c), m.Repeats(&stores.Claim{Node: "n", Seq: 4}), m.Repeats(&stores.Claim{Node: "o", Seq: 3})), "true false false")
	left := []claim.Run{{Run: d.Started[0], Spec: spec("a", "work", job.AtMostOnce)}}
	same(t, "again", told(m.Again(c, "jobs", left)), "run 100/100 a@1#1 ended a")
	same(t, "what another process claimed", told((&claim.Memory{}).Again(c, "jobs", left)), "run 100/100 a@1#1")
	zero := &stores.Claim{Node: "n", Limit: 1, Plan: once}
	m.Keep(m.Begin(zero, "jobs"))
	same(t, "0", m.Repeats(zero), "false")
}
