package torture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
)

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
