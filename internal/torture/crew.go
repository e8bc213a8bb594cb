package torture

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// patience is how long a worker may take for anything.
const patience = 60 * time.Second

// Crew are the workers of a test. Those that are left at its end are killed.
type Crew struct {
	Dir string // of their journals and logs

	t       testing.TB
	workers []*Worker
	life    sync.WaitGroup
}

// NewCrew returns a crew without workers.
func NewCrew(t testing.TB) *Crew {
	c := &Crew{t: t, Dir: t.TempDir()}
	t.Cleanup(func() {
		for _, w := range c.workers {
			w.Kill()
		}
		c.life.Wait()
		c.readLogs()
	})
	return c
}

// Worker is a process.
type Worker struct {
	Name string

	t       testing.TB
	command *exec.Cmd
	in      io.Closer
	log     string // path

	mu    sync.Mutex // guards everything below
	moved sync.Cond
	words []string // told, and not awaited
	ended bool
	err   error
}

// Hire starts a worker. Its name and its journal are filled in.
func (c *Crew) Hire(o Order) *Worker {
	c.t.Helper()
	w, err := c.hire(o)
	if err != nil {
		c.t.Fatalf("worker %d: %v", len(c.workers)+1, err)
	}
	c.workers = append(c.workers, w)
	return w
}

func (c *Crew) hire(o Order) (*Worker, error) {
	o.Worker = fmt.Sprintf("worker-%04d", len(c.workers)+1)
	o.Journal = filepath.Join(c.Dir, o.Worker+journalSuffix)
	order, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	w := &Worker{Name: o.Worker, t: c.t, command: exec.Command(os.Args[0]), log: filepath.Join(c.Dir, o.Worker+".log")}
	w.moved.L = &w.mu
	w.command.Env = append(os.Environ(), orderVariable+"="+string(order))
	log, err := os.Create(w.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	w.command.Stderr = log
	out, err := w.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if w.in, err = w.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := w.command.Start(); err != nil {
		return nil, err
	}
	c.life.Go(func() { w.listen(out) })
	return w, nil
}

// listen hears what the worker tells until it is gone.
func (w *Worker) listen(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		w.mu.Lock()
		w.words = append(w.words, lines.Text())
		w.mu.Unlock()
		w.moved.Broadcast()
	}
	err := w.command.Wait()
	w.mu.Lock()
	w.ended, w.err = true, err
	w.mu.Unlock()
	w.moved.Broadcast()
}

// until waits for a condition of the worker, which is evaluated under its mutex.
func (w *Worker) until(holds func() bool) bool {
	over := false
	defer clock.Real().AfterFunc(patience, func() {
		w.mu.Lock()
		over = true
		w.mu.Unlock()
		w.moved.Broadcast()
	}).Stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	for !holds() {
		if over {
			return false
		}
		w.moved.Wait()
	}
	return true
}

// Await waits until the worker has told a line that begins with these words,
// and returns it. Each line is returned once. The test fails if the worker ends
// without it.
func (w *Worker) Await(words string) (line string) {
	w.t.Helper()
	begins := func(line string) bool { return strings.HasPrefix(line, words) }
	found := false
	w.until(func() bool {
		if i := slices.IndexFunc(w.words, begins); i >= 0 {
			found, line = true, w.words[i]
			w.words = slices.Delete(w.words, i, i+1)
		}
		return found || w.ended
	})
	if !found {
		w.t.Fatalf("%s does not say %q, but %q; its log:\n%s", w.Name, words, w.words, w.logged())
	}
	return line
}

func (w *Worker) logged() []byte {
	text, err := os.ReadFile(w.log)
	if err != nil {
		return []byte(err.Error())
	}
	return text
}

// Kill kills the worker (SIGKILL) and returns when it is gone.
func (w *Worker) Kill() {
	_ = w.command.Process.Kill()
	w.end()
}

// Dismiss has the worker shut down, and returns what it fails with.
func (w *Worker) Dismiss() error {
	if err := w.in.Close(); err != nil {
		return err
	}
	return w.end()
}

func (w *Worker) end() error {
	if !w.until(func() bool { return w.ended }) {
		return fmt.Errorf("%s does not end", w.Name)
	}
	if w.err != nil {
		return fmt.Errorf("%s: %w; its log:\n%s", w.Name, w.err, w.logged())
	}
	return nil
}

// crash is what a Go program prints that is not well.
var crash = regexp.MustCompile(`(?m)^(panic: |fatal error: |WARNING: DATA RACE)`)

// readLogs fails the test if a worker did not die of us.
func (c *Crew) readLogs() {
	for _, w := range c.workers {
		text, err := os.ReadFile(w.log)
		if err != nil {
			c.t.Error(err)
		}
		if at := crash.FindIndex(text); at != nil {
			rest, _, _ := bytes.Cut(text[at[0]:], []byte("\n\n\n"))
			c.t.Errorf("%s:\n%s", w.Name, rest[:min(len(rest), 4000)])
		}
	}
}

// pause waits. It is for instants that are to be random, and between looks at a
// process that cannot tell.
func pause(d time.Duration) {
	if d <= 0 {
		return
	}
	passed := make(chan struct{})
	clock.Real().AfterFunc(d, func() { close(passed) })
	<-passed
}
