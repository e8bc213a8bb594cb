package triggers

import "time"

// Options are the settings that the wall clock triggers share. The zero value
// is right for most.
type Options struct {
	// Location is the time zone whose wall clock the trigger follows. Nil: when
	// it is added to a scheduler the job's or else the scheduler's (see [Bind]),
	// UTC otherwise.
	Location *time.Location

	// Start and End bound the trigger's times, both included. Zero: no bound.
	Start, End time.Time

	// Gap and Fold override what happens to times that the change to and from
	// daylight saving time removes and repeats.
	Gap  Gap
	Fold Fold
}

// Gap says what becomes of a time that does not exist, because the clock was
// put forward over it.
type Gap uint8

const (
	// GapDefault is Shift for a time that is fixed to the second, Skip for a
	// schedule that repeats within the day.
	GapDefault Gap = iota

	// Shift moves the time forward by the length of the gap: 02:30 becomes
	// 03:30 where 02:00 to 03:00 is missing (RFC 5545, section 3.3.5).
	Shift

	// Skip leaves the time out.
	Skip
)

// Fold says what becomes of a time that exists twice, because the clock was
// put back over it.
type Fold uint8

const (
	// FoldDefault is First for a time that is fixed to the second, Both for a
	// schedule that repeats within the day.
	FoldDefault Fold = iota

	// First uses the first of the two.
	First

	// Both uses both.
	Both
)
