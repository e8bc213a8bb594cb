// Package messages has the events that listeners get, and what a scheduler's
// actors say to each other.
//
// A program needs the events only: [Event] and its types (events.go), [Mask], and
// [State]. They are kept compatible as the rest of the module is. All other types are
// exported because two packages of the module use them; they may change with any
// version.
//
// # Conversations
//
// Each file is one conversation, in the order in which it is spoken.
//
//	conversation  from -> to                  message -> answer
//	lifecycle.go  facade -> supervisor        Start, Pause, Resume, Shutdown, Configure -> None; GetState -> State; GetRuns -> []job.ActiveRun; GetMembers -> []string
//	              facade -> supervisor        AwaitStopped -> None; Halt
//	members.go    facade -> supervisor        AddStore, RemoveStore, AddExecutor, RemoveExecutor -> None
//	              supervisor -> member        Open -> Opened; CloseExecutor -> Closed
//	              supervisor -> scheduler     Join, Leave; SetMode -> ModeSet; PutPending -> PendingPut
//	              scheduler -> store          CloseStore (the store answers the supervisor: Closed)
//	jobs.go       facade -> scheduler         AddJobs -> []job.Job; GetJob, ModifyJob, … -> job.Job; RemoveJob(s), … -> None
//	due.go        scheduler -> timer          SetAlarm -> Wakeup; Jumped
//	              scheduler -> store          ClaimDue -> Claimed; Apply -> Applied; Finish; Due
//	              scheduler -> executor       Execute -> Finished
//	listen.go     facade -> events            AddListener -> ListenerID; RemoveListener -> bool
//	              everybody -> events         Publish; Flush -> Flushed
//	              events -> scheduler         Interest
//	              events -> listener          Deliver -> Delivered
//	events.go     what listeners get
//
// # Rules
//
// A message is a small struct, sent as a pointer, and not changed once it is
// sent; slices in it belong to the receiver. Each conversation's type is sealed
// by a method on the pointer, so that a value does not compile as a message:
// an actor would not recognise it.
//
// Answers to other actors are messages of their own. Answers to the facade go
// through the [Reply] that every request carries, from whichever actor has done
// the work; nothing is ever answered twice, and an actor refuses what it does
// not understand.
//
// # Order
//
// Messages from one actor to another arrive in the order in which they were
// sent, and a message that was caused by another one arrives after it. Since
// all events go through one actor, their order is one for all listeners, and
// an event never comes before the one that caused it: JobAdded before
// JobSubmitted, JobSubmitted before JobExecuted, everything of a run before
// SchedulerShutdown.
package messages
