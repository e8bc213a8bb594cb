package metrics

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/carillon-go/carillon"
)

// outcomes are the values of the label "outcome".
var outcomes = [...]carillon.Outcome{carillon.Executed, carillon.Failed, carillon.Missed, carillon.Skipped, carillon.Lost}

// task counts the runs that have one value of the label "task".
type task struct {
	name               string
	outcomes           [len(outcomes) + 1]prometheus.Counter // by outcome, which begin with 1
	duration, lateness prometheus.Observer
	succeeded          atomic.Int64 // when a run did, the last time, in microseconds since 1970; 0: none has
}

func (t *task) ended(r *carillon.Result) {
	t.outcomes[r.Outcome].Inc()
	if r.Started.IsZero() {
		return
	}
	t.lateness.Observe(seconds(r.Started.Sub(r.Run.Scheduled)))
	t.duration.Observe(seconds(r.Finished.Sub(r.Started)))
	if r.Outcome == carillon.Executed {
		t.succeeded.Store(r.Finished.UnixMicro())
	}
}

// seconds takes a duration for nothing that is negative, since the clock was set:
// what a histogram has summed up must not become less.
func seconds(d time.Duration) float64 { return max(0, d.Seconds()) }
