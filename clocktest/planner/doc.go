// Package planner shows what a job table will do: "run my jobs through the next
// month, and show me".
//
//	jobs, err := s.Jobs(ctx)
//	report, err := planner.Plan(ctx, planner.Config{
//		Jobs:      jobs,
//		From:      now,
//		Until:     now.AddDate(0, 1, 0),
//		Duration:  planner.Durations(map[string]time.Duration{"backup": 40 * time.Minute}, time.Minute),
//		Executors: map[string]int{"default": 10},
//	})
//	err = report.WriteText(os.Stdout)
//	err = report.WriteHTML(file)
//
// It answers what a list of upcoming run times cannot: which runs overlap, wait
// for a place, are skipped or missed; at which minutes everything comes
// together; whether the pool is large enough; what happens on the night on which
// the clocks are changed. A month of 50 jobs takes a fifth of a second.
//
// # Preview and reality
//
// A plan is not a second opinion on what a scheduler does. It runs the scheduler
// itself, with its stores, triggers, misfire rules and pools, in the simulator
// of package clocktest. Only the jobs' calls are replaced, by ones that take
// their time on virtual time and do nothing; neither tasks nor functions are
// called. A test of this package lives through a day with a real scheduler, its
// goroutines and a fake clock, and finds the same runs, started and finished at
// the same nanosecond, as in the plan.
//
// What a plan cannot know:
//
//   - runs that are being executed when it begins, and what is done to the jobs
//     meanwhile;
//   - other schedulers that share the store;
//   - executors other than pools: tell it how many runs they execute at a time;
//   - runs that fail. They take as long as others, and nothing depends on it;
//   - what comes first of two things at the same instant. A run that takes
//     exactly until its job is due again may or may not have ended by then: in
//     reality chance decides, in a plan [Config.Seed]. Durations that are not
//     round avoid the question.
//
// # Jobs
//
// [Config.Jobs] are snapshots: Scheduler.Jobs returns them, stores list them, an
// export holds them as JSON. A next run time before the plan's beginning is
// dealt with as after an outage, by the job's Coalesce and MisfireGrace. Paused
// jobs stay paused, parked ones parked; the report says so. To plan them all the
// same, clear Job.Paused or Job.Parked: the latter, for instance, where the
// jobs come from a scheduler that does not know their tasks.
//
// # Durations
//
// [Durations] takes them by job. A [Recorder] listens to a real scheduler: a
// plan of the past repeats it to the nanosecond, for instance to see how it
// would have been with another pool, and one of the future draws from what has
// been. Any other function will do, for instance one that grows with the amount
// of data.
//
// # Changes of the clock
//
// A [ClockChange] lists which times of day it shifts, drops or doubles for each
// job. It compares what the trigger does with what it would do if the clock
// were not changed; so schedules of all kinds are covered, but for those that
// cannot be written as JSON. What follows elapsed time is not affected. A cron
// schedule with a wildcard follows the clock in so far as it has nothing to run
// in hours that do not exist, and runs twice in those that are repeated.
//
// # Reports
//
// A [Report] is data: every run with its outcome, sums by job and executor, the
// load over time. It encodes to JSON and back. [Report.WriteText] is for the
// terminal, [Report.WriteHTML] a page with a picture that needs nothing else.
//
// # Concurrency and cost
//
// A plan runs on the goroutine that asks for it; several may be made at the same
// time. It takes some ten microseconds and 300 bytes for each run.
package planner
