// Package zoneinfo knows what to do about a time zone that was not found.
package zoneinfo

import "time"

// Remedy returns otherwise, which says how the names of time zones are written.
// But the name may be good, and the machine have no time zones at all, as is
// usual in containers: then it says what to do about that.
func Remedy(otherwise string) string { return remedy(otherwise, time.LoadLocation) }

func remedy(otherwise string, load func(name string) (*time.Location, error)) string {
	if _, err := load("Europe/Berlin"); err != nil {
		return `no time zone but UTC is known here: import _ "time/tzdata" in the program, or install tzdata on the machine`
	}
	return otherwise
}
