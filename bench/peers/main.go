package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"time"
)

// options are what the command line says.
type options struct {
	quick      bool
	rounds     int
	only       string
	out        string
	window     time.Duration
	one        string // the case that this process is to measure
	cpuProfile string
	memProfile string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	var o options
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.quick, "quick", false, "small sizes, one round: tells whether everything works, not how fast")
	flags.IntVar(&o.rounds, "rounds", 5, "how often each case is measured")
	flags.StringVar(&o.only, "only", "", "regular expression: measure the cases whose names match")
	flags.StringVar(&o.out, "out", "peers.html", "the report; empty: none")
	flags.DurationVar(&o.window, "window", 2*time.Second, "for how long a sustained load is watched, in all rounds but the first, which takes ten seconds")
	flags.StringVar(&o.one, "case", "", `measure one case in this process, as in "burst | one instant | carillon | 1000"`)
	flags.StringVar(&o.cpuProfile, "cpuprofile", "", "with -case: write a CPU profile")
	flags.StringVar(&o.memProfile, "memprofile", "", "with -case: write a profile of allocations, and one of those before to FILE.base")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if o.quick {
		o.rounds = 1
	}
	if o.one != "" {
		return measureHere(o, stdout)
	}
	return compare(ctx, o, stdout, stderr)
}

// measureHere measures one case and writes its sample as JSON.
func measureHere(o options, stdout io.Writer) error {
	c, err := parseCase(o.one)
	if err != nil {
		return err
	}
	q, err := questionOf(c)
	if err != nil {
		return err
	}
	profiling.use(o)
	sample, err := q.measure(c, scaleOf(o))
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(sample)
}

// compare measures all cases, in processes of their own, and reports.
func compare(ctx context.Context, o options, stdout, stderr io.Writer) error {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	began := time.Now()
	r := newRunner(o, stderr)
	if err := r.run(ctx, casesOf(scaleOf(o), only)); err != nil {
		return err
	}
	rep := report{
		Machine:  thisMachine(),
		Rounds:   o.rounds,
		Quick:    o.quick,
		Took:     time.Since(began).Round(time.Second),
		Targets:  targetsOf(r.results),
		Sections: sections(r.results),
		Subjects: slices.Concat(subjects, others),
	}
	writeText(stdout, rep)
	if o.out == "" {
		return nil
	}
	fmt.Fprintln(stderr, "wrote", o.out)
	return writeHTML(o.out, rep)
}
