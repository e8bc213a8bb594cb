package stores

import (
	"fmt"
	"time"

	"github.com/carillon-go/carillon/job"
)

// Shared makes a [job.ErrShared] that says who is in the way of an only owner:
// of the schedulers with a lease the one whose lease ends last, which is after
// left if no other heartbeat comes.
func Shared(node string, left time.Duration) error {
	const tenth = 100 * time.Millisecond
	left = (left + tenth - 1).Truncate(tenth)
	return fmt.Errorf("%w: %s has a lease for another %v; shut it down, or wait for that long if it has crashed", job.ErrShared, node, left)
}
