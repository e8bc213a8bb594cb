package everystore_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/triggers"
)

// stuck is a trigger that stands still after its first time.
type stuck struct{}

func (stuck) Next(prev, _ time.Time) (time.Time, bool) {
	if prev.IsZero() {
		return noon.Add(time.Minute), true
	}
	return prev, true
}

func (stuck) Kind() string                 { return "stuck" }
func (stuck) MarshalJSON() ([]byte, error) { return []byte(`{"kind":"stuck"}`), nil }

// TestParkedByItsTrigger reads, in each way that there is, a job whose trigger
// has gone wrong when it came due: it says why it does not run, until it is changed.
func TestParkedByItsTrigger(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx, now := patient(t), clocktest.NewClock(noon)
		work := carillon.NewTask("work", func(context.Context, string) error { return nil })
		s := start(ctx, t, carillon.Config{
			Tasks:    carillon.NewTasks(work),
			Triggers: triggers.Kinds{"stuck": func(json.RawMessage) (triggers.Trigger, error) { return stuck{}, nil }},
			Stores:   carillon.Stores{"default": e.empty(t)},
			Clock:    now,
		})
		check := func(want string) {
			t.Helper()
			one, err := s.Job(ctx, "job")
			must(t, err)
			all, err := s.Jobs(ctx)
			must(t, err)
			for j, err := range s.AllJobs(ctx) {
				must(t, err)
				all = append(all, j)
			}
			for _, j := range append(all, one) {
				if !strings.Contains(j.Parked, want) || want == "" && j.Parked != "" {
					t.Errorf("parked: %q, want %q", j.Parked, want)
				}
			}
		}
		_, err := s.AddJob(ctx, work.With(""), stuck{}, carillon.Job{ID: "job"})
		must(t, err)
		check("")
		must(t, clocktest.Advance(ctx, s, now, time.Minute))
		check("a trigger's times must grow")
		_, err = s.RescheduleJob(ctx, "job", triggers.Must(triggers.Every(time.Hour)))
		must(t, err)
		check("")
		must(t, s.Shutdown(ctx))
	})
}
