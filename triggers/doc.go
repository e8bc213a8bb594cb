// Package triggers says when jobs run.
//
// A [Trigger] is asked for one time after the other. It is pure: it remembers
// nothing and reads no clock, so what a scheduler does is what a preview with
// [Upcoming] shows.
//
// # Which one
//
//	every 90 seconds                       Every(90*time.Second)
//	... beginning at a certain time        NewInterval(90*time.Second, Options{Start: t})
//	once                                   At(t)
//	weekdays at 9                          NewCrontab("0 9 * * mon-fri", Options{Location: berlin})
//	the last Friday of a quarter           NewCron(CronFields{Month: "3,6,9,12", Day: "last fri"}, Options{})
//	every second Tuesday, the 15th of      NewCalendarInterval(CalendarFields{Weeks: 2, Hour: 18}, Options{Start: tuesday})
//	  every third month, at a fixed time
//	at each of several schedules' times    NewOr(a, b)
//	only when several schedules agree      NewAnd(a, b)
//	not all at the same second             NewJitter(t, time.Minute)
//	anything else                          a type of your own with the method Next
//
// A constructor checks everything. Its errors are, or join, [*Error] values,
// which name the part and say what to write instead. [Must] is for triggers
// that are written down in the program.
//
// # Bounds
//
// [Options] bound a trigger by Start and End, both included. The calendar ends
// with the year 9999: no trigger runs later, and none searches further. A
// trigger that has no more times is finished, and its job with it.
//
// # Binding
//
// What a trigger leaves open is filled in when it is added to a scheduler: the
// time zone (the job's, or else the scheduler's), the start of an interval, and
// the seed of what is chosen by the job (its delays, and H in a crontab). [Bind] does it; [Upcoming] and [Between] do it for the time that
// they begin at. A trigger that is asked without it follows UTC, counts from
// 1970, and chooses as if there were one job only.
//
// # Late runs
//
// A run that starts late, or not at all, does not shift the ones after it.
// [Latest] finds the last of the times that have been missed without going
// through all of them.
//
// # Persistence
//
// Every trigger of this package has a JSON form ([Persistent]), an object whose
// member "kind" is the trigger's name in lower case. [Encode] writes it and
// [Decode] reads it, with decoders for triggers of your own ([Kinds]). What
// this process cannot read is kept as an [Unknown] until it can ([Resolve]).
//
// # Concurrency
//
// Triggers are immutable: all methods may be called from several goroutines.
package triggers
