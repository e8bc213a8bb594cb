package triggers

import (
	"errors"
	"path"
	"sync"
	"time"

	"github.com/carillon-go/carillon/internal/zoneinfo"
)

// locationName returns the text that findLocation turns into loc again: "" for
// nil, the IANA name, "Local" (which is the zone of the process that reads it),
// or the offset of a fixed zone, such as "+05:30". A zone that follows rules
// of its own is refused: its name would not be found, or mean another one.
func locationName(loc *time.Location) (string, error) {
	if loc == nil {
		return "", nil
	}
	name := loc.String()
	if !strange.has(name) {
		found, err := findLocation(name)
		if err != nil {
			strange.add(name)
		} else if found != nil && sameRules(found, loc) {
			return name, nil
		}
	}
	if offset, fixed := fixedOffset(loc); fixed {
		if name := offsetName(offset); isOffset(name) {
			return name, nil
		}
	}
	return "", &Error{
		Field: "Options.Location", Expr: name, Pos: -1,
		Reason: "cannot be stored, because no time zone is found again by this name; use time.LoadLocation with an IANA name such as Europe/Berlin",
	}
}

// locations are the zones found by name, so that all triggers that are read
// from a store share one *time.Location per zone. Only names of the time zone
// database get in, which bounds it.
var locations sync.Map // string -> *time.Location

var strange strangeZones

// findLocation returns the zone with the name that locationName gave it.
func findLocation(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	if loc, ok := locations.Load(name); ok {
		return loc.(*time.Location), nil
	}
	if offset, ok := parseOffset(name); ok {
		return time.FixedZone(name, offset), nil
	}
	loc, err := time.LoadLocation(name)
	if err == nil && path.Clean(name) != name { // such as Europe//Berlin
		err = errors.New("unknown time zone " + name)
	}
	if err != nil {
		return nil, &Error{Field: "timezone", Expr: name, Pos: -1, Reason: err.Error() + "; " + zoneinfo.Remedy("use an IANA name such as Europe/Berlin")}
	}
	found, _ := locations.LoadOrStore(name, loc)
	return found.(*time.Location), nil
}

// sameRules reports whether a and b are the same zone as far as their name can
// tell: either both are fixed, at one offset, or neither is.
func sameRules(a, b *time.Location) bool {
	if a == b {
		return true
	}
	offsetA, fixedA := fixedOffset(a)
	offsetB, fixedB := fixedOffset(b)
	return fixedA == fixedB && offsetA == offsetB
}

// fixedOffset returns the offset of a zone whose clock was never changed.
func fixedOffset(loc *time.Location) (seconds int, fixed bool) {
	t := time.Unix(0, 0).In(loc)
	start, end := t.ZoneBounds()
	if !start.IsZero() || !end.IsZero() {
		return 0, false
	}
	_, seconds = t.Zone()
	return seconds, true
}

// The layouts of a fixed zone's name. Seconds are written only if there are any.
const (
	offsetMinutes = "-07:00"
	offsetSeconds = "-07:00:00"
)

func offsetName(seconds int) string {
	t := time.Unix(0, 0).In(time.FixedZone("", seconds))
	if seconds%60 == 0 {
		return t.Format(offsetMinutes)
	}
	return t.Format(offsetSeconds)
}

func isOffset(name string) bool {
	_, ok := parseOffset(name)
	return ok
}

func parseOffset(name string) (seconds int, ok bool) {
	for _, layout := range []string{offsetMinutes, offsetSeconds} {
		if t, err := time.Parse(layout, name); err == nil {
			_, seconds = t.Zone()
			return seconds, true
		}
	}
	return 0, false
}
