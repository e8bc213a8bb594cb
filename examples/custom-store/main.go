// Custom-store keeps a scheduler's jobs in a file, by a store that wraps the
// memory store (store.go).
//
//	go run ./examples/custom-store
//
// A job that is to outlive the process cannot be a Go function: it is a task,
// which is a function with a name and arguments, and the file has the name and
// the arguments. The program runs a scheduler, shuts it down, and makes another
// one, which is not told about the job and goes on with it all the same.
//
// store_test.go holds the store against the contract, with the suite that the
// library's own stores have to pass. It is what to begin with when you write
// one for a database: the contract is the interface stores.Store.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/triggers"
)

type reminder struct {
	To string `json:"to"`
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "carillon")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "jobs.json")

	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	remind := carillon.NewTask("mail.remind", func(ctx context.Context, r reminder) error {
		fmt.Fprintln(w, clock.Now().Format("15:04"), "dear", r.To)
		return nil
	})
	config := carillon.Config{
		Clock:    clock,
		Location: time.UTC,
		Tasks:    carillon.NewTasks(remind),
		Stores:   carillon.Stores{"default": openFile(file)},
	}

	fmt.Fprintln(w, "the first scheduler:")
	hourly, err := triggers.Every(time.Hour)
	if err != nil {
		return err
	}
	err = life(ctx, config, clock, func(s *carillon.Scheduler) error {
		_, err := s.AddJob(ctx, remind.With(reminder{To: "Ada"}), hourly, carillon.Job{ID: "remind-ada"})
		return err
	})
	if err != nil {
		return err
	}

	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "the file:\n%sthe second scheduler:\n", text)
	return life(ctx, config, clock, func(*carillon.Scheduler) error { return nil })
}

// life runs a scheduler for two and a half hours.
func life(ctx context.Context, config carillon.Config, clock *clocktest.Clock, prepare func(*carillon.Scheduler) error) error {
	s, err := carillon.New(config)
	if err != nil {
		return err
	}
	if err := prepare(s); err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	if err := clocktest.Advance(ctx, s, clock, 150*time.Minute); err != nil {
		return err
	}
	return s.Shutdown(ctx)
}
