package triggers

import (
	"math/bits"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Interval fires again and again after the same span of time. Its times lie on
// a grid, start + k * every, in elapsed time: a late or a long run shifts
// nothing, and neither does a change of the clocks (24 hours are 24 hours; for
// "every day at nine" see [CalendarInterval]). Next and Latest take constant
// time and do not allocate.
//
// APScheduler: IntervalTrigger.
type Interval struct {
	every   time.Duration
	options Options
	counted bool // the start was filled in by Bind
}

// NewInterval returns a trigger with the times Options.Start, which is
// included, Start + every, Start + 2 * every, and so on up to Options.End.
// Without a Start the first time is one interval after the trigger has been
// added to a scheduler (see [Bind]), to the microsecond; as long as it has not
// been, it counts from 1 January 1970, 00:00 UTC.
//
// Errors: every is not positive, End is before Start, or Gap or Fold is set,
// which have no meaning here.
func NewInterval(every time.Duration, o Options) (*Interval, error) {
	switch {
	case every <= 0:
		return nil, &Error{Field: "every", Expr: every.String(), Pos: -1, Reason: "is not positive; give the time between two runs, for instance 10*time.Second"}
	case o.Gap != GapDefault:
		return nil, &Error{Field: "Options.Gap", Pos: -1, Reason: "has no meaning for an interval, which counts elapsed time; leave it out, or use NewCalendarInterval"}
	case o.Fold != FoldDefault:
		return nil, &Error{Field: "Options.Fold", Pos: -1, Reason: "has no meaning for an interval, which counts elapsed time; leave it out, or use NewCalendarInterval"}
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	return &Interval{every: every, options: o}, nil
}

// Every is [NewInterval] without options.
func Every(d time.Duration) (*Interval, error) { return NewInterval(d, Options{}) }

// Bind fills in the time zone and the start.
func (i *Interval) Bind(b Binding) Trigger {
	bound := &Interval{i.every, i.options.bind(b), i.counted}
	start := &bound.options.Start
	if start.IsZero() && !b.Now.IsZero() {
		*start, bound.counted = b.Now.Truncate(time.Microsecond).Add(i.every), true
	}
	if r, ok := b.Replaced.(*Interval); ok && bound.counted && r.every == i.every && !r.options.Start.IsZero() {
		*start = r.options.Start
	}
	return bound
}

// Next returns the first point of the grid that is after prev and not before
// now.
func (i *Interval) Next(prev, now time.Time) (time.Time, bool) {
	x, next := soonest(prev, now), i.start()
	if x.After(next) {
		next = x
		if past := i.sincePoint(x); past > 0 {
			next = x.Add(i.every - past)
		}
	}
	return i.options.within(next)
}

// Latest returns the last point of the grid that is not before from and not
// after now.
func (i *Interval) Latest(from, now time.Time) (time.Time, bool) {
	if !i.options.End.IsZero() && now.After(i.options.End) {
		now = i.options.End
	}
	if now.Before(i.start()) {
		return time.Time{}, false
	}
	last := now.Add(-i.sincePoint(now))
	return last.In(i.options.location()), !last.Before(from)
}

// sincePoint returns how long before x, which is not before start, the last
// point of the grid was. The 128 bits hold any two times of the calendar.
func (i *Interval) sincePoint(x time.Time) time.Duration {
	start := i.start()
	seconds, nanos := x.Unix()-start.Unix(), x.Nanosecond()-start.Nanosecond()
	if nanos < 0 {
		seconds, nanos = seconds-1, nanos+int(time.Second)
	}
	hi, lo := bits.Mul64(uint64(seconds), uint64(time.Second))
	lo, carry := bits.Add64(lo, uint64(nanos), 0)
	return time.Duration(bits.Rem64(hi+carry, lo, uint64(i.every)))
}

func (i *Interval) start() time.Time {
	if i.options.Start.IsZero() {
		return time.Unix(0, 0)
	}
	return i.options.Start
}

// String returns for instance "interval(1m30s)".
func (i *Interval) String() string { return "interval(" + i.every.String() + ")" + i.options.suffix() }

// Kind returns "interval".
func (*Interval) Kind() string { return "interval" }

type intervalJSON struct {
	Kind  string `json:"kind"`
	Every string `json:"every"` // as time.Duration writes it
	optionsJSON
}

// MarshalJSON returns the persistent form.
func (i *Interval) MarshalJSON() ([]byte, error) {
	o, err := i.options.json()
	if err != nil {
		return nil, err
	}
	return canonical.Marshal(&intervalJSON{i.Kind(), i.every.String(), o})
}

// Members lists what intervalJSON has.
func (form *intervalJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Text("every", &form.Every, canonical.Always)
	form.optionsJSON.Members(o)
}

func (form *intervalJSON) trigger(Kinds) (Trigger, error) {
	every, err := time.ParseDuration(form.Every)
	if err != nil {
		return nil, &Error{Field: "every", Expr: form.Every, Pos: -1, Reason: "is not a duration; write it like 1h30m"}
	}
	o, err := form.options()
	if err != nil {
		return nil, err
	}
	return restoreInterval(every, o)
}

// restoreInterval is NewInterval for what was stored. Binding may have set the
// start behind the end: such a trigger is no mistake, it has ended.
func restoreInterval(every time.Duration, o Options) (*Interval, error) {
	end := o.End
	o.End = time.Time{}
	i, err := NewInterval(every, o)
	if err == nil {
		i.options.End = end
	}
	return i, err
}
