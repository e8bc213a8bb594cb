package triggers

import (
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Date fires once. The zero Date never fires, nor does one that is not in the
// years 1 to 9999.
//
// APScheduler: DateTrigger.
type Date struct{ at time.Time }

// At returns a trigger that fires once, at t. If t is past when the job is
// added, the job runs at once.
func At(t time.Time) Date { return Date{t.Round(0)} }

// Next returns the date as long as prev is before it, even if now is past it:
// a date that has not fired is not lost, only late.
func (d Date) Next(prev, _ time.Time) (time.Time, bool) {
	if d.never() || !prev.IsZero() && !d.at.After(prev) {
		return time.Time{}, false
	}
	return d.at, true
}

func (d Date) never() bool {
	return d.at.IsZero() || d.at.Year() < minYear || d.at.Year() > maxYear
}

// String returns for instance "date(2024-05-01 10:00:00 CEST)".
func (d Date) String() string {
	return "date(" + d.at.Format("2006-01-02 15:04:05.999999999 MST") + ")"
}

// Kind returns "date".
func (Date) Kind() string { return "date" }

type dateJSON struct {
	Kind     string    `json:"kind"`
	At       time.Time `json:"at"`
	Timezone string    `json:"timezone,omitempty"` // for the sake of String
}

// MarshalJSON returns the persistent form.
func (d Date) MarshalJSON() ([]byte, error) {
	form := dateJSON{Kind: d.Kind(), At: exact(d.at)}
	if name, err := locationName(d.at.Location()); err == nil {
		form.Timezone = name
	}
	return canonical.Marshal(&form)
}

// Members lists what dateJSON has.
func (form *dateJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Time("at", &form.At, canonical.Always)
	o.Text("timezone", &form.Timezone, canonical.OmitEmpty)
}

func (form *dateJSON) trigger(Kinds) (Trigger, error) {
	loc, err := findLocation(form.Timezone)
	if err != nil {
		return nil, err
	}
	if loc == nil {
		return At(form.At), nil
	}
	return At(form.At.In(loc)), nil
}
