package carillon_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/memory"
)

// TestPageJobs reads the jobs of a store page by page, before the start and after.
func TestPageJobs(t *testing.T) {
	config := carillon.Config{Stores: carillon.Stores{"default": memory.Open(), "b": memory.Open()}}
	inBubble(t, config, func(t *testing.T, r *rig) {
		for _, id := range []string{"3", "1", "2"} {
			_, err := r.Every(time.Hour, nothing, carillon.Job{ID: id})
			r.must(err)
		}
		_, err := r.Every(time.Hour, nothing, carillon.Job{ID: "other", Store: "b"})
		r.must(err)
		check := func(want, after string, limit int, store ...string) {
			t.Helper()
			jobs, err := r.PageJobs(patience(t), after, limit, store...)
			r.must(err)
			got := ""
			for _, j := range jobs {
				got += j.ID
			}
			if got != want {
				t.Errorf("behind %q, up to %d, of %q: %q, want %q", after, limit, store, got, want)
			}
		}
		for range 2 {
			check("12", "", 2)
			check("3", "2", 2)
			check("", "3", 2)
			check("123", "", 3, "default")
			check("other", "", 9, "b")
			if r.State() == carillon.Stopped {
				r.start()
			}
		}
		defer r.shutdown()
		if _, err := r.PageJobs(patience(t), "", 1, "none"); !errors.Is(err, carillon.ErrUnknownStore) {
			t.Errorf("of a store that there is not: %v", err)
		}
		var fault *carillon.FieldError
		if _, err := r.PageJobs(patience(t), "", 0); !errors.As(err, &fault) || fault.Field != "limit" {
			t.Errorf("of no jobs: %v", err)
		}
	})
}

// TestAliases asks for the stores and executors while these come and go.
func TestAliases(t *testing.T) {
	config := carillon.Config{Stores: carillon.Stores{"b": memory.Open()}}
	inBubble(t, config, func(t *testing.T, r *rig) {
		check := func(want string) {
			t.Helper()
			stores, err := r.Stores(patience(t))
			r.must(err)
			executors, err := r.Executors(patience(t))
			r.must(err)
			if got := fmt.Sprint(stores, executors); got != want {
				t.Errorf("stores and executors %s, want %s", got, want)
			}
		}
		check("[b] []")
		r.start()
		check("[b default] [default]")
		r.must(r.AddStore(patience(t), "a", memory.Open()))
		check("[b default a] [default]")
		r.must(r.RemoveStore(patience(t), "b"))
		check("[default a] [default]")
		r.shutdown()
		check("[default a] [default]")
	})
}
