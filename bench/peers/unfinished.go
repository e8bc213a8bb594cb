package main

import (
	"fmt"
	"time"
)

// unfinished is the sample of a subject that was stopped because it took too
// long.
func unfinished(what string, done, all int, patience time.Duration) Sample {
	return Sample{Bounded: true, Note: fmt.Sprintf("%s %s of %s in %v", what, si(float64(done)), si(float64(all)), patience)}
}
