package actors

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
)

// Jobs are listed by their next run times, those of one time by ID, paused ones
// last, and none is lost on the way to its place.
func TestSortByNextRunTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		jobs := make([]job.Job, random.IntN(20))
		for i := range jobs {
			jobs[i] = job.Job{ID: strconv.Itoa(100 + i)}
			if random.IntN(3) > 0 {
				jobs[i].NextRunTime = time.Unix(random.Int64N(3), random.Int64N(3)).AddDate(-10*random.IntN(8), 0, 0)
			}
		}
		want := slices.Clone(jobs)
		slices.SortFunc(want, func(a, b job.Job) int {
			if a.NextRunTime.IsZero() != b.NextRunTime.IsZero() {
				return b.NextRunTime.Compare(a.NextRunTime)
			}
			if c := a.NextRunTime.Compare(b.NextRunTime); c != 0 {
				return c
			}
			return strings.Compare(a.ID, b.ID)
		})
		sortByNextRunTime(jobs)
		for i := range jobs {
			if jobs[i].ID != want[i].ID || !jobs[i].NextRunTime.Equal(want[i].NextRunTime) {
				t.Fatalf("%v, want %v", jobs, want)
			}
		}
	}
}
