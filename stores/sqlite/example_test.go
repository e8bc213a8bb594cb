package sqlite_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

// A job outlives the scheduler that it was added to.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	ctx := context.Background()
	remind := carillon.NewTask("mail.remind", func(ctx context.Context, to string) error { return nil })
	start := func() *carillon.Scheduler {
		s, err := carillon.New(carillon.Config{
			Tasks:  carillon.NewTasks(remind),
			Stores: carillon.Stores{"default": sqlite.Open(filepath.Join(dir, "jobs.db"))},
		})
		if err != nil {
			log.Fatal(err)
		}
		if err := s.Start(ctx); err != nil {
			log.Fatal(err)
		}
		return s
	}

	s := start()
	newYear := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := s.AddJob(ctx, remind.With("ada"), triggers.At(newYear), carillon.Job{ID: "remind-ada"}); err != nil {
		log.Fatal(err)
	}
	if err := s.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}

	s = start()
	j, err := s.Job(ctx, "remind-ada")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(j.ID, j.Name, j.NextRunTime.UTC().Format(time.DateOnly))
	if err := s.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	// Output: remind-ada mail.remind 2100-01-01
}
