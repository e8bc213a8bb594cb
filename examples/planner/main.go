// Planner shows what a job table will do before it does it: "run my jobs through
// the last week of March, and show me".
//
//	go run ./examples/planner
//	go run ./examples/planner -html plan.html
//
// The jobs are those of a small shop. How long they take is written down here;
// in a live program a planner.Recorder learns it from the runs. Nothing is
// executed: the plan runs the scheduler itself, on virtual time, with jobs that
// only take their time.
//
// The question is how many runs the pool should execute at a time. With one, the
// invoices, which must not be late, are missed every night. Two seem to be
// enough, but for a single night: on 31 March the clock is put forward, the
// accounts of 02:30 are done at 03:30, and stand in the way of the invoices. The
// report of that plan says so. As a page (-html) it is a picture as well.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"time"
	_ "time/tzdata" // time zones, on machines that have none

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest/planner"
	"github.com/carillon-go/carillon/triggers"
)

func main() {
	html := flag.String("html", "", "file to write the plan for a pool of two to, as a page")
	flag.Parse()
	ctx := context.Background()
	if err := run(ctx, os.Stdout); err != nil {
		log.Fatal(err)
	}
	if *html == "" {
		return
	}
	if err := writePage(ctx, *html); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	for size := 1; size <= 3; size++ {
		report, err := plan(ctx, size)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%d at a time: %d missed, %d skipped, %d waited up to %v\n",
			size, report.Missed, report.Skipped, report.Waited, report.LongestWait)
	}
	report, err := plan(ctx, 2)
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	return report.WriteText(w)
}

// plan plans the week with a pool of this size.
func plan(ctx context.Context, size int) (*planner.Report, error) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return nil, err
	}
	jobs, err := table()
	if err != nil {
		return nil, err
	}
	return planner.Plan(ctx, planner.Config{
		Jobs:      jobs,
		From:      time.Date(2024, 3, 25, 0, 0, 0, 0, berlin),
		Until:     time.Date(2024, 4, 1, 0, 0, 0, 0, berlin),
		Executors: map[string]int{"default": size},
		Duration: planner.Durations(map[string]time.Duration{
			"accounts": 50 * time.Minute,
			"backup":   95 * time.Minute,
			"invoices": 4 * time.Minute,
			"report":   25 * time.Minute,
		}, time.Minute),
	})
}

// table is the job table. That of a live scheduler is what s.Jobs returns.
func table() ([]carillon.Job, error) {
	jobs := []carillon.Job{
		{ID: "accounts"},
		{ID: "backup"},
		{ID: "cleanup", Paused: true},
		{ID: "feed"},
		{ID: "invoices", MisfireGrace: 5 * time.Minute},
		{ID: "report"},
		{ID: "stock"},
	}
	for i, expression := range []string{
		"30 2 * * *",      // accounts
		"40 1 * * *",      // backup
		"0 5 1 * *",       // cleanup
		"50 * * * *",      // feed
		"30 3 * * *",      // invoices
		"0 6 * * mon-fri", // report
		"*/20 2 * * *",    // stock
	} {
		trigger, err := triggers.NewCrontab(expression, triggers.Options{})
		if err != nil {
			return nil, err
		}
		jobs[i].Trigger = trigger
	}
	return jobs, nil
}

func writePage(ctx context.Context, name string) error {
	report, err := plan(ctx, 2)
	if err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := report.WriteHTML(file); err != nil {
		return err
	}
	return file.Close()
}
