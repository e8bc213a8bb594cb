// Package recipes has the code that docs/recipes.md and the pages beside it quote.
// Each recipe is an example, which go test runs on a fake clock.
package recipes

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	ctx   = context.Background()
	start = time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC) // a Thursday
	clock *clocktest.Clock                              // of the recipe that is run

	errDown = errors.New("server is down")
)

// begin returns a scheduler that is started, and a function that lets time pass.
func begin(config carillon.Config) (s *carillon.Scheduler, pass func(time.Duration)) {
	clock = clocktest.NewClock(start)
	config.Clock, config.Logger, config.Location = clock, slog.New(slog.DiscardHandler), time.UTC
	s, err := carillon.New(config)
	if err == nil {
		err = s.Start(ctx)
	}
	check(err)
	return s, func(d time.Duration) { check(clocktest.Advance(ctx, s, clock, d)) }
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// say returns a job that prints the time and a text.
func say(text string) carillon.Func {
	return func(context.Context) error {
		fmt.Println(clock.Now().Format("15:04:05"), text)
		return nil
	}
}

// sleep returns a job that takes some time.
func sleep(d time.Duration) carillon.Func {
	return func(ctx context.Context) error { return carillon.Sleep(ctx, d) }
}
