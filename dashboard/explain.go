package dashboard

import (
	"context"
	"errors"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// answer says what became of a run time.
type answer struct {
	At   moment `json:"at"`
	Text string `json:"text"`
}

// asked is a time that somebody has typed in: all of it that it leaves open.
type asked struct {
	from time.Time
	open time.Duration // to this, not included; 0: it is exact
}

// explain says what became of the times that are meant by p.At. fault says why it
// is not a time.
func (v *visit) explain(p *jobPage, zone *time.Location, trigger triggers.Trigger) (answers []answer, fault string) {
	spans, fault := readTime(p.At, zone)
	for _, at := range spans {
		for _, t := range v.meant(at, trigger) {
			var e carillon.Explanation
			err := v.read(p.Store, func(ctx context.Context) (err error) {
				e, err = v.s.Explain(ctx, p.ID, t, p.Store)
				return err
			})
			switch {
			case err == nil:
				answers = append(answers, answer{v.momentIn(t, zone), e.Text})
			case errors.Is(err, carillon.ErrNotRunning), errors.Is(err, errors.ErrUnsupported):
				return answers, "This cannot be said: " + err.Error() + "."
			default:
				v.note(p.Store, "explanation", err)
			}
		}
	}
	return answers, fault
}

// readTime reads a time as a form has it, on the clocks of a time zone, or as RFC
// 3339 has it. When the clocks are put back it can be two times; when they are put
// forward it can be none, and the one is meant to which they are put.
func readTime(text string, zone *time.Location) (spans []asked, fault string) {
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return []asked{{from: t}}, ""
	}
	for _, form := range []struct {
		layout string
		open   time.Duration
	}{
		{"2006-01-02T15:04", time.Minute}, {"2006-01-02 15:04", time.Minute},
		{"2006-01-02T15:04:05", time.Second}, {"2006-01-02 15:04:05", time.Second},
	} {
		if wall, err := time.Parse(form.layout, text); err == nil {
			open := form.open
			if wall.Nanosecond() != 0 {
				open = 0
			}
			for _, t := range onClock(wall, zone) {
				spans = append(spans, asked{t, open})
			}
			return spans, ""
		}
	}
	return nil, "This is not a time. Write it like 2026-11-22 14:30, or 2026-11-22T14:30:00Z."
}

// onClock returns the one or two instants at which the clocks of a zone show what
// wall shows in UTC, in order.
func onClock(wall time.Time, zone *time.Location) []time.Time {
	first := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	start, end := first.ZoneBounds()
	_, offset := first.Zone()
	for _, beyond := range []time.Time{start.Add(-1), end} {
		if start.IsZero() && beyond.Before(first) || end.IsZero() && beyond.Equal(end) {
			continue
		}
		_, other := beyond.In(zone).Zone()
		second := first.Add(time.Duration(offset-other) * time.Second)
		if sameClock(first, second) {
			if second.Before(first) {
				return []time.Time{second, first}
			}
			return []time.Time{first, second}
		}
	}
	return []time.Time{first}
}

func sameClock(a, b time.Time) bool {
	const layout = "2006-01-02T15:04:05.999999999"
	return !a.Equal(b) && a.Format(layout) == b.Format(layout)
}

// meant returns the first few run times that the trigger has in what is asked, or
// else the beginning: who types 14:30 means the job that runs every hour at
// 14:30:07.25, and of one that runs every seven seconds must not be told that it did
// not run.
func (v *visit) meant(at asked, trigger triggers.Trigger) (times []time.Time) {
	const few = 5
	defer func() {
		if recover() != nil { // of the user's own trigger; what is asked can be answered still
			times = []time.Time{at.from}
		}
	}()
	if at.open > 0 && trigger != nil {
		for t := range triggers.Between(trigger, at.from, at.from.Add(at.open-time.Nanosecond)) {
			times = append(times, t)
			if len(times) == few {
				break
			}
		}
	}
	if len(times) == 0 {
		return []time.Time{at.from}
	}
	return times
}
