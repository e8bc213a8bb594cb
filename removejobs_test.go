package carillon_test

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
)

// TestRemoveJobs removes several jobs at a time, of two stores, before the
// start and after it.
func TestRemoveJobs(t *testing.T) {
	for _, row := range []struct {
		name    string
		ids     []string
		store   []string
		left    []string
		removed []string
		missing []string
	}{
		{name: "none", left: []string{"a default", "b default", "a second", "c second"}},
		{name: "one store", ids: []string{"b", "a"}, store: []string{"default"}, left: []string{"a second", "c second"},
			removed: []string{"JobRemoved b", "JobRemoved a"}},
		{name: "the first store that has it", ids: []string{"c", "a"}, left: []string{"b default", "a second"},
			removed: []string{"JobRemoved a", "JobRemoved c"}},
		{name: "twice", ids: []string{"a", "a"}, left: []string{"b default", "a second", "c second"},
			removed: []string{"JobRemoved a"}},
		{name: "some are missing", ids: []string{"x", "b", "y"}, left: []string{"a default", "a second", "c second"},
			removed: []string{"JobRemoved b"}, missing: []string{"x", "y"}},
		{name: "missing in the store", ids: []string{"b", "c"}, store: []string{"second"}, left: []string{"a default", "b default", "a second"},
			removed: []string{"JobRemoved c"}, missing: []string{"b"}},
		{name: "all are missing", ids: []string{"x"}, left: []string{"a default", "b default", "a second", "c second"}, missing: []string{"x"}},
	} {
		for _, started := range []bool{false, true} {
			name := row.name + ", pending"
			if started {
				name = row.name
			}
			t.Run(name, func(t *testing.T) {
				onEveryClock(t, func(t *testing.T, r *rig) {
					ctx := patience(t)
					r.must(r.AddStore(ctx, "default", memory.Open()))
					r.must(r.AddStore(ctx, "second", memory.Open()))
					for _, j := range []carillon.Job{{ID: "a"}, {ID: "b"}, {ID: "a", Store: "second"}, {ID: "c", Store: "second"}} {
						_, err := r.AddJob(ctx, carillon.Func(nothing), seconds(), j)
						r.must(err)
					}
					if started {
						r.start()
					}
					err := r.RemoveJobs(ctx, row.ids, row.store...)
					if got := missingIDs(t, err); !slices.Equal(got, row.missing) {
						t.Errorf("missing %q, want %q: %v", got, row.missing, err)
					}
					if got := places(t, r); !slices.Equal(got, slices.Sorted(slices.Values(row.left))) {
						t.Errorf("left %q, want %q", got, row.left)
					}
					if !started {
						r.start()
					}
					r.shutdown()
					removed := slices.Clone(row.removed)
					if !started && row.name == "the first store that has it" {
						removed = []string{"JobRemoved c", "JobRemoved a"} // there is one list of pending jobs
					}
					r.checkTimeline(messages.MaskJobRemoved, removed...)
				})
			})
		}
	}
}

// missingIDs returns the jobs that err says there were not.
func missingIDs(t *testing.T, err error) (ids []string) {
	if err == nil {
		return nil
	}
	for _, fault := range err.(interface{ Unwrap() []error }).Unwrap() {
		e, ok := errors.AsType[*carillon.Error](fault)
		if !ok || !errors.Is(fault, carillon.ErrJobNotFound) {
			t.Fatalf("%v", fault)
		}
		ids = append(ids, e.Job)
	}
	return ids
}

func places(t *testing.T, r *rig) []string {
	jobs, err := r.Jobs(patience(t))
	r.must(err)
	list := []string{}
	for _, j := range jobs {
		store := j.Store
		if store == "" {
			store = "default"
		}
		list = append(list, j.ID+" "+store)
	}
	slices.Sort(list)
	return list
}

// TestRemoveJobsOfNoStore names a store that there is not.
func TestRemoveJobsOfNoStore(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		r.start()
		if err := r.RemoveJobs(patience(t), []string{"a"}, "nowhere"); !errors.Is(err, carillon.ErrUnknownStore) {
			t.Errorf("%v, want ErrUnknownStore", err)
		}
		r.must(r.RemoveJobs(patience(t), nil))
		r.shutdown()
	})
}

// TestRemoveJobsIsOneStep counts what a store is asked to do.
func TestRemoveJobsIsOneStep(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		var counting atomic.Bool
		var asked []string
		r.must(r.AddStore(patience(t), "default", hookedStore(memory.Open(), func(op string) error {
			if counting.Load() {
				asked = append(asked, op)
			}
			return nil
		})))
		for _, id := range []string{"a", "b", "c"} {
			_, err := r.AddJob(patience(t), carillon.Func(nothing), seconds(), carillon.Job{ID: id})
			r.must(err)
		}
		r.start()
		r.must(r.Pause(patience(t)))
		counting.Store(true)
		err := r.RemoveJobs(patience(t), []string{"c", "x", "a"})
		counting.Store(false)
		if missing := missingIDs(t, err); !slices.Equal(missing, []string{"x"}) || !slices.Equal(asked, []string{"delete"}) {
			t.Errorf("missing %q, the store was asked to %q, want x, delete", missing, asked)
		}
		r.shutdown()
	})
}
