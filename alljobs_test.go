package carillon_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/memory"
)

// TestAllJobs reads more than a page, before the start and after.
func TestAllJobs(t *testing.T) {
	const n = 1234
	config := carillon.Config{Stores: carillon.Stores{"default": memory.Open(), "b": memory.Open()}}
	inBubble(t, config, func(t *testing.T, r *rig) {
		jobs := make([]carillon.Job, 0, n+1)
		for i := range n {
			jobs = append(jobs, carillon.Job{ID: fmt.Sprintf("%04d", n-1-i), Call: carillon.Func(nothing), Trigger: seconds()})
		}
		jobs = append(jobs, carillon.Job{ID: "x", Store: "b", Call: carillon.Func(nothing), Trigger: seconds()})
		_, err := r.AddJobs(patience(t), jobs)
		r.must(err)
		check := func(when string) {
			t.Helper()
			got := []string{}
			for j, err := range r.AllJobs(patience(t)) {
				r.must(err)
				got = append(got, j.ID)
			}
			if len(got) != n+1 || got[0] != "x" {
				t.Fatalf("%s: %d jobs, the first %q", when, len(got), got[0])
			}
			for i, id := range got[1:] {
				if id != fmt.Sprintf("%04d", i) {
					t.Fatalf("%s: job %d is %q", when, i, id)
				}
			}
			for range r.AllJobs(patience(t)) {
				break // it need not be read to its end
			}
		}
		check("before the start")
		r.start()
		defer r.shutdown()
		check("after it")
		for _, stores := range [][]string{{"none"}, {"default", "b"}} {
			for _, err := range r.AllJobs(patience(t), stores...) {
				if !errors.Is(err, carillon.ErrUnknownStore) {
					t.Errorf("of %q: %v", stores, err)
				}
			}
		}
		all := 0
		for _, err := range r.AllJobs(patience(t), "") {
			r.must(err)
			all++
		}
		if all != n+1 {
			t.Errorf(`of "", which are all: %d jobs`, all)
		}
	})
}

// TestPrepareJobs makes jobs complete, and stores none.
func TestPrepareJobs(t *testing.T) {
	inBubble(t, carillon.Config{JobDefaults: carillon.JobDefaults{MaxInstances: 7}}, func(t *testing.T, r *rig) {
		r.start()
		defer r.shutdown()
		jobs, err := r.PrepareJobs(patience(t), []carillon.Job{{Call: carillon.Func(nothing), Trigger: seconds(), Replace: true}})
		r.must(err)
		j := jobs[0]
		if j.ID == "" || j.MaxInstances != 7 || !j.NextRunTime.Equal(r.clock.Now().Add(time.Second)) || !j.Replace {
			t.Errorf("prepared: %+v", j)
		}
		r.checkJobs()
		if _, err := r.PrepareJobs(patience(t), []carillon.Job{{}}); err == nil {
			t.Error("a job without a call is prepared")
		}
	})
}
