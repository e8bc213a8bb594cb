package main

import (
	"time"

	"github.com/robfig/cron/v3"
)

// robfigSubject has no wrappers in its chain: version 3 recovers no panics and
// lets runs of a job overlap unless it is asked to.
type robfigSubject struct{ c *cron.Cron }

func openRobfig() scheduler {
	return robfigSubject{cron.New(cron.WithLocation(time.UTC), cron.WithLogger(cron.DiscardLogger))}
}

func (r robfigSubject) add(t task) { r.schedule(t) }

func (r robfigSubject) schedule(t task) cron.EntryID {
	if t.interval == 0 {
		return r.c.Schedule(&once{at: t.first}, cron.FuncJob(t.work.plain))
	}
	return r.c.Schedule(&every{t.first, t.interval}, cron.FuncJob(t.work.plain))
}

func (r robfigSubject) start() { r.c.Start() }

func (r robfigSubject) pair(t task) { r.c.Remove(r.schedule(t)) }

func (r robfigSubject) list() int { return len(r.c.Entries()) }
