package settings

import (
	"errors"
	"time"

	"github.com/carillon-go/carillon/internal/zoneinfo"
)

// Location returns a time zone, given as a *time.Location or by its IANA name;
// nil if it is not given.
func (s *Section) Location(key string) *time.Location {
	value := s.Value(key)
	if loc, ok := value.(*time.Location); ok {
		return loc
	}
	if name, _ := scalar(value); name != "" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc
		}
	}
	if value != nil {
		s.Refuse(key, zoneinfo.Remedy(`give the IANA name of a time zone, such as "Europe/Berlin", or "Local"`))
	}
	return nil
}

// Time returns a time, given as a time.Time or as text like
// "2024-05-01T10:00:00+02:00". The T may be a space; seconds and the time of
// day may be left out. Without an offset it is what the clocks of loc show: the
// first time if they do so twice, and if they never do because they are put
// forward, as much later. A nil loc makes the offset a must.
func (s *Section) Time(key string, loc *time.Location) time.Time {
	return s.time(key, loc, timeLayouts, `give a time like "2024-05-01T10:00:00+02:00"`)
}

// Date returns the midnight in loc with which a date like "2024-05-01" begins,
// or the time of day with which it does.
func (s *Section) Date(key string, loc *time.Location) time.Time {
	return s.time(key, loc, []string{dateLayout}, `give a date like "2024-05-01"`)
}

const dateLayout = "2006-1-2"

var timeLayouts = []string{
	"2006-1-2T15:4:5Z07:00", "2006-1-2 15:4:5Z07:00", "2006-1-2T15:4Z07:00", "2006-1-2 15:4Z07:00",
	"2006-1-2T15:4:5", "2006-1-2 15:4:5", "2006-1-2T15:4", "2006-1-2 15:4", dateLayout,
}

func (s *Section) time(key string, loc *time.Location, layouts []string, remedy string) time.Time {
	value := s.Value(key)
	if t, ok := value.(time.Time); ok {
		return t
	}
	text, _ := scalar(value)
	t, err := parseTime(text, loc, layouts)
	switch {
	case err == errNoZone:
		s.Refuse(key, "set timezone too, for it has no offset")
	case err != nil && value != nil:
		s.Refuse(key, remedy)
	}
	return t
}

var errNoZone = errors.New("time without a zone")

func parseTime(text string, loc *time.Location, layouts []string) (t time.Time, err error) {
	for _, layout := range layouts {
		if t, err = time.Parse(layout, text); err != nil {
			continue
		}
		switch {
		case len(layout) > 6 && layout[len(layout)-6:] == "Z07:00":
			return t, nil
		case loc == nil:
			return time.Time{}, errNoZone
		}
		return onClock(t, loc), nil
	}
	return time.Time{}, err
}

// onClock returns when the clocks of loc show what t shows in UTC.
func onClock(t time.Time, loc *time.Location) time.Time {
	before, after := offset(t.Add(-24*time.Hour), loc), offset(t.Add(24*time.Hour), loc)
	early, late := t.Add(-before), t.Add(-after)
	if offset(late, loc) == after && offset(early, loc) != before {
		return late.In(loc)
	}
	return early.In(loc)
}

func offset(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
