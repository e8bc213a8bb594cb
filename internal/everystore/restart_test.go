package everystore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/triggers"
)

var noon = time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)

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

// TestRestart plays the life of a program that is stopped, and started again
// when jobs have come due meanwhile.
func TestRestart(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx, now, said := patient(t), clocktest.NewClock(noon), &notes{}
		remind := carillon.NewTask("mail.remind", func(ctx context.Context, to string) error {
			run, _ := carillon.FromContext(ctx)
			said.add(fmt.Sprintf("%s for %s", to, run.Scheduled.UTC().Format(time.TimeOnly)))
			return nil
		})
		config := carillon.Config{
			Tasks:  carillon.NewTasks(remind),
			Stores: carillon.Stores{"default": e.empty(t)},
			Clock:  now,
		}
		after := func(s *carillon.Scheduler, d time.Duration, want string) {
			t.Helper()
			must(t, clocktest.Advance(ctx, s, now, d))
			if got := said.taken(); got != want {
				t.Errorf("%s later:\ngot  %s\nwant %s", d, got, want)
			}
		}

		s := start(ctx, t, config)
		quarterly, err := triggers.NewCrontab("*/15 * * * *", triggers.Options{})
		must(t, err)
		_, err = s.AddJob(ctx, remind.With("ada"), quarterly, carillon.Job{ID: "quarterly"})
		must(t, err)
		for id, at := range map[string]time.Duration{"soon": 5 * time.Minute, "while away": time.Hour, "late": 3 * time.Hour} {
			_, err = s.AddJob(ctx, remind.With(id), triggers.At(noon.Add(at)), carillon.Job{ID: id})
			must(t, err)
		}
		after(s, 20*time.Minute, "ada for 12:00:00, ada for 12:15:00, soon for 12:05:00")
		must(t, s.Shutdown(ctx))

		now.Advance(100 * time.Minute) // to 14:00
		s = start(ctx, t, config)
		after(s, 0, "ada for 14:00:00, while away for 13:00:00")
		after(s, time.Hour, "ada for 14:15:00, ada for 14:30:00, ada for 14:45:00, ada for 15:00:00, late for 15:00:00")
		jobs, err := s.Jobs(ctx)
		must(t, err)
		if len(jobs) != 1 || jobs[0].ID != "quarterly" {
			t.Errorf("the jobs at the end are %v", jobs)
		}
		must(t, s.Shutdown(ctx))
	})
}
