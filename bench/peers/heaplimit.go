package main

import (
	"runtime"
	"sync"
	"time"
)

// heapLimit is a scheduler with nothing but a heap, a timer and somebody who
// executes: no names, no errors, no shutdown.
type heapLimit struct {
	epoch   time.Time
	execute func(batch []func())

	mu    sync.Mutex
	heap  heap
	jobs  []heapJob
	free  []int32 // jobs that were removed
	due   []func()
	awake chan struct{}
}

type heapJob struct {
	run      func()
	interval int64
}

// batchSize is how many due jobs are taken under the mutex at a time.
const batchSize = 1024

// openHeapPool has as many workers as processors. Batches go round: those that
// were executed are filled again.
func openHeapPool() scheduler {
	workers := runtime.GOMAXPROCS(0)
	filled := make(chan []func(), workers)
	empty := make(chan []func(), 2*workers)
	for range 2 * workers {
		empty <- make([]func(), 0, batchSize)
	}
	for range workers {
		go func() {
			for batch := range filled {
				for _, run := range batch {
					run()
				}
				empty <- batch[:0]
			}
		}()
	}
	return newHeapLimit(func(batch []func()) { filled <- append(<-empty, batch...) })
}

func openHeapGo() scheduler {
	return newHeapLimit(func(batch []func()) {
		for _, run := range batch {
			go run()
		}
	})
}

func newHeapLimit(execute func([]func())) *heapLimit {
	return &heapLimit{
		epoch:   time.Now(),
		execute: execute,
		due:     make([]func(), 0, batchSize),
		awake:   make(chan struct{}, 1),
	}
}

func (h *heapLimit) start() { go h.loop() }

func (h *heapLimit) loop() {
	timer := time.NewTimer(time.Hour)
	for {
		wait, found := h.takeDue()
		if len(h.due) > 0 {
			h.execute(h.due)
			continue
		}
		if !found {
			wait = time.Hour
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-h.awake:
		}
	}
}

// takeDue takes a batch of due jobs, or else says how long there is none.
func (h *heapLimit) takeDue() (wait time.Duration, found bool) {
	h.due = h.due[:0]
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.instant(time.Now())
	for len(h.heap.entries) > 0 && len(h.due) < batchSize {
		first := h.heap.entries[0]
		if first.at > now {
			return time.Duration(first.at - now), true
		}
		j := &h.jobs[first.job]
		h.due = append(h.due, j.run)
		if j.interval == 0 {
			h.drop(first.job)
			continue
		}
		h.heap.postpone(first.at + j.interval)
	}
	return 0, false
}

func (h *heapLimit) instant(t time.Time) int64 { return t.Sub(h.epoch).Nanoseconds() }

func (h *heapLimit) add(t task) {
	h.mu.Lock()
	_, first := h.insert(t)
	h.mu.Unlock()
	if first {
		h.wake()
	}
}

func (h *heapLimit) addAll(tasks []task) {
	h.mu.Lock()
	for _, t := range tasks {
		h.insert(t)
	}
	h.mu.Unlock()
	h.wake()
}

func (h *heapLimit) pair(t task) {
	h.mu.Lock()
	job, _ := h.insert(t)
	h.mu.Unlock()
	h.mu.Lock()
	h.drop(job)
	h.mu.Unlock()
}

func (h *heapLimit) pairAll(tasks []task) {
	added := make([]int32, len(tasks))
	h.mu.Lock()
	for i, t := range tasks {
		added[i], _ = h.insert(t)
	}
	h.mu.Unlock()
	h.mu.Lock()
	for _, job := range added {
		h.drop(job)
	}
	h.mu.Unlock()
}

func (h *heapLimit) list() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(append([]entry(nil), h.heap.entries...))
}

// insert reports whether the job is the first one to run.
func (h *heapLimit) insert(t task) (job int32, first bool) {
	j := heapJob{t.work.plain, t.interval.Nanoseconds()}
	if last := len(h.free) - 1; last >= 0 {
		job, h.free = h.free[last], h.free[:last]
		h.jobs[job] = j
	} else {
		job = int32(len(h.jobs))
		h.jobs = append(h.jobs, j)
	}
	h.heap.push(entry{h.instant(t.first), job})
	return job, h.heap.place[job] == 0
}

func (h *heapLimit) drop(job int32) {
	h.heap.remove(int(h.heap.place[job]))
	h.jobs[job].run = nil
	h.free = append(h.free, job)
}

func (h *heapLimit) wake() {
	select {
	case h.awake <- struct{}{}:
	default:
	}
}
