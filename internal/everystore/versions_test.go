package everystore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// tides is a trigger that older programs do not know.
type tides struct{}

func (tides) Next(_, now time.Time) (time.Time, bool) { return now.Add(time.Hour), true }
func (tides) Kind() string                            { return "tides" }
func (tides) MarshalJSON() ([]byte, error)            { return []byte(`{"kind":"tides"}`), nil }

// TestUnknownTrigger has an old program do what it can to a new one's job. It
// may pause it, but it does not lose it.
func TestUnknownTrigger(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		work := carillon.NewTask("work", nothing)
		ctx, open := patient(t), e.empty(t)
		older := carillon.Config{Tasks: carillon.NewTasks(work), Stores: carillon.Stores{"default": open}}
		newer := older
		newer.Triggers = triggers.Kinds{"tides": func(json.RawMessage) (triggers.Trigger, error) { return tides{}, nil }}
		old, fresh := start(ctx, t, older), start(ctx, t, newer)
		_, err := fresh.AddJob(ctx, work.With(struct{}{}), tides{}, carillon.Job{ID: "a"})
		must(t, err)

		if _, err := old.PauseJob(ctx, "a"); err != nil {
			t.Error(err)
		}
		_, err = old.ResumeJob(ctx, "a")
		if field, ok := errors.AsType[*carillon.FieldError](err); !ok || !strings.Contains(field.Error(), "tides") {
			t.Errorf("resumed by one that does not know the trigger: %v", err)
		}
		if j, err := fresh.ResumeJob(ctx, "a"); err != nil || j.Paused {
			t.Errorf("resumed by one that knows the trigger: %+v, %v", j, err)
		}
		why, err := old.Explain(ctx, "a", time.Now().Add(-time.Minute))
		if must(t, err); !strings.Contains(fmt.Sprint(why), "tides") {
			t.Errorf("one that does not know the trigger says %v", why)
		}
	})
}
