package main

import (
	"time"

	"github.com/go-co-op/gocron/v2"
)

// gocronSubject has no limit of concurrent jobs and no singleton mode, which
// cost a queue. It refuses single instants that have passed.
type gocronSubject struct{ s gocron.Scheduler }

func openGocron() scheduler {
	return gocronSubject{must(gocron.NewScheduler(gocron.WithLocation(time.UTC)))}
}

func (g gocronSubject) add(t task) { g.schedule(t) }

func (g gocronSubject) schedule(t task) gocron.Job {
	if t.interval == 0 {
		return must(g.s.NewJob(gocron.OneTimeJob(gocron.OneTimeJobStartDateTime(t.first)), gocron.NewTask(t.work.plain)))
	}
	return must(g.s.NewJob(gocron.DurationJob(t.interval), gocron.NewTask(t.work.plain),
		gocron.WithStartAt(gocron.WithStartDateTime(upcoming(t)))))
}

func (g gocronSubject) start() { g.s.Start() }

func (g gocronSubject) pair(t task) { check(g.s.RemoveJob(g.schedule(t).ID())) }

func (g gocronSubject) list() int { return len(g.s.Jobs()) }

// upcoming returns the next instant of t: gocron wants the first one to be in
// the future, and computes with it some time later.
func upcoming(t task) time.Time {
	grid := every{t.first, t.interval}
	return grid.Next(time.Now().Add(50 * time.Millisecond))
}
