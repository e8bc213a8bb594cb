// Events shows every way in which a run can end, and how to hear of it.
//
//	go run ./examples/events
//
// A listener is a function that is called with events, one at a time, in the
// one order in which all listeners see them. It can ask for one type of event
// with carillon.On, or for a set of them with AddListener and a mask. A slow
// listener delays nobody, and one that panics gets its next event.
//
// Each run time of a job ends in exactly one of five ways, so who counts the
// events of messages.MaskOutcomes counts everything:
//
//	JobExecuted       the job returned nil
//	JobError          it returned an error, or panicked
//	JobMissed         it would have begun later than its MisfireGrace allows
//	JobMaxInstances   the run before was still going on
//	JobLost           nobody knows: its process died (stores that outlive it)
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

var start = time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC)

func run(ctx context.Context, w io.Writer) error {
	clock := clocktest.NewClock(start)
	s, err := carillon.New(carillon.Config{
		Clock:    clock,
		Location: time.UTC,
		Logger:   slog.New(slog.DiscardHandler), // by itself it has the failures only
	})
	if err != nil {
		return err
	}
	counts := make(map[carillon.Mask]int)
	count := func(e carillon.Event) { counts[e.Mask()]++ }
	_, err1 := s.AddListener(show(w, clock), messages.MaskAll)
	_, err2 := s.AddListener(count, messages.MaskOutcomes)
	if err := errors.Join(err1, err2, addJobs(s), s.Start(ctx)); err != nil {
		return err
	}
	if err := errors.Join(clocktest.Advance(ctx, s, clock, 10*time.Minute), s.RemoveJob(ctx, "slow"), s.Settle(ctx)); err != nil {
		return err
	}
	clock.Set(start.Add(time.Hour)) // somebody sets the clock, and the job "prompt" comes too late
	if err := errors.Join(s.Settle(ctx), s.Shutdown(ctx)); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d executed, %d failed, %d missed, %d skipped, %d lost\n",
		counts[messages.MaskJobExecuted], counts[messages.MaskJobError], counts[messages.MaskJobMissed],
		counts[messages.MaskJobMaxInstances], counts[messages.MaskJobLost])
	return nil
}

func addJobs(s *carillon.Scheduler) error {
	minute := func(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }
	_, err1 := s.At(minute(1), measure, carillon.Job{ID: "good"})
	_, err2 := s.At(minute(2), fail, carillon.Job{ID: "bad"})
	_, err3 := s.At(minute(3), panics, carillon.Job{ID: "ugly"})
	_, err4 := s.Every(4*time.Minute, tooLong, carillon.Job{ID: "slow"})
	_, err5 := s.At(minute(30), measure, carillon.Job{ID: "prompt", MisfireGrace: time.Minute})
	return errors.Join(err1, err2, err3, err4, err5)
}

func measure(ctx context.Context) error {
	run, _ := carillon.FromContext(ctx) // what the job may know of itself
	carillon.SetResult(ctx, "measured by "+run.Key())
	return nil
}

func fail(context.Context) error { return errors.New("no connection") }

func panics(context.Context) error { panic("out of cheese") }

// tooLong sleeps on the scheduler's clock, which is why this program does not
// take ten minutes.
func tooLong(ctx context.Context) error { return carillon.Sleep(ctx, 5*time.Minute) }

// show returns a listener that prints the events that it knows.
func show(w io.Writer, clock *clocktest.Clock) func(carillon.Event) {
	line := func(text ...any) { fmt.Fprint(w, clock.Now().Format("15:04"), "  ", fmt.Sprintln(text...)) }
	return func(event carillon.Event) {
		switch e := event.(type) {
		case *messages.SchedulerStarted:
			line("the scheduler is started")
		case *messages.JobAdded:
			line(e.JobID, "is added")
		case *messages.JobRemoved:
			line(e.JobID, "is removed, or has no more times")
		case *messages.JobExecuted:
			line(e.Run.JobID, "was executed:", e.Value)
		case *messages.JobError:
			line(e.Run.JobID, "failed:", e.Err)
			if p, ok := errors.AsType[*carillon.PanicError](e.Err); ok {
				line("  and there is a stack trace:", len(p.Stack) > 0)
			}
		case *messages.JobMissed:
			line(e.Run.JobID, "was missed:", e.Err)
		case *messages.JobMaxInstances:
			line(e.JobID, "is skipped")
		case *messages.ClockJumped:
			line("the clock has jumped")
		case *messages.SchedulerShutdown:
			line("the scheduler is shut down")
		}
	}
}
