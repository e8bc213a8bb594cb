// Package clocktest lets schedules pass in no time: for tests of one's own
// jobs, and for finding out what a scheduler does when things go wrong.
//
// # Two doors
//
// A fake clock under a scheduler that runs live, on goroutines: [Clock] and
// [Advance]. Everything is as in production but the time. Jobs may do what they
// like, clocks of other packages will do ([Mover]), and the order of what
// happens at the same time is Go's. A year of an hourly job takes half a second.
// It is the door for testing that jobs are scheduled as they should be.
//
// The simulator: [Run] and [Sim]. A whole scheduler, or several on one store,
// runs step by step on one goroutine, on virtual time, and a seed decides the
// order of the steps and which faults strike. The same seed gives the same
// history, message by message, so that what fails can be replayed. A year of an
// hourly job takes a tenth of a second. It is the door for testing that jobs
// come through what happens to them.
//
// # Testing one's own jobs
//
// With a fake clock:
//
//	clock := clocktest.NewClock(time.Date(2025, 3, 29, 0, 0, 0, 0, berlin))
//	s, err := carillon.New(carillon.Config{Clock: clock, Location: berlin})
//	… add jobs, Start …
//	err = clocktest.Advance(ctx, s, clock, 3*24*time.Hour)
//
// When Advance returns, every run that has come due has ended and every event is
// delivered. See the example of Advance: a weekend on which the clocks change.
// [Shutdown] moves the clock, too: a job that is asleep would else keep the
// scheduler's own waiting for ever.
//
// With a store that outlives its process a scheduler sends a heartbeat every five
// seconds, 17,280 on a day that is to pass in no time. In a test give it
// [carillon.SoleOwner] as its Lease, and it sends none.
//
// In the simulator:
//
//	func TestBilling(t *testing.T) {
//		clocktest.Run(t, clocktest.Config{Faults: clocktest.AllFaults()}, func(sim *clocktest.Sim) {
//			s, err := carillon.New(sim.Config())
//			… add a job for every minute of an hour, Start: with store faults
//			these may fail and be tried again …
//			err = sim.Advance(time.Hour)
//			err = sim.Finish(s) // lets five more minutes pass
//			sim.Always(billed == 60, "%d minutes were billed", billed)
//		})
//	}
//
// Jobs sleep with carillon.Sleep, which costs no time in a simulation. Several
// schedulers live on a [Node] each and share a [Sim.Store], which outlives a
// [Node.Crash]; see the example of Node.Crash.
//
// # Faults
//
// [Faults] says what can go wrong, and how often; [AllFaults] is everything.
// Each stroke depends on the seed, the site and how often the site was come by,
// and on nothing else. Half of the sites, chosen by the seed, are quiet in each
// simulation, since bugs that need one fault tend to be hidden by others;
// [Config.EveryFault] has all of them strike.
//
// One's own code can have sites: in a job [Chance], elsewhere [Sim.Chance].
//
//	const MailDown clocktest.Site = "mail.down"
//
//	clocktest.Config{Faults: clocktest.Faults{MailDown: 0.1}}
//
//	func (fakeMail) Send(ctx context.Context, …) error {
//		if clocktest.Chance(ctx, MailDown) {
//			return errors.New("mail: connection refused")
//		}
//		…
//
// What is left to chance in other ways takes it from [Sim.Rand].
//
// # Always and Sometimes
//
// [Sim.Always] states what has to hold in every simulation, [Sim.Sometimes] what
// has to be seen in at least one of a Run: without it a test that never gets to
// what it is about is green. Both may be called from jobs and listeners.
//
// A simulation states by itself what users of a scheduler rely on. It watches
// every answer of a store that [Sim.Config] has as default or that [Sim.Faulty]
// was given, what is submitted to an executor of [Sim.Executor] or
// [Sim.FaultyExecutor], and what listeners are told:
//
//   - A job is planned when it is due and not before, none of its trigger's times
//     is left out, and those that coalesce end in the last one.
//   - A job has no more than MaxInstances unfinished runs, and is skipped only
//     when it has that many.
//   - A run is submitted once, started once and within its grace, and ends once,
//     as its listeners are told. One that has ended is not handed out again.
//   - Nothing is submitted unless the scheduler is running, nothing is told
//     after it was shut down, and no event comes before the one that it follows
//     from.
//   - After [Sim.Finish], the orderly end of a simulation, nothing is left that is
//     due, no run is open, and nobody was left untold.
//
// # Replaying a failure
//
// A seed that fails is run again with fewer and fewer of its faults. The test
// then fails with what is wrong, the faults that it takes, the end of the log,
// and a command:
//
//	seed 0: 2024-01-01T01:05:00Z (step 738): the minute of 00:58 was not billed
//	  faults, 1 of 3 needed: [job.slow:57]
//	  …
//	  replay: CARILLON_SEED=0 CARILLON_ORDER=0 CARILLON_FAULTS=job.slow:57 go test -run '^TestBilling$'
//
// The environment decides about the simulations of a Run:
//
//	CARILLON_SEED       one seed
//	CARILLON_SEEDS      how many seeds
//	CARILLON_FAULTS     the only faults that may strike
//	CARILLON_ORDER      another order of steps under the same seed
//	CARILLON_CHECK      1: each seed twice, which must give the same history
//	CARILLON_TRACE      text, json or chrome: write down each simulation
//	CARILLON_ARTIFACTS  the directory for what is written down
//
// A seed says the same only as long as the program is the same: keep it together
// with the commit. CARILLON_CHECK=1 is for when a failure does not replay: it
// finds bodies that depend on the machine's clock, on the order of a map, or on
// a source of chance of their own, as far as that changes which messages are
// exchanged when, or which jobs, runs and times they are about.
//
// # Traces
//
// [Config.Log] gets everything that happens: as text, as JSON Lines, or as a
// Chrome trace ([Format]), which https://ui.perfetto.dev shows with actors as
// rows, messages as arrows and runs as spans. With CARILLON_TRACE, Run writes
// a file for each seed; with CARILLON_ARTIFACTS=directory before the line that
// replays a failure, its whole log and a Chrome trace.
//
// # Strategies
//
// [RandomWalk] chooses among what could happen next with equal chances. [PCT]
// gives actors priorities and reaches orders that a random walk is unlikely to:
// one actor idle while another one does a lot. Both choose between messages;
// with [Config.SwitchAtSend] others may go on between two messages that an
// actor sends while it handles one, as with processors of their own. That costs
// about three times as much.
//
// # What is not simulated
//
//   - The insides of databases and of anything else that does real I/O. A store
//     of one's own runs in a simulation ([Sim.Faulty], or [Config.NewStore] for
//     all of them) if its methods return without waiting for other goroutines;
//     its speed and its failures are then not the seed's but its own.
//   - The operating system: files, networks, signals, memory that runs out.
//   - Processes. A [Node.Crash] stops everything of a scheduler between two
//     steps; it does not tear a write apart.
//   - Data races. All of a simulation is one goroutine; go test -race finds
//     those that leave it. Run jobs live, too.
//   - Jobs that block on anything but carillon.Sleep and the scheduler's
//     methods: a channel that another goroutine serves, a mutex that is held
//     across a Sleep, time.Sleep. The simulation then waits with them, in real
//     time. Those that use package time and channels of their own, and do not
//     call the scheduler, can be simulated in a bubble of testing/synctest
//     ([Config.Bubble]).
//   - runtime.Goexit in a job, t.FailNow for instance: it would end the
//     goroutine of the whole simulation. Use [Sim.Fatalf] in a body, and
//     [Sim.Failf] in a job.
package clocktest
