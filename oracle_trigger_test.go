package carillon_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// triggerSpec is a trigger as it is given to the reference.
type triggerSpec struct {
	Kind     string
	Params   map[string]any
	Timezone string
}

// trigger makes a trigger; null is none.
func (w *world) trigger(data json.RawMessage) (triggers.Trigger, error) {
	if len(data) == 0 || bytes.Equal(data, null) {
		return nil, nil
	}
	spec, err := argument[triggerSpec]("trigger", data)
	if err != nil {
		return nil, err
	}
	if spec.Kind == "and" || spec.Kind == "or" {
		return w.combined(data, spec.Kind)
	}
	kind, params := spec.Kind, spec.Params
	if spec.Timezone != "" {
		params["timezone"] = spec.Timezone
	}
	for _, name := range []string{"start_date", "end_date", "run_date"} {
		if text, _ := params[name].(string); text != "" && !strings.Contains(text, "T") {
			params["timezone"] = w.location.String() // to read it by
		}
	}
	switch kind { // the reference's rules for a change of the clocks, and for five fields
	case "cron":
		params["gap"], params["fold"] = "skip", "both"
	case "crontab":
		f := strings.Fields(params["expr"].(string))
		kind, params = "cron", map[string]any{
			"minute": f[0], "hour": f[1], "day": f[2], "month": f[3], "day_of_week": f[4],
			"timezone": "UTC", "gap": "skip", "fold": "both",
		}
	case "calendarinterval":
		params["gap"] = "skip"
	}
	t, err := carillon.Plugins{}.Trigger(kind, params)
	if err == nil && w.remembers && (kind == "interval" || kind == "date") {
		t = w.remembering(t, params)
	}
	return t, err
}

func (w *world) combined(data json.RawMessage, kind string) (triggers.Trigger, error) {
	var spec struct {
		Params struct{ Triggers []json.RawMessage }
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		return nil, err
	}
	var children []triggers.Trigger
	for _, child := range spec.Params.Triggers {
		t, err := w.trigger(child)
		if err != nil {
			return nil, err
		}
		children = append(children, t)
	}
	if kind == "and" {
		return triggers.NewAnd(children...)
	}
	return triggers.NewOr(children...)
}

// remembering is an interval or a date as the reference has it: it goes on from
// the previous run, also when that was not at a time of its own. The interval
// counts from there, and the date has been.
type remembering struct {
	triggers.Trigger
	every time.Duration // 0: a date
	end   time.Time
}

func (w *world) remembering(t triggers.Trigger, params map[string]any) triggers.Trigger {
	seconds, _ := params["seconds"].(float64)
	r := remembering{Trigger: t, every: time.Duration(seconds * float64(time.Second))}
	if text, ok := params["end_date"].(string); ok {
		r.end, _ = parseTime(text, w.location)
	}
	return r
}

func (r remembering) Bind(b triggers.Binding) triggers.Trigger {
	r.Trigger = triggers.Bind(r.Trigger, b)
	return r
}

func (r remembering) Next(prev, now time.Time) (time.Time, bool) {
	if prev.IsZero() {
		return r.Trigger.Next(prev, now)
	}
	next := prev.Add(r.every)
	return next, r.every > 0 && (r.end.IsZero() || !next.After(r.end))
}

// Latest implements triggers.Latester: from is a run.
func (r remembering) Latest(from, now time.Time) (time.Time, bool) {
	if !r.end.IsZero() && now.After(r.end) {
		now = r.end
	}
	return from.Add(now.Sub(from) / r.every * r.every), !now.Before(from)
}
