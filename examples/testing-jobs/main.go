// Testing-jobs shows how to test jobs and schedules of one's own, without
// waiting and without a mock: digest_test.go is the example.
//
//	go test -v ./examples/testing-jobs
//
// What is tested is in digest.go, and is written as it would be anyway, but for
// two things: it is given its scheduler, and where it waits, it waits with
// carillon.Sleep. The tests give it a scheduler with a fake clock and move that.
//
// As a program it prints when the jobs would run next.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"
	_ "time/tzdata" // time zones, on machines that have none

	"github.com/carillon-go/carillon"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	s, err := carillon.New(carillon.Config{})
	if err != nil {
		return err
	}
	d := &digest{send: func(context.Context, []string) error { return nil }}
	if err := d.schedule(s); err != nil {
		return err
	}
	if err := s.StartPaused(ctx); err != nil {
		return err
	}
	jobs, err := s.Jobs(ctx)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		fmt.Fprintln(w, j.ID, "is due at", j.NextRunTime.Format(time.RFC1123))
	}
	return s.Shutdown(ctx)
}
