package torture

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/carillon-go/carillon/clock"
)

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

// Says reports whether the worker has told a line that begins with these words,
// and was not awaited.
func (w *Worker) Says(words string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.words, func(line string) bool { return strings.HasPrefix(line, words) })
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
