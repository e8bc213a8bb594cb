package memory

import (
	"fmt"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// profile is what many jobs have in common, kept once for all of them. It does
// not change, but for the verdict on it.
type profile struct {
	traits
	known  *stores.Known // whom the verdict is about
	reason string        // why a job of this profile can't run there; "": it can
}

type traits struct {
	name      string
	named     bool // unset: the name is the job's ID
	executor  string
	task      string // "" for a Go function
	kind      string // of the trigger; "" if it has none
	grace     time.Duration
	instances int
	coalesce  job.Coalesce
	delivery  job.Delivery
}

func traitsOf(j *job.Job) traits {
	t := traits{
		executor:  j.Executor,
		grace:     j.MisfireGrace,
		instances: j.MaxInstances,
		coalesce:  j.Coalesce,
		delivery:  j.Delivery,
		kind:      triggers.KindOf(j.Trigger),
	}
	if j.Name != j.ID {
		t.name, t.named = j.Name, true
	}
	if j.Call != nil {
		t.task = j.Call.TaskName()
	}
	return t
}

// unfit says why jobs of this profile can't run where only these names are
// known; "" means that they can.
func (p *profile) unfit(known *stores.Known) string {
	if known == nil {
		return ""
	}
	if p.known != known {
		p.known, p.reason = known, p.judge(known)
	}
	return p.reason
}

func (p *profile) judge(known *stores.Known) string {
	missing := func(list []string, name string) bool {
		return list != nil && name != "" && !slices.Contains(list, name)
	}
	switch {
	case missing(known.Tasks, p.task):
		return fmt.Sprintf("task %q is not registered here", p.task)
	case missing(known.Executors, p.executor):
		return fmt.Sprintf("there is no executor %q here", p.executor)
	case missing(known.Triggers, p.kind):
		return fmt.Sprintf("trigger kind %q is not known here", p.kind)
	}
	return ""
}

// profiles finds a profile by its traits. It owns none of them: when there are
// too many it forgets them all, and equal ones may then exist twice.
type profiles struct {
	known map[traits]*profile
	last  *profile
}

const maxProfiles = 1024

func (ps *profiles) of(j *job.Job) *profile {
	t := traitsOf(j)
	if ps.last != nil && ps.last.traits == t {
		return ps.last
	}
	p, ok := ps.known[t]
	if !ok {
		if ps.known == nil || len(ps.known) >= maxProfiles {
			ps.known = map[traits]*profile{}
		}
		p = &profile{traits: t}
		ps.known[t] = p
	}
	ps.last = p
	return p
}
