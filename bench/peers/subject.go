package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// subject is a scheduler that is measured.
type subject struct {
	Name  string
	Group string // ours, peers or limits
	Setup string // the version, and how it is set up
	open  func() scheduler
}

const (
	ours   = "ours"
	peers  = "peers"
	limits = "limits"
)

// subjects are all of them, in the order of the report.
var subjects = []subject{
	{"carillon", ours, "memory store, pool without a limit, misfire check, a listener that counts outcomes", openCarillon},
	{preciseCarillon, ours, "the same with clock.Precise, where it is about lateness", openPrecise},
	{"netresearch", peers, "github.com/netresearch/go-cron v0.15.0, no wrappers, nothing logged", openNetresearch},
	{"robfig", peers, "github.com/robfig/cron/v3 v3.0.1, no wrappers, nothing logged", openRobfig},
	{"gocron", peers, "github.com/go-co-op/gocron/v2 v2.21.2, no concurrency limit, nothing logged", openGocron},
	{"go-quartz", peers, "github.com/reugn/go-quartz v0.15.2, 16 workers, nothing counts as outdated", openQuartz},
	{"heap+pool", limits, "4-ary heap, one timer, batches for a pool of GOMAXPROCS workers", openHeapPool},
	{"heap+go", limits, "4-ary heap, one timer, a goroutine for each run", openHeapGo},
	{"AfterFunc", limits, "time.AfterFunc for each job", openAfterFunc},
}

// others are measured for some questions only.
var others = []subject{
	{Name: "gorhill", Group: peers, Setup: "github.com/gorhill/cronexpr of 2018, cron arithmetic only"},
	{Name: riverSubject, Group: peers, Setup: "github.com/riverqueue/river v0.51.1 on PostgreSQL, 2,000 workers, fetching every 2 ms"},
	{Name: emptyActors, Group: limits, Setup: "Proto.Actor with one actor that gets one message"},
	{Name: "memory, sqlite, redis, postgres", Group: ours, Setup: "stores as they are by default, with a history; servers and files wait for the disk"},
}

func open(name string) scheduler {
	for _, s := range subjects {
		if s.Name == name {
			return s.open()
		}
	}
	panic(fmt.Sprintf("there is no subject %q", name))
}

// allBut returns the names of all subjects but some. That of the precise clock
// stands by itself.
func allBut(some ...string) func(string) []string {
	var names []string
	for _, s := range subjects {
		if s.Name != preciseCarillon && !slices.Contains(some, s.Name) {
			names = append(names, s.Name)
		}
	}
	return func(string) []string { return names }
}

// work is what a job does, in the two forms that schedulers want.
type work struct {
	plain       func()
	withContext func(context.Context) error
}

func workOf(f func()) work {
	return work{f, func(context.Context) error { f(); return nil }}
}

// task is a job that is to be scheduled.
type task struct {
	first    time.Time
	interval time.Duration // 0: once
	work     work
}

// scheduler is what each subject can do. A fault is a panic: it ends the
// process of the case.
type scheduler interface {
	// add adds a job, before the start or after it.
	add(task)

	// start starts the scheduler and returns when it has started.
	start()

	// pair adds a job and removes it. It may be called concurrently.
	pair(task)

	// list asks for all jobs and returns how many there are.
	list() int
}

// bulk is implemented by schedulers that take many jobs at a time.
type bulk interface {
	addAll([]task)

	// pairAll adds jobs and removes them.
	pairAll([]task)
}

// load adds n jobs in the fastest way that there is, in pieces of bulkSize. It
// stops when the patience is over, and returns how many were added.
func load(s scheduler, n int, nth func(i int) task, patience time.Duration) (loaded int) {
	began := time.Now()
	b, ok := s.(bulk)
	if !ok {
		for i := range n {
			if i%64 == 0 && time.Since(began) > patience {
				return i
			}
			s.add(nth(i))
		}
		return n
	}
	tasks := make([]task, 0, min(n, bulkSize))
	for i := range n {
		tasks = append(tasks, nth(i))
		if len(tasks) == bulkSize || i == n-1 {
			b.addAll(tasks)
			tasks = tasks[:0]
			if time.Since(began) > patience {
				return i + 1
			}
		}
	}
	return n
}

const bulkSize = 10_000

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
