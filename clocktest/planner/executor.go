package planner

import "time"

// Executor is what the plan comes to for one executor.
type Executor struct {
	Alias string `json:"alias"`
	Size  int    `json:"size,omitempty"` // runs at a time; 0: no limit

	Counts
	Concurrency

	// Full is how long it executes Size runs, so that any more would wait.
	Full time.Duration `json:"full"`
}

// use sums up the runs of an executor.
func (p *planning) use(alias string, runs []*Run) Executor {
	e := Executor{Alias: alias, Size: p.Executors[alias]}
	for _, run := range runs {
		e.count(run)
	}
	var executed curve
	e.Concurrency, executed = concurrency(p.whole(), runs)
	if e.Size > 0 {
		e.Full = executed.atLeast(e.Size, p.whole())
	}
	return e
}
