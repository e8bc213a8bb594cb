package postgres_test

import (
	"testing"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/postgres"
)

// Each job has what its own row says, though rows are read into the same place.
// That of jobs which cannot be read is all that is known of them.
func TestListed(t *testing.T) {
	db := testserver.Postgres(t)
	s := open(t, postgres.Config{DSN: db.DSN})
	jobs := []job.Job{due("a", noon), due("b", noon), due("c", noon), due("d", noon)}
	jobs[1].Call, jobs[1].Executor = job.NewTask[int]("rest", nil).With(7), "slow"
	jobs[1].Delivery, jobs[1].MaxInstances = job.AtLeastOnce, 3
	put(t, s, jobs...)
	execute(t, connect(t, db.DSN), `UPDATE carillon.spec SET spec = '[]' WHERE job <> 'd'`)
	other := open(t, postgres.Config{DSN: db.DSN})
	listed, err := other.List(t.Context(), "", 10)
	if err != nil || len(listed) != len(jobs) {
		t.Fatalf("got %+v, %v", listed, err)
	}
	for i, got := range listed {
		want := jobs[i]
		if got.ID != want.ID || got.Call.TaskName() != want.Call.TaskName() || got.Executor != want.Executor ||
			got.Delivery != want.Delivery || got.MaxInstances != want.MaxInstances {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
}
