package triggers

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"time"
	_ "time/tzdata"
)

// buildOracle makes the trigger that a recorded case is about: what was given
// to the constructor, by the reference's names.
func buildOracle(kind string, params map[string]any, timezone string, clock time.Time) (Trigger, error) {
	p := &oracleParams{values: params}
	if timezone != "" {
		p.loc, p.err = findLocation(timezone)
	}
	t, err := p.build(kind, clock)
	for name := range params {
		if !slices.Contains(p.used, name) {
			p.fail("unexpected argument %s", name)
		}
	}
	if err = errors.Join(p.err, err); err != nil {
		return nil, err
	}
	return Bind(t, Binding{Now: clock}), nil
}

func (p *oracleParams) build(kind string, clock time.Time) (Trigger, error) {
	switch kind {
	case "cron":
		return buildOracleCron(p)
	case "crontab":
		return buildOracleCrontab(p)
	case "interval":
		return NewInterval(p.duration(), p.options())
	case "date":
		if _, ok := p.values["run_date"]; !ok {
			return At(clock), p.err
		}
		return At(p.time("run_date")), p.err
	case "calendarinterval":
		return p.calendarInterval()
	case "and":
		return build(NewAnd, p.triggers(clock))
	case "or":
		return build(NewOr, p.triggers(clock))
	}
	return nil, fmt.Errorf("unknown kind %s", kind)
}

func build[T Trigger](construct func(...Trigger) (T, error), children []Trigger) (Trigger, error) {
	return construct(children...)
}

// oracleParams reads what was given to a constructor of the reference. The
// first fault is kept.
type oracleParams struct {
	values map[string]any
	loc    *time.Location
	used   []string
	err    error
}

func (p *oracleParams) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

func (p *oracleParams) get(name string) any {
	p.used = append(p.used, name)
	return p.values[name]
}

func (p *oracleParams) text(name string) string {
	text, ok := p.get(name).(string)
	if !ok && p.values[name] != nil {
		p.fail("%s is no text", name)
	}
	return text
}

func (p *oracleParams) int(name string) int {
	value := p.get(name)
	if value == nil {
		return 0
	}
	n, err := strconv.Atoi(fmt.Sprint(value))
	if err != nil {
		p.fail("%s: %v", name, err)
	}
	return n
}

// duration is the sum of the interval's arguments, exact to the microsecond.
func (p *oracleParams) duration() time.Duration {
	sum := new(big.Rat)
	for name, seconds := range map[string]int64{"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1} {
		value := p.get(name)
		if value == nil {
			continue
		}
		n, ok := new(big.Rat).SetString(fmt.Sprint(value))
		if _, isNumber := value.(json.Number); !ok || !isNumber {
			p.fail("%s is no number", name)
			continue
		}
		sum.Add(sum, n.Mul(n, big.NewRat(seconds, 1)))
	}
	micros, _ := sum.Mul(sum, big.NewRat(1e6, 1)).Float64()
	return time.Duration(micros) * time.Microsecond
}

func (p *oracleParams) options() Options {
	return Options{Location: p.loc, Start: p.optionalTime("start_date"), End: p.optionalTime("end_date")}
}

func (p *oracleParams) optionalTime(name string) time.Time {
	if p.values[name] == nil || p.values[name] == "" {
		p.get(name)
		return time.Time{}
	}
	return p.time(name)
}

var oracleTime = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)?\n?$`)

// time reads a date and time. Without an offset it is a wall clock time in the
// trigger's zone.
func (p *oracleParams) time(name string) time.Time {
	parts := oracleTime.FindStringSubmatch(p.text(name))
	if parts == nil {
		p.fail("%s: invalid date string", name)
		return time.Time{}
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(parts[i+1])
	}
	fraction, _ := strconv.Atoi((parts[7] + "000000")[:6])
	wall := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], fraction*1000, time.UTC)
	if wall.Day() != n[2] || wall.Month() != time.Month(n[1]) || wall.Hour() != n[3] || wall.Minute() != n[4] || wall.Second() != n[5] {
		p.fail("%s: out of range", name)
	}
	if parts[8] != "" {
		offset, err := time.Parse("Z07:00", parts[8])
		if err != nil {
			p.fail("%s: %v", name, err)
		}
		_, seconds := offset.Zone()
		return wall.Add(-time.Duration(seconds) * time.Second)
	}
	return fromWall(wall, p.loc)
}

// fromWall returns when the clocks of loc show what wall shows in UTC: the
// first time if they do twice, and if they never do the time at which they
// would have, had they not been put forward. It tries all offsets around.
func fromWall(wall time.Time, loc *time.Location) (found time.Time) {
	if loc == nil {
		return wall
	}
	smallest := time.Duration(24 * time.Hour)
	for hour := 25; hour >= -25; hour-- {
		_, seconds := wall.Add(-time.Duration(hour) * time.Hour).In(loc).Zone()
		offset := time.Duration(seconds) * time.Second
		smallest = min(smallest, offset)
		t := wall.Add(-offset)
		if _, there := t.In(loc).Zone(); there == seconds && (found.IsZero() || t.Before(found)) {
			found = t
		}
	}
	if found.IsZero() {
		return wall.Add(-smallest)
	}
	return found
}

// calendarInterval maps the reference's dates onto our bounds, which are times
// of day too, and sets its rule for a gap.
func (p *oracleParams) calendarInterval() (Trigger, error) {
	o := Options{Location: p.loc, Gap: Skip}
	if start, ok := p.date("start_date"); ok {
		o.Start = fromWall(start, p.loc)
	}
	if end, ok := p.date("end_date"); ok {
		o.End = fromWall(end.AddDate(0, 0, 1), p.loc).Add(-1)
	}
	return NewCalendarInterval(CalendarFields{
		Years: p.int("years"), Months: p.int("months"), Weeks: p.int("weeks"), Days: p.int("days"),
		Hour: p.int("hour"), Minute: p.int("minute"), Second: p.int("second"),
	}, o)
}

func (p *oracleParams) date(name string) (time.Time, bool) {
	if p.values[name] == nil || p.values[name] == "" {
		p.get(name)
		return time.Time{}, false
	}
	date, err := time.Parse(time.DateOnly, p.text(name))
	if err != nil {
		p.fail("%s: %v", name, err)
	}
	return date, true
}

func (p *oracleParams) triggers(clock time.Time) (children []Trigger) {
	list, _ := p.get("triggers").([]any)
	for _, item := range list {
		child := item.(map[string]any)
		params, _ := child["params"].(map[string]any)
		timezone, _ := child["timezone"].(string)
		t, err := buildOracle(child["kind"].(string), params, timezone, clock)
		if err != nil {
			p.fail("%w", err)
			continue
		}
		children = append(children, t)
	}
	return children
}
