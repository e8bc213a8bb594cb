package mysql_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/stores/mysql"
	"github.com/carillon-go/carillon/triggers"
)

// notes is what jobs have written down.
type notes struct {
	mu    sync.Mutex
	lines []string
}

func (n *notes) add(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
}

// taken returns the lines since the last call, sorted.
func (n *notes) taken() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	slices.Sort(n.lines)
	text := strings.Join(n.lines, ", ")
	n.lines = nil
	return text
}

// TestScheduler plays the life of a program that is stopped, and started again
// when a job was due meanwhile.
func TestScheduler(t *testing.T) {
	ctx, config := patient(t), newDatabase(t).empty(t)
	now := clocktest.NewClock(noon)
	said := &notes{}
	remind := carillon.NewTask("mail.remind", func(ctx context.Context, to string) error {
		run, _ := carillon.FromContext(ctx)
		said.add(fmt.Sprintf("%s for %s", to, run.Scheduled.UTC().Format(time.TimeOnly)))
		return nil
	})
	start := func() *carillon.Scheduler {
		t.Helper()
		s, err := carillon.New(carillon.Config{
			Tasks:    carillon.NewTasks(remind),
			Stores:   carillon.Stores{"default": mysql.Config{DSN: config.DSN, Prefix: config.Prefix}.Open},
			Clock:    now,
			Location: time.UTC,
			Logger:   slog.New(slog.DiscardHandler),
		})
		must(t, err)
		must(t, s.Start(ctx))
		return s
	}
	pass := func(s *carillon.Scheduler, d time.Duration) {
		t.Helper()
		must(t, clocktest.Advance(ctx, s, now, d))
	}

	s := start()
	quarterly, err := triggers.NewCrontab("*/15 * * * *", triggers.Options{})
	must(t, err)
	_, err = s.AddJob(ctx, remind.With("ada"), quarterly, carillon.Job{ID: "quarterly"})
	must(t, err)
	for id, at := range map[string]time.Duration{"soon": 5 * time.Minute, "while away": time.Hour, "late": 3 * time.Hour} {
		_, err = s.AddJob(ctx, remind.With(id), triggers.At(noon.Add(at)), carillon.Job{ID: id})
		must(t, err)
	}
	pass(s, 20*time.Minute)
	same(t, "before the shutdown", said.taken(), "ada for 12:00:00, ada for 12:15:00, soon for 12:05:00")
	must(t, s.Shutdown(ctx))

	now.Advance(100 * time.Minute) // to 14:00
	s = start()
	pass(s, 0)
	same(t, "at the start", said.taken(), "ada for 14:00:00, while away for 13:00:00")
	pass(s, time.Hour)
	same(t, "after it", said.taken(), "ada for 14:15:00, ada for 14:30:00, ada for 14:45:00, ada for 15:00:00, late for 15:00:00")
	jobs, err := s.Jobs(ctx)
	must(t, err)
	if len(jobs) != 1 || jobs[0].ID != "quarterly" {
		t.Errorf("the jobs at the end are %v", jobs)
	}
	must(t, s.Shutdown(ctx))
}
