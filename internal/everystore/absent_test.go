package everystore_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// TestAbsent asks for jobs by texts that are nobody's ID, as a program does that
// passes on what its own callers send: there are no such jobs, and that is all.
func TestAbsent(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx, work := patient(t), carillon.NewTask("work", nothing)
		s := start(ctx, t, carillon.Config{Tasks: carillon.NewTasks(work), Stores: carillon.Stores{"default": e.empty(t)}})
		for _, id := range []string{"", "a\x00", "\xff", strings.Repeat("x", 5000)} {
			_, err := s.AddJob(ctx, work.With(struct{}{}), triggers.At(time.Now().Add(time.Hour)), carillon.Job{ID: "there"})
			must(t, err)
			_, got := s.Job(ctx, id)
			_, paused := s.PauseJob(ctx, id)
			_, explained := s.Explain(ctx, id, time.Now())
			for _, err := range []error{got, paused, s.RemoveJob(ctx, id), s.RemoveJobs(ctx, []string{id, "there"})} {
				if !errors.Is(err, carillon.ErrJobNotFound) {
					t.Errorf("%.10q: %v", id, err)
				}
			}
			if id != "" && explained != nil && !errors.Is(explained, carillon.ErrJobNotFound) {
				t.Errorf("explain %.10q: %v", id, explained)
			}
			for _, err := range s.History(ctx, carillon.HistoryQuery{JobID: id, Limit: 1}) {
				must(t, err)
			}
			if _, err := s.Job(ctx, "there"); !errors.Is(err, carillon.ErrJobNotFound) {
				t.Errorf("a job that was to be removed together with %.10q: %v", id, err)
			}
		}
	})
}
