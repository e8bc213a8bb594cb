package planner

import (
	"encoding/binary"
	"hash/fnv"
	"sync"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
)

// Recorder learns from a real scheduler how long the runs of its jobs take:
//
//	var recorder planner.Recorder
//	s.AddListener(recorder.Listen, messages.MaskJobExecuted|messages.MaskJobError)
//
// The zero value is ready. It remembers every job of which it has seen a run.
// Its methods may be called concurrently.
type Recorder struct {
	// Keep is how many durations are kept of each job, the latest ones. Zero:
	// 1,000, which take some 50 kB.
	Keep int

	// Unseen is what Duration returns for a job of which no run has been
	// recorded.
	Unseen time.Duration

	mu   sync.Mutex // guards what follows
	jobs map[key]*record
}

// record is what is known of one job.
type record struct {
	took map[int64]time.Duration // by scheduled time, in nanoseconds since 1970
	ring []int64                 // the keys of took
	next int                     // the place of the next one in a ring that is full
}

const defaultKeep = 1000

// Listen records the durations of runs that were executed, whether to a good
// end or not. Events of other types do no harm.
func (r *Recorder) Listen(event carillon.Event) {
	switch e := event.(type) {
	case *messages.JobExecuted:
		r.record((*carillon.Result)(e))
	case *messages.JobError:
		r.record((*carillon.Result)(e))
	}
}

func (r *Recorder) record(result *carillon.Result) {
	if result.Started.IsZero() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	k := key{aliasOr(result.Run.Store), result.Run.JobID}
	rec := r.jobs[k]
	if rec == nil {
		rec = &record{took: make(map[int64]time.Duration)}
		if r.jobs == nil {
			r.jobs = make(map[key]*record)
		}
		r.jobs[k] = rec
	}
	keep := r.Keep
	if keep <= 0 {
		keep = defaultKeep
	}
	rec.add(result.Run.Scheduled.UnixNano(), result.Finished.Sub(result.Started), keep)
}

func (rec *record) add(scheduled int64, took time.Duration, keep int) {
	_, again := rec.took[scheduled]
	rec.took[scheduled] = took
	switch {
	case again:
	case len(rec.ring) < keep:
		rec.ring = append(rec.ring, scheduled)
	default:
		delete(rec.took, rec.ring[rec.next])
		rec.ring[rec.next] = scheduled
		rec.next = (rec.next + 1) % keep
	}
}

// Duration is a Duration for [Config]. A run that is remembered takes as long
// as it did; any other takes as long as one of the remembered ones of its job.
// Which one that is follows from the scheduled time, so a plan that is made
// again is the same.
func (r *Recorder) Duration(j carillon.Job, scheduled time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.jobs[keyOf(&j)]
	if rec == nil {
		return r.Unseen
	}
	at := scheduled.UnixNano()
	if took, remembered := rec.took[at]; remembered {
		return took
	}
	return rec.took[rec.ring[draw(j.ID, at)%uint64(len(rec.ring))]]
}

// draw returns a number that looks random, and is the same for the same run.
func draw(id string, scheduled int64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(scheduled)))
	return h.Sum64()
}
