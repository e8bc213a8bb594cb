package torture

import (
	"time"

	"github.com/carillon-go/carillon/clock"
)

// patience is how long anything may take.
const patience = 2 * time.Minute

// pause waits. It is for instants that are to be random, and between looks at a
// process that cannot tell.
func pause(d time.Duration) {
	if d <= 0 {
		return
	}
	passed := make(chan struct{})
	clock.Real().AfterFunc(d, func() { close(passed) })
	<-passed
}
