package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/carillon-go/carillon"
)

// addJobs adds jobs to look at: some end well, some do not.
func addJobs(s *carillon.Scheduler) error {
	_, err := s.Crontab("30 2 * * *", take(time.Minute), carillon.Job{ID: "nightly", Name: "back up"})
	if err == nil {
		_, err = s.Every(2*time.Second, take(time.Second), carillon.Job{ID: "poll"})
	}
	if err == nil {
		_, err = s.Every(5*time.Second, take(8*time.Second), carillon.Job{ID: "sync/customers"})
	}
	if err == nil {
		_, err = s.Every(7*time.Second, sometimes, carillon.Job{ID: "mail"})
	}
	if err == nil {
		_, err = s.Every(time.Hour, take(time.Minute), carillon.Job{ID: "reindex", Paused: true})
	}
	if err == nil {
		_, err = s.Every(time.Minute, take(time.Minute), carillon.Job{ID: "render", Executor: "gpu"}) // there is none
	}
	return err
}

// take returns a job that takes some time, up to d.
func take(d time.Duration) carillon.Func {
	return func(ctx context.Context) error { return carillon.Sleep(ctx, rand.N(d)) }
}

// sometimes is a job that fails now and then.
func sometimes(context.Context) error {
	if rand.N(3) == 0 {
		return errors.New("mail server: try again later")
	}
	return nil
}
