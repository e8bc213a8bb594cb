package pool

import "github.com/carillon-go/carillon/job"

// A batch is what one call of Execute has brought, with a context and a result
// for each of the runs, so that these cost two allocations a batch.
type batch struct {
	runs     []job.Run
	contexts []job.Context
	results  []job.Result
	next     *batch
}

func newBatch(runs []job.Run) *batch {
	return &batch{runs: runs, contexts: make([]job.Context, len(runs)), results: make([]job.Result, len(runs))}
}

// groupEnd returns the index behind the last run of the group that starts at
// head: the runs that are one instance of their job. A run without an
// instance stands alone.
func (b *batch) groupEnd(head int) int {
	end := head + 1
	instance := b.runs[head].Instance
	for instance != 0 && end < len(b.runs) && b.runs[end].Instance == instance {
		end++
	}
	return end
}

// A group is the runs of one worker: those of a batch from at until end, to
// be executed in this order. The zero group is empty.
type group struct {
	*batch
	at, end int
}

// A queue holds the runs that no worker has picked up, first come, first
// served.
type queue struct {
	first, last *batch
	at          int // first.runs[:at] have been picked up
	length      int // runs in the queue
}

func (q *queue) push(b *batch) {
	if q.first == nil {
		q.first, q.at = b, 0
	} else {
		q.last.next = b
	}
	q.last = b
	q.length += len(b.runs)
}

// pop takes the first group out of the queue, which must not be empty.
func (q *queue) pop() group {
	g := group{q.first, q.at, q.first.groupEnd(q.at)}
	q.at = g.end
	q.length -= g.end - g.at
	if q.at == len(q.first.runs) {
		q.first, q.at = q.first.next, 0
	}
	if q.first == nil {
		q.last = nil
	}
	return g
}
