package clocktest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Site names a place where a fault can strike: one of those below, or one of
// the user's own, for [Chance].
type Site string

// The sites that a simulation has by default. The stores' need a store that was
// opened by [Sim.Store], the jobs' and the executor's an executor that was
// opened by [Sim.Executor]; both are what [Sim.Config] has as "default".
const (
	StoreOpen        Site = "store.open"         // a store cannot be opened
	StoreError       Site = "store.error"        // a store does nothing and returns an error
	StoreLost        Site = "store.lost"         // a store does what it should, and its answer is lost
	StorePanicBefore Site = "store.panic.before" // a store panics before it has done anything
	StorePanicAfter  Site = "store.panic.after"  // a store panics when it has done what it should
	StoreSlow        Site = "store.slow"         // a store takes up to ten seconds
	ExecutorPanic    Site = "executor.panic"     // an executor panics when it is given runs
	JobSlow          Site = "job.slow"           // a job takes up to two minutes longer
	JobError         Site = "job.error"          // a job fails
	JobPanic         Site = "job.panic"          // a job panics
	JobStuck         Site = "job.stuck"          // a job does not return before its context ends
	ListenerPanic    Site = "listener.panic"     // a listener panics when it has been told
	ActorPanic       Site = "actor.panic"        // an actor panics before it handles a message
	WallJump         Site = "wall.jump"          // the wall clock is set, by up to an hour
)

// Faults are what can go wrong: for each site the probability that it does,
// each time that it could.
type Faults map[Site]float64

// AllFaults returns all of the sites above, at rates at which a scheduler is
// hit hard and still gets something done.
func AllFaults() Faults {
	return Faults{
		StoreOpen: 0.05, StoreError: 0.02, StoreLost: 0.02, StorePanicBefore: 0.01, StorePanicAfter: 0.01, StoreSlow: 0.02,
		ExecutorPanic: 0.002,
		JobSlow:       0.05, JobError: 0.05, JobPanic: 0.02, JobStuck: 0.001,
		ListenerPanic: 0.005,
		ActorPanic:    0.002,
		WallJump:      0.0005,
	}
}

// Fault is one stroke: the n-th time that it could strike at the site, from 1.
// Whether it does depends on the seed, the site and n only, so that leaving
// out one fault does not move the others.
type Fault struct {
	Site Site
	N    uint64
}

// String returns for instance "store.error:17".
func (f Fault) String() string { return string(f.Site) + ":" + strconv.FormatUint(f.N, 10) }

// parseFaults reads what formatFaults has written.
func parseFaults(text string) (map[Fault]bool, error) {
	faults := make(map[Fault]bool)
	for field := range strings.SplitSeq(text, ",") {
		if field == "" {
			continue
		}
		site, count, _ := strings.Cut(field, ":")
		n, err := strconv.ParseUint(count, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("fault %q: want site:count, for instance store.error:17", field)
		}
		faults[Fault{Site(site), n}] = true
	}
	return faults, nil
}

func formatFaults(faults []Fault) string {
	texts := make([]string, len(faults))
	for i, f := range faults {
		texts[i] = f.String()
	}
	return strings.Join(texts, ",")
}

// errFault is what goes wrong.
var errFault = errors.New("simulated fault")

// site is what a simulation knows of a site.
type site struct {
	seed  uint64
	limit uint64 // strikes if the draw is below; 0: never
	n     uint64
}

// fate decides about faults.
type fate struct {
	config Config
	sites  map[Site]*site
	off    bool
	struck []Fault
}

func newFate(c Config) *fate {
	f := &fate{config: c, sites: make(map[Site]*site, len(c.Faults))}
	for name, p := range c.Faults {
		f.sites[name] = f.newSite(name, p)
	}
	return f
}

// strikes decides whether a fault strikes at the site this time.
func (f *fate) strikes(name Site) bool {
	s := f.sites[name]
	if f.off || s == nil {
		return false
	}
	s.n++
	if draw(s.seed+s.n) >= s.limit {
		return false
	}
	stroke := Fault{name, s.n}
	if f.config.only != nil && !f.config.only[stroke] {
		return false
	}
	f.struck = append(f.struck, stroke)
	return true
}

// length returns how long something takes that has just been struck at the site,
// or how far it goes. It depends on the stroke only.
func (f *fate) length(name Site, limit time.Duration) time.Duration {
	s := f.sites[name]
	return time.Duration(mix(s.seed^mix(s.n))%uint64(limit)) + 1
}

func (f *fate) newSite(name Site, p float64) *site {
	s := &site{seed: mix(mix(f.config.Seed) ^ textHash(string(name)))}
	if f.config.EveryFault || mix(s.seed)&1 == 0 {
		s.limit = uint64(min(max(p, 0), 1) * (1 << 53))
	}
	return s
}

// draw returns a number below 2^53.
func draw(x uint64) uint64 { return mix(x*0x9e3779b97f4a7c15) >> 11 }

// mix is the finalizer of splitmix64: nearby numbers give unrelated ones.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Chance reports whether a fault of the user's own strikes, in a job that is
// executed with ctx: the site's probability is in [Config.Faults]. Outside of a
// simulation none does.
func Chance(ctx context.Context, site Site) bool {
	n, ok := ctx.Value(nodeKey{}).(*node)
	return ok && n.loop.sim.Chance(site)
}
