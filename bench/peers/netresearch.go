package main

import (
	"time"

	"github.com/netresearch/go-cron"
)

// netresearchSubject has no wrappers in its chain. It recovers panics by
// itself. What runs once is scheduled as such: the entry is removed then.
type netresearchSubject struct{ c *cron.Cron }

func openNetresearch() scheduler {
	return netresearchSubject{cron.New(cron.WithLocation(time.UTC), cron.WithLogger(cron.DiscardLogger))}
}

func (n netresearchSubject) add(t task) { n.schedule(t) }

func (n netresearchSubject) schedule(t task) cron.EntryID {
	if t.interval == 0 {
		return must(n.c.ScheduleOnceJob(&once{at: t.first}, cron.FuncJob(t.work.plain)))
	}
	return must(n.c.ScheduleJob(&every{t.first, t.interval}, cron.FuncJob(t.work.plain)))
}

func (n netresearchSubject) start() { n.c.Start() }

func (n netresearchSubject) pair(t task) { n.c.Remove(n.schedule(t)) }

func (n netresearchSubject) list() int { return len(n.c.Entries()) }
