//go:build !unix

package clocktest_test

import "time"

var begun = time.Now()

// processorTime returns how long this process has run, for want of better.
func processorTime() time.Duration { return time.Since(begun) }
