// Replicas has three schedulers share one store, as three copies of a program
// would, and counts who has executed what.
//
//	go run ./examples/replicas
//
// Twenty jobs are due five times, 300 ms apart. Each run is executed by one of the
// schedulers, whichever claims it first: there is no leader. One of them is a
// worker that knows the task "resize" only, and leaves the others' jobs alone.
// Half way another one is shut down, and the rest do its work.
//
// They share a file here, and so could processes of one machine. With
// postgres.Open in place of sqlite.Open they could be on many.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

type picture struct{ Name string }

var (
	resize = carillon.NewTask("resize", func(context.Context, picture) error { return nil })
	send   = carillon.NewTask("send", func(context.Context, picture) error { return nil })
)

func main() {
	folder, err := os.MkdirTemp("", "carillon")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := run(context.Background(), os.Stdout, filepath.Join(folder, "jobs.db")); err != nil {
		log.Print(err)
	}
}

func run(ctx context.Context, w io.Writer, file string) error {
	runs := &tally{ends: make(map[string]int), foreign: make(map[string]bool), complete: make(chan struct{})}
	var replicas []*carillon.Scheduler
	for _, tasks := range []carillon.Tasks{
		carillon.NewTasks(resize, send),
		carillon.NewTasks(resize, send),
		carillon.NewTasks(resize), // a worker
	} {
		s, err := startReplica(ctx, file, tasks, runs)
		if err != nil {
			return err
		}
		defer s.Shutdown(ctx)
		replicas = append(replicas, s)
	}
	if err := addJobs(ctx, replicas[0]); err != nil {
		return err
	}
	time.Sleep(800 * time.Millisecond)
	if err := replicas[0].Shutdown(ctx); err != nil {
		return err
	}
	select {
	case <-runs.complete:
	case <-ctx.Done():
	}
	for _, s := range replicas[1:] {
		if err := s.Shutdown(ctx); err != nil {
			return err
		}
	}
	runs.print(w)
	return nil
}

func startReplica(ctx context.Context, file string, tasks carillon.Tasks, runs *tally) (*carillon.Scheduler, error) {
	s, err := carillon.New(carillon.Config{
		Stores: carillon.Stores{"default": sqlite.Open(file)},
		Tasks:  tasks,
		Logger: slog.New(slog.DiscardHandler), // it says which jobs the worker leaves alone
	})
	if err != nil {
		return nil, err
	}
	if _, err := s.AddListener(runs.count(tasks), messages.MaskOutcomes); err != nil {
		return nil, err
	}
	return s, s.Start(ctx)
}

func addJobs(ctx context.Context, s *carillon.Scheduler) error {
	var jobs []carillon.Job
	const interval = 300 * time.Millisecond
	start := time.Now().Add(interval)
	fiveTimes := triggers.Must(triggers.NewInterval(interval, triggers.Options{Start: start, End: start.Add(4 * interval)}))
	for i := range 10 {
		name := fmt.Sprintf("%d.png", i)
		jobs = append(jobs,
			carillon.Job{ID: "resize " + name, Call: resize.With(picture{name}), Trigger: fiveTimes, Coalesce: carillon.All, MaxInstances: 5},
			carillon.Job{ID: "send " + name, Call: send.With(picture{name}), Trigger: fiveTimes, Coalesce: carillon.All, MaxInstances: 5})
	}
	_, err := s.AddJobs(ctx, jobs)
	return err
}

// all is how many runs there are: of 20 jobs, 5 times.
const all = 20 * 5

// tally counts the ends of runs.
type tally struct {
	mu       sync.Mutex
	ends     map[string]int  // by run
	foreign  map[string]bool // runs of a task that the scheduler does not know
	complete chan struct{}   // closed when all have ended
}

// count returns a listener for a scheduler with these tasks.
func (t *tally) count(tasks carillon.Tasks) func(carillon.Event) {
	return func(event carillon.Event) {
		e, executed := event.(*messages.JobExecuted)
		if !executed {
			return
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.ends[e.Run.Key()]++
		if len(t.ends) == all && t.ends[e.Run.Key()] == 1 {
			close(t.complete)
		}
		if _, known := tasks[e.Run.Name]; !known {
			t.foreign[e.Run.Key()] = true
		}
	}
}

func (t *tally) print(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	twice := 0
	for _, n := range t.ends {
		if n > 1 {
			twice++
		}
	}
	fmt.Fprintf(w, "%d runs executed, of 20 jobs at 5 times\n%d of them more than once\n%d by a scheduler that does not know the task\n",
		len(t.ends), twice, len(t.foreign))
}
