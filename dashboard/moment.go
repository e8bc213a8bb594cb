package dashboard

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
)

// moment is a time as it is seen from another one. Its JSON form is that of the
// time.
type moment struct {
	time.Time
	now time.Time
}

// moment returns a time in the zone of the page.
func (v *visit) moment(t time.Time) moment {
	return v.momentIn(t, v.zone())
}

func (v *visit) momentIn(t time.Time, zone *time.Location) moment {
	if t.IsZero() {
		return moment{}
	}
	return moment{t.In(zone), v.now}
}

// zone returns the time zone of the page.
func (v *visit) zone() *time.Location {
	if v.config.Location != nil {
		return v.config.Location
	}
	return v.now.Location()
}

// Past reports whether the moment has come.
func (m moment) Past() bool { return !m.After(m.now) }

// Clock returns the time to the second, or as exactly as it is, without the zone.
func (m moment) Clock() string { return m.Format("2006-01-02 15:04:05.999999") }

// Zoned returns the time with the name of its zone and its weekday.
func (m moment) Zoned() string { return m.Format("Mon 2006-01-02 15:04:05.999999 MST") }

// Exact returns the time for machines: in its zone or, where RFC 3339 has no form
// for that, in UTC. It has none for years behind 9999, nor for the clocks of old,
// whose offsets have seconds.
func (m moment) Exact() string {
	t := m.Time
	if _, offset := t.Zone(); offset%60 != 0 || t.Year() < 0 || t.Year() > 9999 {
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano)
}

// MarshalJSON returns the time as Exact does. That of [time.Time] fails in a year
// that has more than four digits, and the page with it.
func (m moment) MarshalJSON() ([]byte, error) {
	return strconv.AppendQuote(nil, m.Exact()), nil
}

// ZoneName returns the name of the time's zone, for instance "Europe/Berlin", or
// "Local (CET)".
func (m moment) ZoneName() string {
	if name := m.Location().String(); name != "Local" {
		return name
	}
	return m.Format("Local (MST)")
}

// Away returns how far away the moment is: "in 5 min", "3 h 5 min ago", "now".
func (m moment) Away() string {
	switch d := m.Sub(m.now); {
	case d >= time.Second/2:
		return "in " + about(d)
	case d <= -time.Second/2:
		return about(opposite(d)) + " ago"
	}
	return "now"
}

// For returns how long ago the moment was.
func (m moment) For() string { return about(max(0, m.now.Sub(m.Time))) }

// about returns a duration in the two largest units that say something.
func about(d time.Duration) string {
	switch {
	case d < time.Minute:
		return strconv.Itoa(int((d+time.Second/2)/time.Second)) + " s"
	case d < 10*time.Minute:
		return units(d, time.Minute, "min", time.Second, "s")
	case d < time.Hour:
		return units(d, time.Minute, "min", 0, "")
	case d < 48*time.Hour:
		return units(d, time.Hour, "h", time.Minute, "min")
	}
	return units(d, 24*time.Hour, "d", 0, "")
}

// words returns a duration of a run, with three digits that say something.
func words(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + words(opposite(d))
	case d == 0:
		return "0 s"
	case d < time.Millisecond:
		return strconv.FormatInt(int64(d/time.Microsecond), 10) + " µs"
	case d < time.Second:
		return decimal(float64(d)/float64(time.Millisecond)) + " ms"
	case d < time.Minute:
		return decimal(d.Seconds()) + " s"
	case d < time.Hour:
		return units(d, time.Minute, "min", time.Second, "s")
	case d < 48*time.Hour:
		return units(d, time.Hour, "h", time.Minute, "min")
	}
	return units(d, 24*time.Hour, "d", time.Hour, "h")
}

// opposite returns -d. The least duration has no opposite, and -d is then itself.
func opposite(d time.Duration) time.Duration { return -max(d, -math.MaxInt64) }

func units(d, large time.Duration, name string, small time.Duration, smallName string) string {
	text := strconv.Itoa(int(d/large)) + " " + name
	if rest := d % large / cmp.Or(small, large); rest > 0 {
		text += " " + strconv.Itoa(int(rest)) + " " + smallName
	}
	return text
}

// decimal returns a number below 1,000 with one digit behind the point, if it is
// below 100 and the digit is not 0.
func decimal(x float64) string {
	if x >= 100 {
		return strconv.Itoa(int(x))
	}
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}

// span is a duration, whose JSON form is a number of seconds.
type span time.Duration

// String returns the duration for people.
func (s span) String() string { return words(time.Duration(s)) }

// MarshalJSON returns the seconds.
func (s span) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, time.Duration(s).Seconds(), 'f', -1, 64), nil
}
