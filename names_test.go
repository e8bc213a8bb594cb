package carillon_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
)

type billing struct{}

func (*billing) remind(context.Context) error { return errors.New("no ink") }

// TestNames adds jobs that leave their name open: one whose ID says nothing is
// called after its function.
func TestNames(t *testing.T) {
	task := carillon.NewTask("mail.remind", func(context.Context, string) error { return nil })
	for _, started := range []bool{false, true} {
		inBubble(t, carillon.Config{Tasks: carillon.NewTasks(task)}, func(t *testing.T, r *rig) {
			if started {
				r.start()
			}
			for _, row := range []struct {
				job  carillon.Job
				want string
			}{
				{carillon.Job{Call: carillon.Func(nothing)}, "carillon_test.nothing"},
				{carillon.Job{Call: carillon.Func(new(billing).remind)}, "carillon_test.(*billing).remind"},
				{carillon.Job{Call: carillon.Func(nothing), Name: "own"}, "own"},
				{carillon.Job{Call: carillon.Func(nothing), ID: "id"}, "id"},
				{carillon.Job{Call: task.With("Ada")}, "mail.remind"},
			} {
				added, err := r.AddJob(patience(t), row.job.Call, seconds(), row.job)
				r.must(err)
				if !started { // but for the function's, names are given at the start
					jobs := r.startedJobs(t)
					added = jobs[added.ID]
				}
				if added.Name != row.want {
					t.Errorf("started %t: %q, want %q", started, added.Name, row.want)
				}
			}
			if started {
				r.shutdown()
			}
		})
	}
}

// startedJobs starts the scheduler for a moment and returns its jobs by ID.
func (r *rig) startedJobs(t *testing.T) map[string]carillon.Job {
	r.start()
	jobs, err := r.Jobs(patience(t))
	r.must(err)
	r.shutdown()
	byID := make(map[string]carillon.Job)
	for _, j := range jobs {
		byID[j.ID] = j
	}
	return byID
}

// TestNamesInTheLog has a job fail whose ID says nothing.
func TestNamesInTheLog(t *testing.T) {
	var log bytes.Buffer
	config := carillon.Config{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	inBubble(t, config, func(t *testing.T, r *rig) {
		_, err := r.At(r.Now(), new(billing).remind)
		r.must(err)
		r.start()
		r.pass(time.Second)
		r.shutdown()
	})
	if want := ` run.name=carillon_test.(*billing).remind `; !strings.Contains(log.String(), want) {
		t.Errorf("logged %q, want %q in it", log.String(), want)
	}
}
