package main

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/reugn/go-quartz/quartz"
)

// quartzSubject has workers, which is faster here than a goroutine for each run.
// By itself it drops a run that is more than 100 ms late; here none is.
type quartzSubject struct {
	s     quartz.Scheduler
	named atomic.Int64
}

func openQuartz() scheduler {
	return &quartzSubject{s: must(quartz.NewStdScheduler(quartz.WithWorkerLimit(16), quartz.WithOutdatedThreshold(time.Hour)))}
}

func (q *quartzSubject) add(t task) { q.schedule(t) }

func (q *quartzSubject) schedule(t task) *quartz.JobKey {
	key := quartz.NewJobKey("job-" + strconv.FormatInt(q.named.Add(1), 10))
	trigger := quartzTrigger{t.first.UnixNano(), t.interval.Nanoseconds()}
	check(q.s.ScheduleJob(quartz.NewJobDetail(quartzJob(t.work.withContext), key), trigger))
	return key
}

func (q *quartzSubject) start() { q.s.Start(context.Background()) }

func (q *quartzSubject) pair(t task) { check(q.s.DeleteJob(q.schedule(t))) }

func (q *quartzSubject) list() int { return len(must(q.s.GetJobKeys())) }

type quartzJob func(context.Context) error

func (j quartzJob) Execute(ctx context.Context) error { return j(ctx) }
func (quartzJob) Description() string                 { return "job" }

// quartzTrigger is a grid of instants, or one instant: the triggers of the
// package count from when they are asked first.
type quartzTrigger struct{ first, interval int64 }

func (t quartzTrigger) NextFireTime(prev int64) (int64, error) {
	switch passed := prev - t.first; {
	case passed < 0:
		return t.first, nil
	case t.interval == 0 && passed == 0:
		return 0, quartz.ErrTriggerExpired
	case t.interval == 0:
		return t.first, nil // asked when it is added, later than it was due
	default:
		return prev - passed%t.interval + t.interval, nil
	}
}

func (quartzTrigger) Description() string { return "grid" }
