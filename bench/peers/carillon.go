package main

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// carillonSubject has everything on that a production has.
type carillonSubject struct {
	s        *carillon.Scheduler
	named    atomic.Int64
	outcomes atomic.Int64
}

func openCarillon() scheduler { return openCarillonWith(func(*carillon.Config) {}) }

// preciseCarillon is Carillon on its precise clock.
const preciseCarillon = "carillon, precise"

func openPrecise() scheduler {
	return openCarillonWith(func(config *carillon.Config) { config.Clock = clock.Precise() })
}

// openCarillonWith lets the configuration be changed.
func openCarillonWith(change func(*carillon.Config)) *carillonSubject {
	config := carillon.Config{
		Logger:      silent(nil),
		JobDefaults: carillon.JobDefaults{MisfireGrace: time.Hour},
	}
	change(&config)
	subject := &carillonSubject{s: must(carillon.New(config))}
	must(subject.s.AddListener(func(messages.Event) { subject.outcomes.Add(1) }, messages.MaskOutcomes))
	return subject
}

// silent is a logger that logs nothing.
func silent(*actor.ActorSystem) *slog.Logger { return slog.New(slog.DiscardHandler) }

// start starts the scheduler, or resumes it if it was started for addAll.
func (c *carillonSubject) start() {
	if c.s.Running() {
		check(c.s.Resume(context.Background()))
		return
	}
	check(c.s.Start(context.Background()))
}

func (c *carillonSubject) add(t task) {
	j := c.job(t)
	must(c.s.AddJob(context.Background(), j.Call, j.Trigger, j))
}

// addAll adds jobs to a scheduler that is paused, if it has not been started.
func (c *carillonSubject) addAll(tasks []task) {
	if !c.s.Running() {
		check(c.s.StartPaused(context.Background()))
	}
	must(c.s.AddJobs(context.Background(), c.jobs(tasks)))
}

func (c *carillonSubject) pair(t task) {
	j := c.job(t)
	must(c.s.AddJob(context.Background(), j.Call, j.Trigger, j))
	check(c.s.RemoveJob(context.Background(), j.ID))
}

func (c *carillonSubject) pairAll(tasks []task) {
	jobs := c.jobs(tasks)
	must(c.s.AddJobs(context.Background(), jobs))
	ids := make([]string, len(jobs))
	for i := range jobs {
		ids[i] = jobs[i].ID
	}
	check(c.s.RemoveJobs(context.Background(), ids))
}

func (c *carillonSubject) list() int { return len(must(c.s.Jobs(context.Background()))) }

func (c *carillonSubject) jobs(tasks []task) []carillon.Job {
	jobs := make([]carillon.Job, len(tasks))
	for i, t := range tasks {
		jobs[i] = c.job(t)
	}
	return jobs
}

func (c *carillonSubject) job(t task) carillon.Job {
	return carillon.Job{
		ID:      "job-" + strconv.FormatInt(c.named.Add(1), 10),
		Call:    carillon.Func(t.work.withContext),
		Trigger: carillonTrigger(t),
	}
}

func carillonTrigger(t task) triggers.Trigger {
	if t.interval == 0 {
		return triggers.At(t.first)
	}
	return must(triggers.NewInterval(t.interval, triggers.Options{Start: t.first}))
}
