package job_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
)

func TestRunKey(t *testing.T) {
	berlin := time.FixedZone("CEST", 2*60*60)
	run := &job.Run{JobID: "nightly", Scheduled: time.Date(2024, 5, 1, 4, 30, 0, 0, berlin), Attempt: 1}
	const key = "nightly@2024-05-01T02:30:00Z"
	for attempt, text := range []string{1: key, 2: key + "#2"} {
		if run.Attempt = attempt; attempt > 0 && (run.Key() != key || run.String() != text) {
			t.Errorf("attempt %d: key %s, text %s", attempt, run.Key(), run)
		}
	}
}
