package redis_test

import (
	"slices"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

// meddle makes a claim during whose planning another session acts, and returns
// the answer and how often each job was planned.
func meddle(t *testing.T, act func(other stores.Store, j *job.Job, times int)) (*stores.Claimed, map[string]int) {
	t.Helper()
	db := testserver.Redis(t)
	s, other := opened(t, redis.Config{URL: db.DSN}), opened(t, redis.Config{URL: db.DSN})
	beat(t, s, "n")
	beat(t, other, "m")
	put(t, s, due("a"), due("b"), due("c"))
	planned := map[string]int{}
	c, err := s.ClaimDue(t.Context(), &stores.Claim{Node: "n", Seq: 1, Now: t0, Limit: 100, Plan: func(j *job.Job, live int, step *stores.Step) {
		planned[j.ID]++
		act(other, j, planned[j.ID])
		once(j, live, step)
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c, planned
}

// A job that is changed while it is planned is planned again, as it is then; the
// runs come in order all the same.
func TestChangedWhilePlanned(t *testing.T) {
	c, planned := meddle(t, func(other stores.Store, j *job.Job, times int) {
		if j.ID == "a" && times == 1 {
			changed := due("a")
			changed.Name = "changed"
			put(t, other, changed)
		}
	})
	if planned["a"] != 2 || planned["b"] != 1 || planned["c"] != 1 {
		t.Errorf("planned %v", planned)
	}
	if len(c.Runs) != 3 || c.Runs[0].Name != "changed" || c.Runs[1].JobID != "b" || c.Runs[2].JobID != "c" {
		t.Errorf("got %+v", c.Runs)
	}
	if len(c.Ended) != 3 || c.Ended[0] != "a" || c.More || !c.Next.IsZero() {
		t.Errorf("got %+v", c)
	}
}

// What happens to a job while it is planned counts, and not what was planned.
func TestGoneWhilePlanned(t *testing.T) {
	c, _ := meddle(t, func(other stores.Store, j *job.Job, _ int) {
		switch j.ID {
		case "a":
			if _, err := other.Delete(t.Context(), "a"); err != nil {
				t.Error(err)
			}
		case "b":
			later := due("b")
			later.NextRunTime = t0.Add(time.Hour)
			put(t, other, later)
		}
	})
	if len(c.Runs) != 1 || c.Runs[0].JobID != "c" || len(c.Ended) != 1 || c.More || !c.Next.Equal(t0.Add(time.Hour)) {
		t.Errorf("got %+v", c)
	}
}

// The live instances are counted as they are when the step is written.
func TestFinishedWhilePlanned(t *testing.T) {
	db := testserver.Redis(t)
	s, other := opened(t, redis.Config{URL: db.DSN}), opened(t, redis.Config{URL: db.DSN})
	beat(t, s, "n")
	beat(t, other, "m")
	put(t, s, due("a"))
	c, err := other.ClaimDue(t.Context(), &stores.Claim{Node: "m", Now: t0, Limit: 1, Plan: minutely})
	if err != nil {
		t.Fatal(err)
	}
	var seen []int
	_, err = s.ClaimDue(t.Context(), &stores.Claim{Node: "n", Now: t0.Add(time.Hour), Limit: 1, Plan: func(j *job.Job, live int, step *stores.Step) {
		seen = append(seen, live)
		if _, err := other.Finish(t.Context(), "m", executed(c.Runs)); err != nil {
			t.Error(err)
		}
		once(j, live, step)
	}})
	if err != nil || !slices.Equal(seen, []int{1, 0}) {
		t.Errorf("planned with %v instances, %v", seen, err)
	}
}

// Jobs leave nothing behind.
func TestNothingLeft(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	beat(t, s, "n")
	put(t, s, due("deleted"), due("ended"))
	if _, err := s.Delete(t.Context(), "deleted"); err != nil {
		t.Fatal(err)
	}
	c, err := s.ClaimDue(t.Context(), &stores.Claim{Node: "n", Now: t0, Limit: 1, Plan: func(j *job.Job, _ int, step *stores.Step) {
		step.Skipped, step.Ended = append(step.Skipped, j.NextRunTime), true
	}})
	if err != nil || len(c.Skipped) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	noneLeft(t, client)
}

// Of two schedulers that have planned the same job one gets it.
func TestClaimedWhilePlanned(t *testing.T) {
	got := 0
	c, _ := meddle(t, func(other stores.Store, j *job.Job, _ int) {
		c, err := other.ClaimDue(t.Context(), &stores.Claim{Node: "m", Now: t0, Limit: 1, Plan: once})
		if err != nil {
			t.Error(err)
		}
		got += len(c.Runs)
	})
	if got != 3 || len(c.Runs) != 0 || c.More {
		t.Errorf("the other one got %d, this one %+v", got, c)
	}
}

// A claim that others outrun each time comes to an end, and says that there is
// more.
func TestOutrun(t *testing.T) {
	c, planned := meddle(t, func(other stores.Store, j *job.Job, _ int) { put(t, other, due(j.ID)) })
	if len(c.Runs) != 0 || !c.More || !c.Next.Equal(t0) {
		t.Errorf("got %+v", c)
	}
	if n := planned["a"]; n < 5 || n > 20 {
		t.Errorf("planned %v", planned)
	}
}
