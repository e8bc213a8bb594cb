//go:build unix

package torture

import "syscall"

// Freeze stops the worker where it is (SIGSTOP).
func (w *Worker) Freeze() { w.signal(syscall.SIGSTOP) }

// Thaw has a frozen worker go on.
func (w *Worker) Thaw() { w.signal(syscall.SIGCONT) }

func (w *Worker) signal(s syscall.Signal) {
	w.t.Helper()
	if err := w.command.Process.Signal(s); err != nil {
		w.t.Fatalf("%s: %v: %v", w.Name, s, err)
	}
}
