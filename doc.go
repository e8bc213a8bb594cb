// Package carillon is a job scheduler: it runs functions at the times that
// their triggers say, and tells what became of each run.
//
// # Five lines
//
//	s, err := carillon.New(carillon.Config{}) // memory store, pool executor, real clock
//	s.At(time.Now(), greet)                   // a func(ctx context.Context) error
//	s.Every(10*time.Second, poll)
//	s.Crontab("TZ=Europe/Berlin 30 2 * * mon-fri", nightly, carillon.Job{ID: "nightly"})
//	err = s.Run(ctx) // until ctx ends, or Shutdown
//
// [Scheduler.Run] blocks. A program that has something else to do uses its two
// halves, [Scheduler.Start] and [Scheduler.Shutdown]. Jobs can be added, changed
// and removed at any time. Those that are added before the start are pending:
// they get their first run time when the scheduler is started.
//
// # Jobs
//
// A [Job] says what runs, when, and under which rules. Fill in what matters; an
// open field takes the scheduler's default ([Config.JobDefaults]). The [Job] that
// methods return is a snapshot: to change a job, ask the scheduler
// ([Scheduler.ModifyJob], [Scheduler.RescheduleJob], [Scheduler.PauseJob]).
//
// A job is known by its ID, which is yours to choose. Choose one if the job is
// ever to be found again, and Job.Replace if it may exist already.
//
// # What runs
//
// A call is a plain function, [Func], or a task. A function lives as long as
// the process and can only be kept in memory. A task is a function with a name
// and typed arguments; what is stored is the name, and the arguments as JSON:
//
//	var Remind = carillon.NewTask("mail.remind", func(ctx context.Context, r Reminder) error {
//		fmt.Println("dear", r.To)
//		return nil
//	})
//
// A scheduler runs the tasks that it was given in [Config.Tasks]. A job whose
// task it does not know is parked: kept, not run, and reported by an event.
//
//	_, err = s.AddJob(ctx, Remind.With(Reminder{To: "Ada"}), at, carillon.Job{ID: "remind-ada", Replace: true})
//
// A run finds the values of Config.BaseContext in its context. It can ask it
// which run it is ([FromContext]), wait on the scheduler's clock ([Sleep]), bound
// what it does by it ([WithTimeout]), and leave a result behind ([SetResult]).
// Package wrap puts timeouts, retries, and what one writes oneself around jobs,
// tasks and all that an executor runs.
//
// # When it runs
//
// Package triggers has intervals, dates, crontabs, APScheduler's cron fields,
// calendar intervals, And, Or, Except and Jitter; a type of your own needs one
// method. Triggers are pure, so a preview shows exactly what will happen:
//
//	for t := range triggers.Between(trigger, start, end) {
//		fmt.Fprintln(w, " ", t.Format("Mon 2006-01-02 15:04 MST"))
//	}
//
// A trigger follows the wall clock of its own time zone, or else of the job's
// (Job.Location), or else of the scheduler's ([Config.Location]). When the
// clocks are changed, a cron job at a fixed time of day runs exactly once that
// day, and one that repeats within the day runs once in each hour that passes;
// [triggers.Options] overrides both.
//
// # Late, and too many at a time
//
// Run times can come due while nothing is run: the scheduler was paused, the
// machine asleep, the store out of reach. Three settings of a job decide:
//
//	Coalesce      several run times at once: Latest (one run, for the latest), All (each, in order)
//	MisfireGrace  how late a run may begin before it is missed; by default, any time is fine
//	MaxInstances  how many runs may go on at a time; by default 1, and what exceeds it is skipped
//
// # What became of it
//
// Every run time of a job ends in exactly one [Outcome], or was coalesced into
// one that did: [Executed], [Failed], [Missed], [Skipped], or [Lost] if the
// process died. A panic in a job is a failure with a stack ([PanicError]).
//
// Outcomes and everything else that happens are events, in one order for all
// listeners. Package messages lists them; [On] listens to one type, and
// [Scheduler.AddListener] to a set:
//
//	carillon.On(s, func(e *messages.JobError) {
//		fmt.Println(e.Run.Key(), "failed:", e.Err)
//	})
//
// Runs that fail or are missed are logged in any case ([Config].Logger). A store
// keeps a history of all. [Scheduler.Explain] asks it why a job did not run at
// some time, or whether it did; [Scheduler.History] searches it.
//
// Each listener is called on a goroutine of its own, one event at a time. A slow
// one delays neither jobs nor other listeners, and any listener may call the
// scheduler.
//
// # The life of a scheduler
//
//	Stopped ──Start──► Running ──Pause──► Paused        Shutdown leads from both back to Stopped
//	        ──StartPaused───────────────►
//	                           ◄─Resume──
//
// While it is paused jobs come due and wait. Shutdown starts no more runs and
// waits for those that go on, for as long as its context allows; then it cancels
// theirs. An ended context means: do not wait. A job or a listener may shut its
// scheduler down. A scheduler can be started again.
//
// # Stores and executors
//
// A store keeps jobs and an executor runs them. A scheduler has any number of
// both, by alias; a job names its own, or takes "default", which is made if
// there is none: package stores/memory, and package executors/pool without a
// limit. A store that is slow or fails delays its own jobs only.
//
// Packages stores/sqlite, stores/postgres, stores/mysql and stores/redis keep
// jobs that outlive the process; these are tasks:
//
//	carillon.Config{
//		Stores: carillon.Stores{"default": sqlite.Open("jobs.db")},
//		Tasks:  carillon.NewTasks(Remind, Report),
//	}
//
// Several processes can share such a store. Each run is executed by one of them,
// and what a process leaves behind that dies is taken over, or reported as lost,
// by the others ([Config].Lease). stores/README.md compares the stores, and tells
// what they promise and how to run several schedulers on one.
//
// Write one by implementing an interface, [stores.Store] or
// [executors.Executor], and hold it against the suite that ours have to pass:
// storetest, executortest. [ConfigFromMap] makes a configuration of names and
// values from a file, with plugins for stores and executors.
//
// # Testing
//
// A scheduler takes the time from [Config.Clock] and from nowhere else, and can
// tell when it has done all that there is to do. So tests need neither wait nor
// guess:
//
//	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
//	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC})
//	s.Crontab("0 0 1 * *", say("a new month"))
//	s.Start(ctx)
//	err = clocktest.Advance(ctx, s, clock, 92*24*time.Hour) // three months, in no time
//
// Fake clocks of other libraries fit too ([clock.From]), and inside
// testing/synctest nothing needs to be replaced at all. Package clocktest also
// has a simulator, which runs everything on one goroutine in an order that a
// seed chooses, with faults on request. A job that sleeps with [Sleep] sleeps
// on the fake clock, and one that asks [Scheduler.Now] sees it; somebody has to
// move it, also during a Shutdown, as clocktest.Shutdown does.
//
// # What is promised
//
// No run disappears without an outcome, and by default none is started twice:
// a job is run at most once for each of its times. [AtLeastOnce] repeats a run
// whose process died, in stores that outlive it. Nothing is ever run "exactly
// once": between what a job does and the record of it, a process can die. Make
// jobs idempotent on the key of their run, Run.Key.
//
// The memory store ends with its process, and all jobs with it. The others keep
// the promise over crashes, restarts and clocks that differ.
//
// # Errors
//
// Conditions are values for [errors.Is], such as [ErrJobNotFound]; [Error] says
// what they happened to. A [FieldError] names the setting that cannot be
// accepted and what to write instead; several are joined.
//
// # Coming from another scheduler
//
// The words are APScheduler's, in Go's spelling, and the documentation of each
// method ends with its name there. docs/apscheduler.md translates them, and
// lists what is different on purpose; docs/from-robfig-cron.md and
// docs/from-gocron.md do it for theirs. docs/recipes.md has the code for what is
// asked most.
package carillon
