package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// runner measures cases in processes of their own.
type runner struct {
	options   options
	log       io.Writer
	results   results
	databases databases
	took      map[string]time.Duration // by question
}

func newRunner(o options, log io.Writer) *runner {
	return &runner{options: o, log: log, results: results{}, databases: databases{}, took: make(map[string]time.Duration)}
}

// run goes through all cases in each round, so that what slows the machine down
// for a while does not strike one subject alone.
func (r *runner) run(ctx context.Context, cases []Case) error {
	for round := range r.options.rounds {
		for i, c := range cases {
			if r.results.isHopeless(c) {
				continue
			}
			fmt.Fprintf(r.log, "\r\033[Kround %d of %d, case %d of %d: %s", round+1, r.options.rounds, i+1, len(cases), c)
			began := time.Now()
			sample, err := r.measure(ctx, c, round)
			r.took[c.Question] += time.Since(began)
			if err != nil {
				return fmt.Errorf("%s: %w", c, err)
			}
			r.results.add(c, sample)
		}
	}
	fmt.Fprint(r.log, "\r\033[K")
	for _, q := range questions {
		if took := r.took[q.name]; took > 0 {
			fmt.Fprintf(r.log, "%s took %v\n", q.name, took.Round(time.Second))
		}
	}
	return nil
}

// killAfter is how long a case may take altogether. Cases stop by themselves
// long before, unless a subject hangs.
const killAfter = time.Minute

// firstWindow is for how long a sustained load is watched in the first round:
// whoever falls behind a little in each second is found out.
const firstWindow = 10 * time.Second

func (r *runner) measure(ctx context.Context, c Case, round int) (Sample, error) {
	self, err := os.Executable()
	if err != nil {
		return Sample{}, err
	}
	window := r.options.window
	if round == 0 {
		window = firstWindow
	}
	arguments := []string{"-case", c.String(), "-window", window.String()}
	if r.options.quick {
		arguments = append(arguments, "-quick")
	}
	within, cancel := context.WithTimeout(ctx, killAfter)
	defer cancel()
	var stdout, stderr bytes.Buffer
	child := exec.CommandContext(within, self, arguments...)
	child.Stdout, child.Stderr = &stdout, &stderr
	if server := serverOf(c.Subject); server != "" {
		dsn, remove, err := r.databases.create(server)
		if err != nil {
			return Sample{Bounded: true, Note: err.Error()}, nil
		}
		defer remove()
		child.Env = append(os.Environ(), databaseVariable+"="+dsn)
	}
	err = child.Run()
	switch {
	case ctx.Err() != nil:
		return Sample{}, ctx.Err()
	case errors.Is(within.Err(), context.DeadlineExceeded):
		return Sample{Bounded: true, Note: fmt.Sprintf("killed after %v", killAfter)}, nil
	case err != nil:
		return Sample{}, fmt.Errorf("%w\n%s", err, strings.TrimSpace(stderr.String()))
	}
	var sample Sample
	if err := json.Unmarshal(stdout.Bytes(), &sample); err != nil {
		return Sample{}, fmt.Errorf("%w in %q", err, stdout.String())
	}
	return sample, nil
}
