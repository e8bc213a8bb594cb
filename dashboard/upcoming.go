package dashboard

import (
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// upcomingShown is how many run times of a job are shown.
const upcomingShown = 10

// upcoming is a run time that is to come.
type upcoming struct {
	Time moment `json:"time"`

	// Change is when the clocks are changed last before this time and after the
	// one before, and By by how much.
	Change *change `json:"clock_change,omitempty"`
}

// change is a change of the clocks in a time zone.
type change struct {
	At   moment `json:"at"`
	By   span   `json:"by_seconds"`
	From string `json:"from"` // the zone's abbreviation
	To   string `json:"to"`
}

// String returns for instance "clocks are put forward by 1 h at 02:00 CET".
func (c *change) String() string {
	way, by := "forward", time.Duration(c.By)
	if by < 0 {
		way, by = "back", -by
	}
	_, offset := c.At.Zone()
	old := c.At.In(time.FixedZone(c.From, offset-int(time.Duration(c.By)/time.Second)))
	return fmt.Sprintf("clocks are put %s by %s at %s %s", way, words(by), old.Format("15:04"), c.From)
}

// upcoming returns the next run times of a job, and the time zone in which its
// trigger counts: the first is the one that the job has, if it is not paused, and
// the others are as if it had run. The trigger may be the user's own, and at fault.
func (v *visit) upcoming(j *carillon.Job) (list []upcoming, zone *time.Location) {
	list, zone = []upcoming{}, v.zone()
	defer func() {
		if r := recover(); r != nil {
			v.note("", "upcoming run times", fmt.Errorf("the job's trigger has panicked: %v", r))
		}
	}()
	if j.Trigger == nil { // a pending job that runs once
		return list, zone
	}
	var times []time.Time
	from := v.now
	if next := j.NextRunTime; !next.IsZero() {
		times = append(times, next)
		if after := next.Add(time.Microsecond); after.After(from) {
			from = after
		}
	}
	for t := range triggers.Upcoming(j.Trigger, from.In(zone)) {
		times, zone = append(times, t), t.Location()
		if len(times) >= upcomingShown || v.r.Context().Err() != nil {
			break
		}
	}
	before := v.now.In(zone)
	for _, t := range times {
		u := upcoming{Time: v.momentIn(t, zone), Change: v.change(before, t.In(zone))}
		list, before = append(list, u), u.Time.Time
	}
	return list, zone
}

// change returns the change of the clocks by which b is in another offset from UTC
// than a, or nil.
func (v *visit) change(a, b time.Time) *change {
	from, x := a.Zone()
	to, y := b.Zone()
	if x == y {
		return nil
	}
	start, _ := b.ZoneBounds()
	if b.Before(a) || !start.After(a) {
		return nil
	}
	return &change{At: v.momentIn(start, b.Location()), By: span(time.Duration(y-x) * time.Second), From: from, To: to}
}
