package clocktest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// mutant is a bug that is planted by replacing one piece of the source.
type mutant struct {
	name     string
	file     string // below the module's root
	old, new string
	sweep    string // the test that finds it
}

var mutants = []mutant{
	{
		"a late reply is taken, and the claim repeated", "actors/store.go",
		"	if err != nil {\n		err = &job.Error{Op: \"claim due jobs\"",
		"	if err != nil && claimed != nil {\n		err = nil\n		defer func(n uint64) { s.claimed = n }(s.claimed)\n	}\n	if err != nil {\n		err = &job.Error{Op: \"claim due jobs\"",
		"TestSweepJobs",
	},
	{
		"a store that has failed is not asked again", "actors/scheduler.go",
		"shelf.next = earlier(shelf.next, now.Add(s.host.config.RetryInterval))", "",
		"TestSweepJobs",
	},
	{
		"outcomes are forgotten when the store panics", "actors/recording.go",
		"	if err != nil {\n		s.unrecorded = true\n		return err\n	}\n	s.forgetDone()\n",
		"	s.forgetDone()\n	if err != nil {\n		return err\n	}\n",
		"TestSweepJobs",
	},
	{
		"ends that come during a claim are forgotten when the next one fails", "actors/recording.go",
		"	case answer == nil:\n		s.record()\n", "	case answer == nil:\n		s.forgetDone()\n",
		"TestSweepJobs",
	},
	{
		"one instance more than MaxInstances", "actors/plan.go",
		"live >= j.MaxInstances", "live > j.MaxInstances",
		"TestSweepJobs",
	},
	{
		"what is claimed while a pause begins is submitted", "actors/submit.go",
		"if s.state == messages.Running {\n		s.submit", "if s.state != messages.Stopped {\n		s.submit",
		"TestSweepPauses",
	},
	{
		"the first of several run times is run", "actors/plan.go",
		"latest = runTime(last)", "_ = last",
		"TestSweepJobs",
	},
	{
		"the timer stands still after a jump", "actors/timer.go",
		"t.send(t.host.scheduler, &messages.Jumped{By: by})",
		"t.pending.Stop()\n			t.pending = nil\n			return",
		"TestSweepJobs",
	},
	{
		"the pause is told before it has begun", "actors/supervisor.go",
		"	s.setMode(to)\n	s.begin(func(error) {\n		s.enter(to)\n		s.publish(&messages.SchedulerPaused{At: s.host.rt.Now()})\n",
		"	s.setMode(to)\n	s.publish(&messages.SchedulerPaused{At: s.host.rt.Now()})\n	s.begin(func(error) {\n		s.enter(to)\n",
		"TestSweepPauses",
	},
	{
		"a lease that has ended is honoured", "stores/memory/lease.go",
		"n != nil && n.alive(s.elapsed) {", "n != nil {",
		"TestSweepFrozen",
	},
	{
		"runs are started without a look at the lease", "actors/heartbeat.go",
		"return !b.now().Before(b.until)", "return false",
		"TestSweepFrozen",
	},
	{
		"a scheduler resigns while its runs go on", "actors/scheduler.go",
		"Idle: shelf_.unfinished == 0", "Idle: true",
		"TestSweepDepartures",
	},
	{
		"the scheduler is not told of a job that is sooner", "actors/desk.go",
		"next.Before(s.told)", "next.After(s.told)",
		"TestSweepChanges",
	},
	{
		"an executor that is opened anew forgets its runs", "actors/executor.go",
		"	e.lose(fault)\n	if err := e.openExecutor()",
		"	e.lots.clear()\n	e.generation++\n	if err := e.openExecutor()",
		"TestSweepJobs",
	},
}

// most is how many faults a report may name.
const most = 10

// TestMutations plants one bug after the other, and has the sweeps find each
// within a thousand seeds and show it with few faults.
func TestMutations(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("it builds a program for each; run it without -short")
	case builtWithRace():
		t.Skip("it is about what is found, not about races; run it without -race")
	}
	for _, m := range mutants {
		t.Run(strings.ReplaceAll(m.name, " ", "_"), func(t *testing.T) {
			report := m.run(t, m.build(t))
			found := regexp.MustCompile(`seed (\d+): (.*)\n +faults, (\d+) of (\d+) needed`).FindStringSubmatch(report)
			if found == nil {
				t.Fatalf("%s does not find it:\n%s", m.sweep, report)
			}
			t.Logf("seed %s, %s of %s faults: %s", found[1], found[3], found[4], found[2])
			if needed, _ := strconv.Atoi(found[3]); needed > most {
				t.Errorf("the report names %d faults, want %d at the most", needed, most)
			}
		})
	}
}

func builtWithRace() bool {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return true
		}
	}
	return false
}

// build builds the package's tests with the bug, and returns the program.
func (m *mutant) build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path, err := filepath.Abs(filepath.Join("..", m.file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		t.Fatalf("%s has %d places to plant this bug in, want 1:\n%s", m.file, n, m.old)
	}
	mutated := filepath.Join(dir, filepath.Base(m.file))
	write(t, mutated, []byte(strings.Replace(string(source), m.old, m.new, 1)))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: mutated}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), overlay)
	program := filepath.Join(dir, "mutant.test")
	build := exec.Command("go", "test", "-c", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// run runs the sweep over a thousand seeds and returns its report.
func (m *mutant) run(t *testing.T, program string) string {
	t.Helper()
	sweep := exec.Command(program, "-test.run", "^"+m.sweep+"$", "-test.timeout", "100s")
	sweep.Env = append(os.Environ(), "CARILLON_SEEDS=1000")
	out, err := sweep.CombinedOutput()
	if err == nil {
		t.Fatalf("%s passes with this bug", m.sweep)
	}
	return string(out)
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
