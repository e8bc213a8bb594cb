package rows

import (
	"slices"
	"sync"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// maxCached bounds how many jobs are kept decoded: some 50 MB of them.
const maxCached = 1 << 16

// Cache keeps decoded settings. It is safe for concurrent use.
type Cache struct {
	kinds triggers.Kinds
	names []string // of the kinds that it decodes

	mu    sync.Mutex
	specs map[string]cached
}

type cached struct {
	put  int64
	spec *Spec
}

// NewCache returns an empty Cache that decodes with these kinds.
func NewCache(kinds triggers.Kinds) *Cache {
	return &Cache{kinds: kinds, names: kinds.Names(), specs: map[string]cached{}}
}

// Find returns the settings that were put with this Version, nil if they are
// not in the Cache.
func (c *Cache) Find(id string, put int64) *Spec {
	c.mu.Lock()
	defer c.mu.Unlock()
	if found := c.specs[id]; found.put == put {
		return found.spec
	}
	return nil
}

// Add decodes settings and keeps them.
func (c *Cache) Add(id string, put int64, s *Settings) *Spec {
	spec := c.Decode(id, s)
	c.keep(id, put, spec)
	return spec
}

// Keep keeps the settings of a job that was put with this Version, once that is
// certain: who puts a job mostly claims it too, and has not to read it then. A
// trigger that could not be read back is not kept, so that it is parked here as
// it is elsewhere.
func (c *Cache) Keep(j *job.Job, put int64) {
	if !slices.Contains(c.names, triggers.KindOf(j.Trigger)) {
		return
	}
	spec := &Spec{job: *j}
	spec.job.Store, spec.job.Version, spec.job.NextRunTime, spec.job.Paused = "", 0, time.Time{}, false
	spec.job.Location, spec.job.Replace, spec.job.Pending, spec.job.Parked = nil, false, false, ""
	c.keep(j.ID, put, spec)
}

func (c *Cache) keep(id string, put int64, spec *Spec) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.specs) >= maxCached {
		c.shrink()
	}
	c.specs[id] = cached{put, spec}
}

// Decode decodes settings without keeping them: those of jobs that are gone.
func (c *Cache) Decode(id string, s *Settings) *Spec { return Decode(id, s, c.kinds) }

// shrink drops some half of what is kept.
func (c *Cache) shrink() {
	drop := true
	for id := range c.specs {
		if drop {
			delete(c.specs, id)
		}
		drop = !drop
	}
}

// Drop forgets a job.
func (c *Cache) Drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.specs, id)
}
