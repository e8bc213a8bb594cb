package triggers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Cron runs at the times of the wall clock that match its fields. Next takes
// some ten nanoseconds and does not allocate.
//
// APScheduler: CronTrigger, whose expressions mean the same here. It differs
// where the clock is changed: see the documentation of the package.
type Cron struct {
	fields  CronFields
	options Options
	wall    wall
}

// NewCron returns a trigger for the times that match the fields. Its error
// joins an [*Error] for each field that has a fault, and for o. Its times are
// whole seconds from 1970 to 9999.
func NewCron(f CronFields, o Options) (*Cron, error) {
	p, repeats, err := f.compile()
	if err := errors.Join(err, o.validate()); err != nil {
		return nil, err
	}
	return &Cron{f, o, newWall(p, repeats, o)}, nil
}

// Next returns the first matching time after prev and not before now.
func (c *Cron) Next(prev, now time.Time) (time.Time, bool) { return c.wall.Next(prev, now) }

// Bind fills in the time zone.
func (c *Cron) Bind(b Binding) Trigger {
	bound := *c
	bound.options = c.options.bind(b)
	bound.wall.zone = zoneOf(bound.options.Location)
	return &bound
}

// Kind returns "cron".
func (*Cron) Kind() string { return "cron" }

// String returns for instance "cron(day_of_week='mon-fri', hour='9') in Europe/Berlin".
func (c *Cron) String() string {
	var given []string
	for i, text := range c.fields.list() {
		if text != "" {
			given = append(given, fmt.Sprintf("%s='%s'", cronFields[i].name, text))
		}
	}
	return "cron(" + strings.Join(given, ", ") + ")" + c.options.suffix()
}

type cronJSON struct {
	Kind string `json:"kind"`
	CronFields
	optionsJSON
}

// MarshalJSON returns the persistent form. It fails if the location has no
// name by which it is found again.
func (c *Cron) MarshalJSON() ([]byte, error) {
	o, err := c.options.json()
	if err != nil {
		return nil, err
	}
	return canonical.Marshal(&cronJSON{c.Kind(), c.fields, o})
}

// Members lists what cronJSON has.
func (form *cronJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Text("year", &form.Year, canonical.OmitEmpty)
	o.Text("month", &form.Month, canonical.OmitEmpty)
	o.Text("day", &form.Day, canonical.OmitEmpty)
	o.Text("week", &form.Week, canonical.OmitEmpty)
	o.Text("day_of_week", &form.DayOfWeek, canonical.OmitEmpty)
	o.Text("hour", &form.Hour, canonical.OmitEmpty)
	o.Text("minute", &form.Minute, canonical.OmitEmpty)
	o.Text("second", &form.Second, canonical.OmitEmpty)
	form.optionsJSON.Members(o)
}

func (form *cronJSON) trigger(Kinds) (Trigger, error) {
	o, err := form.options()
	if err != nil {
		return nil, err
	}
	return NewCron(form.CronFields, o)
}
