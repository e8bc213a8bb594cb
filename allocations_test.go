package carillon_test

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// TestAllocations guards what requests about jobs allocate, with nobody
// listening and the jobs in memory. What the caller makes is made beforehand.
func TestAllocations(t *testing.T) {
	s, err := carillon.New(carillon.Config{Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	ctx := t.Context()
	must(t, s.Start(ctx))
	defer func() { must(t, s.Shutdown(ctx)) }()

	const many = 1000
	at := triggers.At(time.Now().Add(time.Hour))
	call := carillon.Func(nothing)
	jobs, ids := make([]carillon.Job, many), make([]string, many)
	for i := range jobs {
		ids[i] = fmt.Sprint("job ", i)
		jobs[i] = carillon.Job{ID: ids[i], Call: call, Trigger: at}
	}
	_, err = s.AddJobs(ctx, renamed(jobs))
	must(t, err)
	for _, row := range []struct {
		name string
		most float64
		do   func() error
	}{
		{"one job is added and removed", 16, func() error {
			_, err := s.AddJob(ctx, call, at, jobs[0])
			if err == nil {
				err = s.RemoveJob(ctx, ids[0])
			}
			return err
		}},
		{"a thousand are", many + 50, func() error {
			_, err := s.AddJobs(ctx, jobs)
			if err == nil {
				err = s.RemoveJobs(ctx, ids)
			}
			return err
		}},
		{"a thousand are listed", 25, func() error {
			_, err := s.Jobs(ctx)
			return err
		}},
	} {
		n := testing.AllocsPerRun(20, func() { must(t, row.do()) })
		t.Logf("%s: %v", row.name, n)
		if n > row.most {
			t.Errorf("%s: %v allocations, want %v at the most", row.name, n, row.most)
		}
	}
}

// renamed returns jobs with other IDs.
func renamed(jobs []carillon.Job) []carillon.Job {
	others := slices.Clone(jobs)
	for i := range others {
		others[i].ID += " that stays"
	}
	return others
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
