package postgres_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// open opens a store until the test ends.
func open(t testing.TB, config postgres.Config) stores.Store {
	t.Helper()
	s, err := config.Open(t.Context(), stores.Env{Alias: "jobs"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func put(t testing.TB, s stores.Store, jobs ...job.Job) {
	t.Helper()
	if err := s.Put(t.Context(), stores.Replace, jobs); err != nil {
		t.Fatal(err)
	}
}

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

type arguments struct {
	N int `json:"n"`
}

// due is a job that runs next at this time.
func due(id string, next time.Time) job.Job {
	return job.Defaults{}.Apply(job.Job{ID: id, Call: job.NewTask[arguments]("work", nil).With(arguments{7}), NextRunTime: next})
}

func jobs(n int, each func(i int) job.Job) []job.Job {
	all := make([]job.Job, n)
	for i := range all {
		all[i] = each(i)
	}
	return all
}
