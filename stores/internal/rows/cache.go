package rows

import "github.com/carillon-go/carillon/triggers"

// maxCached bounds how many jobs are kept decoded: some 50 MB of them.
const maxCached = 1 << 16

// Cache keeps decoded settings.
type Cache struct {
	kinds triggers.Kinds
	specs map[string]cached
}

type cached struct {
	put  int64
	spec *Spec
}

// NewCache returns an empty Cache that decodes with these kinds.
func NewCache(kinds triggers.Kinds) *Cache {
	return &Cache{kinds: kinds, specs: map[string]cached{}}
}

// Find returns the settings that were put with this Version, nil if they are
// not in the Cache.
func (c *Cache) Find(id string, put int64) *Spec {
	if found := c.specs[id]; found.put == put {
		return found.spec
	}
	return nil
}

// Add decodes settings and keeps them.
func (c *Cache) Add(id string, put int64, s *Settings) *Spec {
	if len(c.specs) >= maxCached {
		c.shrink()
	}
	spec := c.Decode(id, s)
	c.specs[id] = cached{put, spec}
	return spec
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
func (c *Cache) Drop(id string) { delete(c.specs, id) }
