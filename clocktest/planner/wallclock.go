package planner

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// wallClock answers what a job's trigger would do if the clock of its zone were
// not changed. For that it makes the trigger anew from its JSON form, with
// another zone in it.
type wallClock struct {
	job     *carillon.Job
	trigger triggers.Trigger
	form    []byte // nil: it has none
	kinds   triggers.Kinds
	zones   []string
	from    time.Time // before which the job does not run
}

func (p *planning) wallClock(j *carillon.Job) *wallClock {
	w := &wallClock{job: j, trigger: j.Trigger, kinds: p.Triggers, from: p.From}
	if resolved, err := triggers.Resolve(j.Trigger, p.Triggers); err == nil {
		w.trigger = resolved
	}
	if next, ok := w.trigger.Next(p.From.Add(-1), p.From); ok && j.NextRunTime.After(next) {
		w.from = j.NextRunTime
	}
	form, err := triggers.Encode(w.trigger)
	if err != nil {
		return w
	}
	w.form = form
	_, _ = w.rewritten(func(zone string) string {
		if !slices.Contains(w.zones, zone) {
			w.zones = append(w.zones, zone)
		}
		return zone
	})
	return w
}

// rewritten returns the trigger with other zones.
func (w *wallClock) rewritten(zone func(string) string) (triggers.Trigger, error) {
	var form any
	d := json.NewDecoder(bytes.NewReader(w.form))
	d.UseNumber()
	if err := d.Decode(&form); err != nil {
		return nil, err
	}
	rewriteZones(form, zone)
	data, err := json.Marshal(form)
	if err != nil {
		return nil, err
	}
	return triggers.Decode(data, w.kinds)
}

// rewriteZones changes every time zone in the JSON form of a trigger.
func rewriteZones(form any, zone func(string) string) {
	switch f := form.(type) {
	case map[string]any:
		for name, member := range f {
			if text, ok := member.(string); ok && name == "timezone" {
				f[name] = zone(text)
			} else {
				rewriteZones(member, zone)
			}
		}
	case []any:
		for _, member := range f {
			rewriteZones(member, zone)
		}
	}
}

// unchanged returns the times within s if the zone's clock always showed this
// offset; without those that take no notice of the clock, since they are the
// same when it is put forward by an odd time.
func (w *wallClock) unchanged(zone string, offset time.Duration, s span) []time.Time {
	const odd = 17*time.Minute + 23*time.Second
	elapsed := w.fixed(zone, offset+odd, s)
	return slices.DeleteFunc(w.fixed(zone, offset, s), func(t time.Time) bool { return contains(elapsed, t) })
}

// fixed returns the times within s if the zone's clock always showed this
// offset.
func (w *wallClock) fixed(zone string, offset time.Duration, s span) []time.Time {
	name := fixedZone(offset).String()
	t, err := w.rewritten(func(z string) string {
		if z == zone {
			return name
		}
		return z
	})
	if err != nil {
		return nil
	}
	return timesOf(t, s)
}

// fixedZone is a zone that triggers find by its name.
func fixedZone(offset time.Duration) *time.Location {
	seconds := int(offset / time.Second)
	layout := "-07:00"
	if seconds%60 != 0 {
		layout = "-07:00:00"
	}
	name := time.Unix(0, 0).In(time.FixedZone("", seconds)).Format(layout)
	return time.FixedZone(name, seconds)
}

// timesOf returns the times of a trigger within s, unless they are so many
// that it cannot be one that looks at a clock.
func timesOf(t triggers.Trigger, s span) (times []time.Time) {
	const perSecond = 2 * 60 * 60
	for at := range triggers.Between(t, s.start, s.end.Add(-1)) {
		if times = append(times, at); len(times) > perSecond {
			return nil
		}
	}
	return times
}
