package planner

import (
	"fmt"
	"strings"
	"time"
)

// words writes times and durations the way people read them.
type words struct {
	year bool // times need their year
	zone bool // times need their zone, because a clock is changed
}

func (r *Report) words() words {
	return words{
		year: r.From.Year() != r.Until.Year(),
		zone: offsetAt(r.From) != offsetAt(r.Until),
	}
}

// moment returns for instance "Sun 31 Mar 03:30", or "–" for the zero time.
func (w words) moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	layout := "Mon 2 Jan"
	if w.year {
		layout += " 2006"
	}
	layout += clockLayout(t)
	if w.zone {
		layout += " MST"
	}
	return t.Format(layout)
}

// clockLayout has the seconds only if there are any.
func clockLayout(t time.Time) string {
	switch {
	case t.Nanosecond() >= int(time.Millisecond):
		return " 15:04:05.000"
	case t.Second() > 0 || t.Nanosecond() > 0:
		return " 15:04:05"
	}
	return " 15:04"
}

// took returns a duration without what is 0 in it: "1h30m", "45s", "0".
func took(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d >= time.Minute:
		d = d.Round(time.Second)
	case d >= time.Second:
		d = d.Round(time.Millisecond)
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// count returns n and a noun in its form.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// percent returns the share of part in whole.
func percent(part, whole time.Duration) string {
	share := 100 * float64(part) / float64(whole)
	switch {
	case part == 0:
		return "0 %"
	case share < 1:
		return "< 1 %"
	}
	return fmt.Sprintf("%.0f %%", share)
}

// title says what is planned.
func (r *Report) title() string {
	return "Plan of " + count(len(r.Jobs), "job", "jobs")
}

// period says from when to when, and in which zone.
func (r *Report) period() string {
	w := words{year: true}
	return fmt.Sprintf("from %s until %s, %s", w.moment(r.From), w.moment(r.Until), r.From.Location())
}

// sum is the report in a sentence.
func (r *Report) sum() string {
	text := fmt.Sprintf("%s: %d executed, %d skipped, %d missed.", count(r.Due, "run", "runs"), r.Executed, r.Skipped, r.Missed)
	if r.Peak > 0 {
		text += fmt.Sprintf(" At most %d at a time, first on %s.", r.Peak, r.words().moment(r.PeakAt))
	}
	if r.Waited > 0 {
		text += fmt.Sprintf(" %s for a place, %s at the most.", count(r.Waited, "waits", "wait"), took(r.LongestWait))
	}
	return text
}

// sentence says what the change of the clock is.
func (c *ClockChange) sentence() string {
	before, _ := c.offsets()
	return fmt.Sprintf("%s: on %s the clock goes from %s to %s", c.Zone,
		c.At.Format("Mon 2 Jan 2006"), c.At.In(fixedZone(before)).Format("15:04"), c.At.Format("15:04"))
}

// sentence says what becomes of the times of day if the clock is changed by so
// much.
func (e *Effect) sentence(by time.Duration) string {
	times, one := timeOfDay(e.First), e.Count == 1
	if !one {
		times = fmt.Sprintf("%d times of day, %s to %s,", e.Count, times, timeOfDay(e.Last))
	}
	switch {
	case e.Change == Shifted && one:
		return times + " runs " + took(by) + " later"
	case e.Change == Shifted:
		return times + " run " + took(by) + " later"
	case e.Change == Dropped && one:
		return times + " does not run"
	case e.Change == Dropped:
		return times + " do not run"
	case one:
		return times + " runs twice"
	}
	return times + " run twice"
}

// timeOfDay returns the time of a date and time, without seconds that are 0.
func timeOfDay(wall string) string {
	_, clock, _ := strings.Cut(wall, " ")
	if len(clock) == len("15:04:05") {
		clock = strings.TrimSuffix(clock, ":00")
	}
	return clock
}
