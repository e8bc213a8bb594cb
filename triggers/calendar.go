package triggers

import (
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// CalendarFields say how far apart the dates of a [CalendarInterval] are, and
// at which time of day it fires.
type CalendarFields struct {
	Years  int `json:"years,omitempty"`
	Months int `json:"months,omitempty"`
	Weeks  int `json:"weeks,omitempty"`
	Days   int `json:"days,omitempty"`

	Hour   int `json:"hour,omitempty"`
	Minute int `json:"minute,omitempty"`
	Second int `json:"second,omitempty"`
}

// CalendarInterval fires every so many years, months, weeks and days, at a
// fixed time of day: every second Tuesday at 18:00, the 15th of each quarter.
// It counts dates, where [Interval] counts elapsed time.
//
// From each date the next one is found by adding the years and months first,
// again and again until there is such a day, and then the weeks and days. So
// one month after 31 January is 31 March, and one month and one day after it
// is 1 April. A date that a gap in the clock leaves without a time counts all
// the same.
//
// Next takes constant time, except when months or years are combined with
// weeks or days: the dates are then counted, some 20 ns each, from the last one
// that was passed or, to go back, from the start.
//
// APScheduler: CalendarIntervalTrigger, which with Gap set to Skip has the
// same times.
type CalendarInterval struct {
	fields  CalendarFields
	options Options
	wall    wall
	counted bool // the start was filled in by Bind
}

// NewCalendarInterval returns a trigger whose first date is that of
// Options.Start in Options.Location. Without a Start it is the date on which
// the trigger is added to a scheduler (see [Bind]); as long as it has not
// been, 1 January 1970. The time of day of Start counts too: nothing fires
// before it. Gap is Shift and Fold is First unless they are set.
//
// Errors: a field is out of its range, the interval is zero, or End is before
// Start.
func NewCalendarInterval(f CalendarFields, o Options) (*CalendarInterval, error) {
	if err := errors.Join(f.validate(), o.validate()); err != nil {
		return nil, err
	}
	return newCalendarInterval(f, o), nil
}

func newCalendarInterval(f CalendarFields, o Options) *CalendarInterval {
	var first int64
	if !o.Start.IsZero() {
		_, offset := o.Start.In(o.location()).Zone()
		first = max(floorDiv(o.Start.Unix()+int64(offset), daySeconds), firstOf(minYear, 1))
	}
	s := newStride(first, int64(12*f.Years+f.Months), int64(7*f.Weeks+f.Days), int64(f.Hour*3600+f.Minute*60+f.Second))
	return &CalendarInterval{fields: f, options: o, wall: newWall(s, false, o)}
}

func (f CalendarFields) validate() error {
	var faults []error
	for _, field := range []struct {
		name       string
		value, max int
	}{
		{"Years", f.Years, maxYear},
		{"Months", f.Months, 12 * maxYear},
		{"Weeks", f.Weeks, 53 * maxYear},
		{"Days", f.Days, 366 * maxYear},
		{"Hour", f.Hour, 23},
		{"Minute", f.Minute, 59},
		{"Second", f.Second, 59},
	} {
		if field.value < 0 || field.value > field.max {
			faults = append(faults, &Error{
				Field: "CalendarFields." + field.name, Expr: fmt.Sprint(field.value), Pos: -1,
				Reason: fmt.Sprintf("is out of range; give a number from 0 to %d", field.max),
			})
		}
	}
	if f.Years == 0 && f.Months == 0 && f.Weeks == 0 && f.Days == 0 {
		faults = append(faults, &Error{Field: "CalendarFields", Pos: -1, Reason: "give no interval; set at least one of Years, Months, Weeks and Days"})
	}
	return errors.Join(faults...)
}

// Bind fills in the time zone and the start.
func (c *CalendarInterval) Bind(b Binding) Trigger {
	o, counted := c.options.bind(b), c.counted
	if o.Start.IsZero() {
		o.Start, counted = b.Now.Round(0), true
	}
	if r, ok := b.Replaced.(*CalendarInterval); ok && counted && r.fields == c.fields && !r.options.Start.IsZero() {
		o.Start = r.options.Start
	}
	bound := newCalendarInterval(c.fields, o)
	bound.counted = counted
	return bound
}

// Next returns the first of the trigger's times that is after prev and not
// before now.
func (c *CalendarInterval) Next(prev, now time.Time) (time.Time, bool) { return c.wall.Next(prev, now) }

// String returns for instance "calendarinterval(1 month at 09:00:00)".
func (c *CalendarInterval) String() string {
	s := "calendarinterval("
	for _, unit := range []struct {
		n    int
		name string
	}{{c.fields.Years, "year"}, {c.fields.Months, "month"}, {c.fields.Weeks, "week"}, {c.fields.Days, "day"}} {
		switch {
		case unit.n == 1:
			s += "1 " + unit.name + " "
		case unit.n > 1:
			s += fmt.Sprintf("%d %ss ", unit.n, unit.name)
		}
	}
	return s + fmt.Sprintf("at %02d:%02d:%02d", c.fields.Hour, c.fields.Minute, c.fields.Second) + ")" + c.options.suffix()
}

// Kind returns "calendarinterval".
func (*CalendarInterval) Kind() string { return "calendarinterval" }

type calendarIntervalJSON struct {
	Kind string `json:"kind"`
	CalendarFields
	optionsJSON
}

// MarshalJSON returns the persistent form.
func (c *CalendarInterval) MarshalJSON() ([]byte, error) {
	o, err := c.options.json()
	if err != nil {
		return nil, err
	}
	return canonical.Marshal(&calendarIntervalJSON{c.Kind(), c.fields, o})
}

// Members lists what calendarIntervalJSON has.
func (form *calendarIntervalJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Int("years", &form.Years, canonical.OmitEmpty)
	o.Int("months", &form.Months, canonical.OmitEmpty)
	o.Int("weeks", &form.Weeks, canonical.OmitEmpty)
	o.Int("days", &form.Days, canonical.OmitEmpty)
	o.Int("hour", &form.Hour, canonical.OmitEmpty)
	o.Int("minute", &form.Minute, canonical.OmitEmpty)
	o.Int("second", &form.Second, canonical.OmitEmpty)
	form.optionsJSON.Members(o)
}

func (form *calendarIntervalJSON) trigger(Kinds) (Trigger, error) {
	o, err := form.options()
	if err != nil {
		return nil, err
	}
	return restoreCalendarInterval(form.CalendarFields, o)
}

// restoreCalendarInterval is NewCalendarInterval for what was stored, whose
// start may be behind the end as that of an [Interval] may.
func restoreCalendarInterval(f CalendarFields, o Options) (*CalendarInterval, error) {
	open := o
	open.End = time.Time{}
	if _, err := NewCalendarInterval(f, open); err != nil {
		return nil, err
	}
	return newCalendarInterval(f, o), nil
}
