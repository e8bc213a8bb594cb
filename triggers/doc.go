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
//	not on holidays                        NewExcept(t, Day(2025, time.December, 25, berlin))
//	not all at the same second             NewJitter(t, time.Minute)
//	anything else                          a type of your own with the method Next
//
// A constructor checks everything. Its errors are, or join, [*Error] values,
// which name the part and say what to write instead. [Must] is for triggers
// that are written down in the program.
//
// # Cron and Crontab
//
// [Cron] has the fields of APScheduler, [Crontab] is what Unix users write:
//
//	                             Cron                        Crontab
//	Monday                       0, mon                      1, mon
//	day and weekday both given   both must match             one of them must
//	second Tuesday of the month  Day: "2nd tue"              tue#2
//	last Friday, last day        Day: "last fri", "last"     friL, L
//	year and ISO week            Year, Week                  -
//	chosen by the job            -                           H
//
// # Changes of the clock
//
// Where the clock is put forward some times do not exist, and where it is put
// back some exist twice. What runs then depends on the hour, the minute and the
// second of an expression:
//
//   - If they are numbers, lists and ranges, they name fixed times, and each of
//     them runs once a day. A time in the gap is shifted by the length of the
//     gap; of two times the first one counts. What is shifted onto another
//     time of the same trigger runs once.
//   - If one of them has a step, or all its values (as * has, but 0-23 for the
//     hour as well), the schedule repeats and follows elapsed time: it runs in
//     both passes of an hour, and in a gap there is nothing to run.
//
// [Gap] and [Fold] override either. A gap of a whole day, in which a country
// changes over to the other side of the date line, takes the date with it:
// nothing of it is shifted. The times of a [CalendarInterval] are fixed.
//
//	Europe/Berlin, 01:00 to 04:00         put forward at 02:00  put back at 03:00
//	30 2 * * *                            03:30                 02:30
//	30 2 * * *, Skip and Both             -                     02:30 02:30'
//	30 2,3 * * *                          03:30                 02:30 03:30
//	0 1-3 * * *                           01:00 03:00           01:00 02:00 03:00
//	30 * * * *                            01:30 03:30           01:30 02:30 02:30' 03:30
//	*/30 2 * * *                          -                     02:00 02:30 02:00' 02:30'
//	*/30 2 * * *, Shift and First         03:00 03:30           02:00 02:30
//
//	Australia/Lord_Howe  15,45 1,2 * * *  01:15 01:45 02:45     01:15 01:45 02:15 02:45
//	Africa/Cairo         0 0,23 * * *     01:00 23:00           00:00 23:00
//	Pacific/Apia         0 9 * * *        -                     09:00
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
// the seed of what is chosen by the job (its delays, and H in a crontab). [Bind]
// does it; [Upcoming], [Between] and [Preview] do it for the time that they begin
// at. A trigger that is asked without it follows UTC, counts from 1970, and
// chooses as if there were one job only.
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
// A time zone is stored by its IANA name, a fixed one by its offset, and
// [time.Local] as the local zone of the process that reads it. A zone with
// rules of its own cannot be stored.
//
// # Concurrency
//
// Triggers are immutable: all methods may be called from several goroutines.
package triggers
