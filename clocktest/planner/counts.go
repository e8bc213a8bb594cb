package planner

import "github.com/carillon-go/carillon"

// Counts counts run times by what becomes of them.
type Counts struct {
	Due      int `json:"due"` // all of them
	Executed int `json:"executed"`
	Skipped  int `json:"skipped"` // MaxInstances runs of the job were unfinished
	Missed   int `json:"missed"`  // it came to its start later than MisfireGrace allows
}

func (c *Counts) count(run *Run) {
	c.Due++
	switch run.Outcome {
	case carillon.Executed:
		c.Executed++
	case carillon.Skipped:
		c.Skipped++
	case carillon.Missed:
		c.Missed++
	}
}
