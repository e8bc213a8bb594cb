package everystore_test

import (
	"context"
	"errors"
	"fmt"
	"github.com/carillon-go/carillon/stores"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// TestSoleOwnerIsFollowed has a single owner taken for dead by the next one: its
// run is Lost, which it learns, and it does not tell another end of it.
func TestSoleOwnerIsFollowed(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx := patient(t)
		begun, ended := make(chan struct{}), make(chan error, 1)
		long := carillon.NewTask("long", func(ctx context.Context, _ struct{}) error {
			close(begun)
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return nil
		})
		tick := carillon.NewTask("tick", func(context.Context, struct{}) error { return nil })
		config := carillon.Config{
			Tasks:  carillon.NewTasks(long, tick),
			Stores: carillon.Stores{"default": e.empty(t)},
			Lease:  carillon.SoleOwner,
		}
		first, err := carillon.New(config)
		must(t, err)
		_, err = first.AddJob(ctx, long.With(struct{}{}), triggers.At(time.Now()), carillon.Job{ID: "long"})
		must(t, err)
		_, err = first.AddJob(ctx, tick.With(struct{}{}), triggers.Must(triggers.Every(50*time.Millisecond)), carillon.Job{ID: "tick"})
		must(t, err)
		expired, told := make(chan error, 10), make(chan string, 10)
		_, err = carillon.On(first, func(e *messages.LeaseExpired) { expired <- e.Err })
		must(t, err)
		_, err = carillon.On(first, func(e *messages.JobExecuted) {
			if e.Run.JobID == "long" {
				told <- e.Run.Key()
			}
		})
		must(t, err)
		must(t, first.Start(ctx))
		<-begun

		second := start(ctx, t, config) // the first one learns it when it claims
		for _, c := range []chan error{expired, ended} {
			select {
			case cause := <-c:
				if !errors.Is(cause, carillon.ErrLeaseExpired) {
					t.Errorf("the cause is %v", cause)
				}
			case <-ctx.Done():
				t.Fatal("the first owner has not noticed")
			}
		}
		must(t, second.Shutdown(ctx))
		_ = first.Shutdown(ctx) // which cannot record anything
		if len(expired) > 0 || len(told) > 0 {
			t.Errorf("%d further ends of the lease, %d ends of the run", len(expired), len(told))
		}
	})
}

// An only owner that is refused is told by whom, and how long that may last.
func TestSoleOwnerIsToldWhoIsThere(t *testing.T) {
	onEachShared(t, func(t *testing.T, open stores.Opener) {
		ctx, config := patient(t), sharing(open)
		config.Name = "brief"
		start(ctx, t, config)
		config.Name, config.Lease = "long", 10*time.Hour
		start(ctx, t, config)
		config.Name = "sole"
		text := fmt.Sprint(alone(ctx, t, config))
		_, who, _ := strings.Cut(text, "store is in use by another scheduler: ")
		name, rest, _ := strings.Cut(who, " has a lease for another ")
		left, _, _ := strings.Cut(rest, ";")
		d, err := time.ParseDuration(left)
		if !strings.HasPrefix(name, "long-") || err != nil || d < 9*time.Hour || d > 10*time.Hour {
			t.Errorf("it is told: %s", text)
		}
		t.Log(text)
	})
}
