package clocktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// play plays a short history to a trace, of two schedulers, of which one
// executes two runs.
func play(out *bytes.Buffer, format Format) *trace {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	l := &loop{wall: start}
	t := newTrace(&Config{Log: out, Format: format})
	pass := func(d time.Duration) { l.elapsed += d }
	step := func(node, actor string, message any) {
		l.steps++
		t.step()
		t.handling(l, node, actor, message)
	}
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	runs := []job.Run{
		{ID: 1, JobID: "bill", Store: "default", Scheduled: at(1)},
		{ID: 2, JobID: "mail", Store: "default", Scheduled: at(1), Attempt: 2},
	}

	step("", "supervisor", &messages.Join{Kind: messages.StoreMember, Alias: "default", Member: "store-default-1"})
	step("", "scheduler", &messages.SetMode{State: messages.Running})
	t.ready("", "timer")
	step("", "timer", &messages.SetAlarm{At: at(1)})
	pass(time.Minute)
	t.step()
	t.fault(l, Fault{WallJump, 3})
	step("", "scheduler", &messages.Wakeup{})
	t.ready("", "store-default-1")
	step("", "store-default-1", &messages.ClaimDue{Now: at(1)})
	t.fault(l, Fault{StoreError, 1})
	t.ready("", "scheduler")
	step("", "scheduler", &messages.Claimed{Member: "store-default-1", Err: errors.New("no luck")})
	step("", "scheduler", &messages.Claimed{Member: "store-default-1", Claimed: &stores.Claimed{Runs: runs, Next: at(2)}})
	t.ready("", "executor-default-2")
	t.ready("b", "scheduler")
	step("b", "scheduler", &messages.Due{Member: "store-default-1", At: at(2)})
	step("", "executor-default-2", &messages.Execute{From: "store-default-1", Runs: runs})
	pass(30 * time.Second)
	results := []job.Result{
		{Run: &runs[0], Outcome: job.Executed, Started: at(1), Finished: at(1).Add(30 * time.Second)},
		{Run: &runs[1], Outcome: job.Missed},
	}
	finished := &messages.Finished{From: "store-default-1", Results: results}
	step("", "scheduler", finished)
	step("", "scheduler", finished) // again, after a panic
	executed := messages.JobExecuted(results[0])
	step("", "events", &messages.Publish{Events: []messages.Event{&executed, &messages.JobAdded{JobID: "bill"}, &messages.SchedulerStarted{}}})
	step("", "store-default-1", &messages.Finish{Results: results[:1]})
	many := make([]job.Job, 12)
	for i := range many {
		many[i].ID = fmt.Sprint("job-", i)
	}
	step("", "scheduler", &messages.AddJobs{Jobs: many})
	step("", "scheduler", &messages.PauseJob{Target: messages.Target{ID: "the bill", Store: "default"}})
	t.close()
	return t
}

func TestTrace(t *testing.T) {
	for format, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			var out bytes.Buffer
			play(&out, Format(format))
			golden(t, "trace"+f.suffix, out.String())
		})
	}
}

// TestTraceChangesNothing has the formats give the same hash.
func TestTraceChangesNothing(t *testing.T) {
	hashes := make(map[digest]bool)
	for format := range formats {
		hashes[play(new(bytes.Buffer), Format(format)).digest] = true
	}
	silent := simulateTwoHours(t, nil, 0)
	for format := range formats {
		if hash := simulateTwoHours(t, new(bytes.Buffer), Format(format)); hash != silent {
			t.Errorf("a simulation that is written as %v has another history", Format(format))
		}
	}
	if len(hashes) != 1 {
		t.Errorf("%d hashes of one history", len(hashes))
	}
}

// simulateTwoHours has a scheduler execute an hourly job.
func simulateTwoHours(t *testing.T, out *bytes.Buffer, format Format) (hash uint64) {
	t.Helper()
	config := Config{Seed: 3, SwitchAtSend: true, Format: format, Faults: Faults{StoreSlow: 0.2, JobSlow: 1}, EveryFault: true}
	if out != nil {
		config.Log = out
	}
	sim := New(config)
	defer sim.Close()
	s, err := carillon.New(sim.Config())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if _, err := s.Every(time.Hour, func(context.Context) error { return nil }, carillon.Job{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Start(t.Context()), sim.Advance(150*time.Minute), s.Shutdown(t.Context())); err != nil {
		t.Fatal(err)
	}
	return sim.Hash()
}

// TestChromeTrace checks what Perfetto needs: that the whole is JSON, that every
// arrow begins and ends on a message, and that every run begins and ends.
func TestChromeTrace(t *testing.T) {
	var out bytes.Buffer
	simulateTwoHours(t, &out, Chrome)
	var events []chromeEvent
	if err := json.Unmarshal(out.Bytes(), &events); err != nil {
		t.Fatal(err)
	}
	type place struct {
		process, thread int
		at              int64
	}
	slices, arrows, runs := make(map[place]bool), make(map[any]string), make(map[any]string)
	for _, e := range events {
		where := place{e.Process, e.Thread, e.At}
		switch e.Phase {
		case "X":
			if slices[where] {
				t.Errorf("two messages at %v", where)
			}
			slices[where] = true
		case "s", "f":
			if !slices[where] {
				t.Errorf("the arrow of %s has no message at %v", e.Name, where)
			}
			arrows[e.ID] += e.Phase
		case "b", "e":
			runs[e.ID] += e.Phase
		}
	}
	for id, phases := range arrows {
		if phases != "sf" {
			t.Errorf("arrow %v has the phases %q", id, phases)
		}
	}
	for id, phases := range runs {
		if phases != "be" {
			t.Errorf("run %v has the phases %q", id, phases)
		}
	}
	if len(arrows) < len(slices)/2 || len(runs) != 4 {
		t.Errorf("%d messages have %d arrows; %d runs, want 4", len(slices), len(arrows), len(runs))
	}
}

// TestTraceOfRun has the environment ask for a trace.
func TestTraceOfRun(t *testing.T) {
	for _, f := range formats {
		t.Setenv(envTrace, f.name)
		t.Setenv(envSeed, "7")
		t.Setenv(envCheck, "1")
		Run(t, Config{}, func(sim *Sim) {
			if _, err := carillon.New(sim.Config()); err != nil {
				sim.Fatalf("%v", err)
			}
			if err := sim.Settle(); err != nil {
				sim.Fatalf("%v", err)
			}
		})
		path := filepath.Join(t.ArtifactDir(), "seed-7"+f.suffix)
		if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "GetState") {
			t.Errorf("%s: %v: %s", path, err, text)
		}
	}
	t.Setenv(envTrace, "xml")
	if _, err := newSweep(Config{}, nil); fmt.Sprint(err) != `CARILLON_TRACE="xml": want text, json or chrome` {
		t.Error(err)
	}
}

// golden compares text with a file in testdata; with UPDATE=1 it writes it.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") == "1" {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s (UPDATE=1 writes it anew): got\n%s\nwant\n%s", path, text, want)
	}
}
