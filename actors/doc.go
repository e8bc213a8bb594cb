// Package actors is the machinery: a scheduler as actors that exchange
// messages. It is the only package that knows Proto.Actor. The facade asks it
// through [Ask]; what can be asked for is in package messages.
//
// # The flow
//
//	  caller ── facade ──Ask──► supervisor ──── owns the lifecycle and the children
//	                │              │ spawns and supervises
//	  ┌─────────────┼──────────────┼────────────────┬───────────────────┐
//	timer      scheduler     store-<alias>…   executor-<alias>…     events ──► listeners
//	  │  Wakeup     │              │                │                    ▲
//	  └───────────► │ ─ClaimDue──► │                │                    │
//	                │ ◄──Claimed── │                │                    │
//	                │ ──Execute───────────────────► │ runs user code     │
//	                │ ◄────────────────────Finished │                    │
//	                │ ──Finish───► │                                     │
//	                │ ──Publish (all of the above, in order) ────────────┘
//
// A request goes to the actor that is in charge of it: about the scheduler, its
// stores and executors to the supervisor; about jobs to the scheduler, which
// passes it on to the store that is concerned, or straight to that store
// (desk.go); about listeners to the events actor. Due runs travel in batches: a
// claim of a thousand of them is one message, and so is what is sent to their
// executor. Ends of runs that come while a store is at work on a claim go with
// the next one, if that follows at once. The goroutine that comes straight to
// the actor of a store in memory carries the request out itself, and that of an
// actor which is done goes on as the next one's (livemailbox.go).
//
// No actor waits for another one. One that needs an answer goes on when the
// message with the answer comes. The only actors that block are those of the
// stores, on their store's I/O; that of an inline executor, on its jobs; and
// each listener's, on the listener.
//
// # The life of a run
//
//	added     jobs.go of the root checks it and asks; ask.go finds the actor in charge
//	stored    desk.go, or jobs.go and then store.go; apply.go adds it, change.go completes it; Store.Put
//	alarmed   Applied reaches jobs.go; scheduler.go sends SetAlarm to timer.go
//	due       Wakeup reaches scheduler.go, which sends ClaimDue; store.go claims; plan.go decides, inside Store.ClaimDue
//	started   Claimed reaches scheduler.go; submit.go binds functions and sends Execute; executor.go gives it to the Executor
//	ended     the Executor reports; executor.go sends Finished; submit.go publishes the outcome and sends Finish, or keeps it for the next ClaimDue
//	recorded  recording.go, by Store.Finish, or store.go with the next claim; if another run has waited for this one, a Due is sent
//
// # Words
//
//	shelf    what the scheduler knows of one of its stores
//	desk     the snapshot by which callers find their way straight to a store
//	errand   a message that is handled on its sender's goroutine
//	relay    by which an actor that is done passes its goroutine on
//	lot      the runs that came to an executor in one message
//	ticket   a run's place in its lot
//	cell     the body of an actor, which a panic does not end
//	stray    a message to an actor that is gone
//	rest     a goroutine that sleeps on the scheduler's clock
//
// # The files
//
//	supervisor.go startstop.go roster.go supervise.go   the supervisor
//	lifecycle.go                                        its table of states, pure
//	scheduler.go submit.go                              the scheduler
//	jobs.go remove.go listing.go                        its part in requests about jobs
//	pending.go waitlist.go                              its jobs before the start
//	desk.go stray.go                                    the straight way to a store, and who comes too late
//	timer.go reading.go                                 the timer, and what a clock shows
//	store.go apply.go inquiry.go enlist.go heartbeat.go a store
//	parking.go                                          why its jobs are parked
//	replace.go recording.go                             jobs that replace others; the ends of runs
//	plan.go change.go                                   what becomes of a job, pure
//	executor.go lots.go                                 an executor
//	events.go listener.go                               events and listeners
//	system.go ask.go host.go values.go                  all of them, from outside
//	cell.go                                             what all of them have in common
//	actorsystem.go runtime.go live.go loop.go           what they run on: live, or step by step
//	busy.go timers.go rests.go                          and what is going on there
//	mailbox.go livemailbox.go                           and their mailboxes, in place of Proto.Actor's
//
// # States
//
// The supervisor alone knows the state, and the table in lifecycle.go alone
// says which command leads from which state to which. The other actors are told
// what to do: the scheduler in which mode to work ([messages.SetMode]), the
// members when to open and to close. A command that needs several messages is
// an operation; commands that arrive meanwhile stand in line. A state is
// entered when nothing can happen any more that contradicts it: PAUSED once
// the scheduler has said that it submits no more runs.
//
// # Panics
//
// An actor that panics goes on, and forgets nothing: its body (a cell) is the
// same before and after. The message that made it panic is handled once more
// before any other, and nothing of what was sent while it was handled the first
// time has left. So a message takes effect once or, if it makes the actor panic
// every time, is abandoned: a request is refused, runs are Lost, with an error
// in the log. The policy (supervise.go) counts on the injected clock and waits
// longer each time. Proto.Actor's own restart is not used: it would make a new
// actor that knows nothing, and stop its children.
//
// Code of users that has to be called on an actor's goroutine is fenced in
// where it is called: a Store or an Executor that panics is opened anew, a
// trigger that panics parks its job, a listener that panics gets its next event.
//
// # Time
//
// The timer owns the one clock timer that wakes the scheduler. It reads the
// clock again whenever it is woken, never arms less than nothing, and sleeps
// at most half a minute, so that a wall clock that was set is noticed.
// Retries, and actors that panic again and again, wait on the same clock.
//
// # What is not used of Proto.Actor
//
// Futures (they wait in real time, and cost ten allocations: a [messages.Reply]
// costs two), receive timeouts (a data race in the library), guardians, the
// stock supervision strategies (they count in real time and stop an actor for
// good), stashing, and everything that is not the package actor itself.
package actors
