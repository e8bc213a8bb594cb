package clocktest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/clocktest"
)

// envHistories asks a process for its histories, and says where to write them.
const envHistories = "CARILLON_HISTORIES"

// histories returns what can be seen of fifty seeds, each in a line.
func histories() string {
	var lines strings.Builder
	for seed := range uint64(50) {
		for _, mode := range modes {
			c := mode.config
			c.Seed, c.Faults = seed, clocktest.AllFaults()
			h := small.history(c)
			fmt.Fprintf(&lines, "seed %d, %s: %016x, %d steps, %d runs, %s\n", seed, mode.name, h.hash, h.steps, h.runs, h.faults)
		}
	}
	return lines.String()
}

// TestHistories is what TestSameHistoryElsewhere has other processes do.
func TestHistories(t *testing.T) {
	path := os.Getenv(envHistories)
	if path == "" {
		t.Skip("TestSameHistoryElsewhere asks for it")
	}
	write(t, path, []byte(histories()))
}

// TestSameHistoryElsewhere has other processes simulate the same seeds, with one
// processor and with two, with the race detector and without it.
func TestSameHistoryElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program; run it without -short")
	}
	here, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs := []string{here}
	if other, err := buildOther(t); err != nil {
		t.Logf("only this build is compared: %v", err)
	} else {
		programs = append(programs, other)
	}
	want := histories()
	for _, program := range programs {
		for _, processors := range []string{"1", "2"} {
			path := filepath.Join(t.TempDir(), "histories")
			run := exec.Command(program, "-test.run", "^TestHistories$", "-test.timeout", "100s")
			run.Env = append(os.Environ(), envHistories+"="+path, "GOMAXPROCS="+processors)
			if out, err := run.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != want {
				t.Errorf("%s, GOMAXPROCS=%s: other histories:\n%s", filepath.Base(program), processors, firstDifference(string(got), want))
			}
		}
	}
}

// buildOther builds these tests with the race detector if they are built without
// it, or without it, and returns the program.
func buildOther(t *testing.T) (string, error) {
	program := filepath.Join(t.TempDir(), "other.test")
	build := exec.Command("go", "test", "-c", fmt.Sprintf("-race=%v", !raceDetector), "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return program, nil
}

func firstDifference(got, want string) string {
	lines := strings.Split(want, "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(lines) || line != lines[i] {
			return fmt.Sprintf("%s\nhere\n%s", line, strings.Join(lines[i:min(i+1, len(lines))], ""))
		}
	}
	return "they end earlier"
}
