package triggers

import (
	"errors"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Crontab runs at the times of a crontab expression, as Unix knows them and
// their common extensions. The expression has five fields, or six with the
// second first:
//
//	second        0-59
//	minute        0-59
//	hour          0-23
//	day of month  1-31
//	month         1-12 or jan-dec
//	day of week   0-7 or sun-sat: 0 and 7 are both Sunday
//
// A field is a list, separated by commas, of
//
//	a     one value
//	a-b   a range, both ends included
//	*     any value
//	*/c   every c-th value; also a-b/c, and a/c for a to the end
//	?     any day, in one of the day fields
//	L     the last day of the month; L-3 is three days before it
//	15W   the weekday (Monday to Friday) nearest to the 15th, in the same month;
//	      LW is the last weekday
//	5L    the last Friday of the month, in the day of week
//	5#3   the third Friday of the month, in the day of week
//	H     a value that is chosen by the job, so that many jobs with the same
//	      expression do not all run at once; H(0-29) is chosen from a range, and
//	      H/15 is every 15th value from a chosen one on. The days 29 to 31 are
//	      chosen only from a range that has them.
//
// Letters may be in either case. If both the day of month and the day of week
// are restricted, one of them must match; a field with an item that begins
// with * or ? is not restricted, and then both must match.
//
// In place of the fields may stand @yearly, @annually, @monthly, @weekly,
// @daily, @midnight or @hourly, or @every and a duration ("@every 1m30s"),
// which is an [Interval]. Before them may stand a time zone:
// "TZ=Europe/Berlin 30 2 * * *", or CRON_TZ=.
//
// Next takes some ten nanoseconds and does not allocate.
//
// APScheduler: CronTrigger.from_crontab, which counts days of the week from 0
// for Monday, and wants both days to match.
type Crontab struct {
	expr    string // without the time zone, which is in options
	options Options
	hashed  bool    // there is an H
	seed    *uint64 // by which its value is chosen; nil before Bind
	times   times
}

// times are those of a Crontab: *wall or *Interval.
type times interface {
	Next(prev, now time.Time) (time.Time, bool)
}

// NewCrontab returns a trigger for the times of a crontab expression. Its error
// joins an [*Error] for each field that has a fault, and for o. Its times are
// whole seconds up to the year 9999.
func NewCrontab(expr string, o Options) (*Crontab, error) {
	if err := o.validate(); err != nil {
		_, faults := restoreCrontab(expr, Options{})
		return nil, errors.Join(faults, err)
	}
	return restoreCrontab(expr, o)
}

// restoreCrontab is NewCrontab for what was stored.
func restoreCrontab(expr string, o Options) (*Crontab, error) {
	words, zoneFault := readZone(token{text: expr}.words(), &o)
	e, err := readCrontab(words, 0)
	if err := errors.Join(zoneFault, err); err != nil {
		return nil, err
	}
	c := &Crontab{expr: write(words), options: o, hashed: e.hashed}
	if e.every == 0 {
		w := newWall(e.pattern, e.repeats, o)
		c.times = &w
		return c, nil
	}
	if c.times, err = restoreInterval(e.every, o); err != nil {
		return nil, err
	}
	return c, nil
}

// Bind fills in the time zone, the start of an @every, and the seed by which
// the values of H are chosen.
func (c *Crontab) Bind(b Binding) Trigger {
	bound := *c
	switch times := c.times.(type) {
	case *Interval:
		times = times.Bind(b).(*Interval)
		bound.times, bound.options = times, times.options
	case *wall:
		w := *times
		bound.times, bound.options = &w, c.options.bind(b)
		w.zone = zoneOf(bound.options.Location)
		if c.hashed && c.seed == nil {
			bound.choose(b.Seed)
		}
	}
	return &bound
}

// choose sets the values of H in c, which nobody else has yet.
func (c *Crontab) choose(seed uint64) {
	e, _ := readCrontab(token{text: c.expr}.words(), seed) // no error: it has been read before
	c.seed, c.times.(*wall).schedule = &seed, e.pattern
}

// Next returns the first time after prev and not before now.
func (c *Crontab) Next(prev, now time.Time) (time.Time, bool) { return c.times.Next(prev, now) }

// Kind returns "crontab".
func (*Crontab) Kind() string { return "crontab" }

// String returns for instance "crontab(30 2 * * mon-fri) in Europe/Berlin".
func (c *Crontab) String() string { return "crontab(" + c.expr + ")" + c.options.suffix() }

type crontabJSON struct {
	Kind string  `json:"kind"`
	Expr string  `json:"expr"`
	Seed *uint64 `json:"seed,string,omitempty"` // see seedText
	optionsJSON
}

// MarshalJSON returns the persistent form. It fails if the location has no
// name by which it is found again.
func (c *Crontab) MarshalJSON() ([]byte, error) {
	o, err := c.options.json()
	if err != nil {
		return nil, err
	}
	return canonical.Marshal(&crontabJSON{c.Kind(), c.expr, c.seed, o})
}

// Members lists what crontabJSON has.
func (form *crontabJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Text("expr", &form.Expr, canonical.Always)
	o.Value("seed", seedText{&form.Seed})
	form.optionsJSON.Members(o)
}

func (form *crontabJSON) trigger(Kinds) (Trigger, error) {
	o, err := form.options()
	if err != nil {
		return nil, err
	}
	c, err := restoreCrontab(form.Expr, o)
	if err == nil && c.hashed && form.Seed != nil {
		c.choose(*form.Seed)
	}
	return c, err
}
