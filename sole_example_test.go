package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/memory"
)

// startAlone waits until nobody shares the stores any more.
func startAlone(ctx context.Context, s *carillon.Scheduler) error {
	for {
		err := s.Start(ctx)
		if !errors.Is(err, carillon.ErrShared) {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return err // which says who is there, and for how long
		}
	}
}

// A program that is to have its stores alone is started while the one before it
// is being shut down.
func ExampleSoleOwner() {
	ctx, store := context.Background(), memory.New()
	old, err := carillon.New(carillon.Config{Stores: carillon.Stores{"default": store.Open}, Lease: 15 * time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := old.Start(ctx); err != nil {
		fmt.Println(err)
		return
	}
	go old.Shutdown(ctx)

	s, err := carillon.New(carillon.Config{Stores: carillon.Stores{"default": store.Open}, Lease: carillon.SoleOwner})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Shutdown(ctx)
	fmt.Println(startAlone(ctx, s))
	// Output: <nil>
}
