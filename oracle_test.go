package carillon_test

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOracle holds our behaviour against that of APScheduler 3.11.2, which was
// recorded from it. Where we behave otherwise a row of differences says why and
// how, and the test fails when a row is not needed any more. Where the
// reference does wrong a row of quirks says what we do.
//
// What is compared, step by step: the operations and their answers, the calls
// of functions, the events, each in order and with its time; at the end the
// state and the table of jobs. A call and the event that tells of it have no
// order, for events are delivered while the scheduler goes on.
func TestOracle(t *testing.T) {
	for _, folder := range oracleFolders() {
		t.Run(folder.name, func(t *testing.T) {
			l := &oracleLedger{needed: map[string]string{}}
			for _, name := range []string{"traces", "traces_more"} {
				l.run(t, name, func(t *testing.T) {
					for _, c := range readOracle[*scenario](t, folder, name+".jsonl") {
						l.run(t, c.ID, func(t *testing.T) { l.hold(t, c, c.recorded(), play) })
					}
				})
			}
			l.run(t, "quirks", func(t *testing.T) {
				for _, c := range readOracle[*scenario](t, folder, "traces_quirks.jsonl") {
					t.Run(c.ID, func(t *testing.T) { quirkOf(t, c, folder).hold(t, c) })
				}
			})
			l.run(t, "errors", func(t *testing.T) {
				for _, f := range readOracle[*failure](t, folder, "errors.jsonl") {
					l.run(t, f.ID, func(t *testing.T) { f.hold(t, l) })
				}
			})
			if folder == builtIn {
				l.close(t)
			}
		})
	}
}

// recorded is what the reference has made of a scenario.
func (c *scenario) recorded() *account {
	a := cut(len(c.Script), c.Expect.Log)
	a.jobs, a.state = c.Expect.Jobs, c.Expect.State
	return a
}

// oracleLedger keeps for each difference a scenario that has needed it.
type oracleLedger struct {
	needed map[string]string
	missed int // tests that were not run, because others were asked for
}

// run is t.Run, and notes whether the test was run.
func (l *oracleLedger) run(t *testing.T, name string, play func(t *testing.T)) {
	played := false
	t.Run(name, func(t *testing.T) {
		played = true
		play(t)
	})
	if !played {
		l.missed++
	}
}

// hold plays a scenario, and holds what comes of it against the reference's
// account.
func (l *oracleLedger) hold(t *testing.T, c *scenario, theirs *account, play func(*testing.T, *scenario, []difference) *account) {
	ours := play(t, c, differences)
	for _, fault := range ours.contradictions() {
		t.Error(fault)
	}
	for _, fault := range c.compare(theirs, ours, differences) {
		t.Error(fault)
	}
	if t.Failed() {
		t.Logf("%s", c.Title)
		return
	}
	for i, d := range differences {
		others := slices.Delete(slices.Clone(differences), i, i+1)
		needed := false
		switch {
		case l.needed[d.name] != "":
		case d.racy:
			needed = setsApart(c, d, theirs)
		case d.play != nil:
			needed = d.play(c, new(world)) && len(c.compare(theirs, play(t, c, others), others)) > 0
		default:
			needed = len(c.compare(theirs, ours, others)) > 0
		}
		if needed {
			l.needed[d.name] = c.ID
		}
	}
}

// close fails for the differences that nothing has needed.
func (l *oracleLedger) close(t *testing.T) {
	for _, d := range differences {
		if id := l.needed[d.name]; id != "" {
			t.Logf("%s differs: %s (%s)", id, d.name, d.reason)
		} else if !t.Failed() && l.missed == 0 {
			t.Errorf("no scenario differs any more: %s", d.name)
		}
	}
}

// compare returns what differs between two accounts, beside the given
// differences.
func (c *scenario) compare(theirs, ours *account, except []difference) (faults []string) {
	theirs, ours = theirs.clone(), ours.clone()
	for _, d := range except {
		if d.apply != nil {
			d.apply(c, theirs, ours)
		}
	}
	for i := range theirs.parts {
		want, got := streamsOf(theirs.parts[i]), streamsOf(ours.parts[i])
		names := maps.Clone(want)
		maps.Copy(names, got)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if !strings.HasPrefix(name, beyond) {
				faults = append(faults, contrast(fmt.Sprintf("step %d (%s): %s", i, c.Script[i].Op, name), want[name], got[name])...)
			}
		}
	}
	faults = append(faults, contrast("jobs", rowTexts(theirs.jobs), rowTexts(ours.jobs))...)
	return append(faults, contrast("state", []string{theirs.state}, []string{ours.state})...)
}

// setsApart says whether a difference separates entries that have an order.
func setsApart(c *scenario, d difference, theirs *account) bool {
	apart := theirs.clone()
	d.apply(c, apart, &account{})
	for i := range theirs.parts {
		if len(streamsOf(apart.parts[i])) > len(streamsOf(theirs.parts[i]))+1 {
			return true
		}
	}
	return false
}

// contradictions returns what must not be in any account of ours: an outcome
// of a run that was not submitted before, or that had one before.
func (a *account) contradictions() (faults []string) {
	open := map[string]int{}
	key := func(e *entry, run time.Time) string { return e.Job + " in " + e.Store + " at " + timeText(run) }
	for e := range a.entries() {
		if e.Listener != "" {
			continue
		}
		if e.Event == "JOB_SUBMITTED" {
			for _, run := range e.Runs {
				open[key(e, run)]++
			}
		}
		if e.isOutcome() {
			if open[key(e, e.Run)]--; open[key(e, e.Run)] < 0 {
				faults = append(faults, "the outcome of a run that is not open: "+e.text())
			}
		}
	}
	return faults
}

// contrast describes how two lists differ, if they do: what is left of them
// without the ends that are equal.
func contrast(what string, theirs, ours []string) []string {
	if slices.Equal(theirs, ours) {
		return nil
	}
	for len(theirs) > 0 && len(ours) > 0 && theirs[0] == ours[0] {
		theirs, ours = theirs[1:], ours[1:]
	}
	for len(theirs) > 0 && len(ours) > 0 && theirs[len(theirs)-1] == ours[len(ours)-1] {
		theirs, ours = theirs[:len(theirs)-1], ours[:len(ours)-1]
	}
	const indent = "\n\t"
	return []string{what + "\n  theirs:" + indent + strings.Join(theirs, indent) + "\n  ours:" + indent + strings.Join(ours, indent)}
}

func (a *account) clone() *account {
	c := &account{jobs: slices.Clone(a.jobs), state: a.state}
	for _, part := range a.parts {
		c.parts = append(c.parts, slices.Clone(part))
	}
	return c
}

// entries are all entries, in order.
func (a *account) entries() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for _, part := range a.parts {
			for i := range part {
				if !yield(&part[i]) {
					return
				}
			}
		}
	}
}

// delete removes entries.
func (a *account) delete(which func(*entry) bool) {
	for i := range a.parts {
		a.parts[i] = slices.DeleteFunc(a.parts[i], func(e entry) bool { return which(&e) })
	}
}

func streamsOf(part []entry) map[string][]string {
	m := map[string][]string{}
	for _, e := range part {
		m[e.stream] = append(m[e.stream], e.text())
	}
	return m
}

func rowTexts(rows []jobRow) (texts []string) {
	for _, r := range rows {
		texts = append(texts, r.text())
	}
	return texts
}
