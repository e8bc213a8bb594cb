package triggers

import "time"

// Trigger says when a job runs. It is pure: the same question has the same
// answer, nothing is remembered between two calls, and no clock is read.
//
// Implementations must be safe for concurrent use. A trigger that is to be
// kept in a persistent store also implements [Persistent].
type Trigger interface {
	// Next returns the earliest time that is after prev and not before now.
	// A zero prev means that the trigger has never fired. ok is false once
	// there is no such time any more: the job is then finished. A scheduler takes
	// a time outside of the years 1 to 9999 for none. The times may be in any time
	// zone: who looks at a day or an hour converts them first.
	//
	// A single date is the exception: until it has fired it is the answer,
	// even if now is past it (see [Date.Next]). Ask with a prev just before
	// now to leave out what is past.
	//
	// APScheduler: get_next_fire_time.
	Next(prev, now time.Time) (next time.Time, ok bool)
}
