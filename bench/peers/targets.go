package main

import (
	"fmt"
	"math"
)

// target is something that is aimed at, and how near we are.
type target struct {
	Aim      string
	Measured string // where we are furthest from it
	Met      bool
}

// aim is a demand on quotients: of Carillon's figure by another one.
type aim struct {
	text   string
	factor float64
	atMost bool // the quotients may be the factor at most; otherwise at least
	of     func(r results) []quotient
}

type quotient struct {
	where string
	value float64
}

var (
	largeBursts = []int{100_000, 1_000_000}
	theLoad     = []int{100_000}
	lightLoads  = []int{1_000, 10_000}
	addSizes    = []int{1_000, 100_000, 1_000_000}
	churnSizes  = []int{10_000, 100_000}
	theOne      = []int{1}
)

var aims = []aim{
	{"burst at one instant: at least 4 times the fastest peer", 4, false, besidePeers("burst", oneInstant, "rate", largeBursts)},
	{"burst at one instant: at least 1/5 of the limit", 1. / 5, false, beside("heap+pool", "burst", oneInstant, "rate", largeBursts)},
	{"burst at distinct instants: at least 1/2 of the limit", 1. / 2, false, beside("heap+pool", "burst", distinctInstants, "rate", largeBursts)},
	{"cost of a run among 1,000,000: at most twice that among 1,000", 2, true, growth},
	{"sustained: nothing is missed (%)", 99.9, false, alone("sustained", "every second", "held", theLoad)},
	{"sustained: p99 lateness at most twice the limit's", 2, true, beside("heap+pool", "sustained", "every second", "p99", theLoad)},
	{"sustained: p99.9 lateness at most twice the limit's", 2, true, beside("heap+pool", "sustained", "every second", "p99.9", theLoad)},
	{"sustained: at most 1/4 of the CPU of the best peer", 1. / 4, true, besidePeers("sustained", "every second", "cpu", theLoad)},
	{"sustained: at most 1/2 of the allocations of the best peer", 1. / 2, true, besidePeers("sustained", "every second", "allocations", theLoad)},
	{"lateness: p50 as the limit's", 1.1, true, beside("heap+pool", "lateness", "every second", "p50", lightLoads)},
	{"lateness: p99 as the limit's", 1.1, true, beside("heap+pool", "lateness", "every second", "p99", lightLoads)},
	{"lateness on the precise clock: p50 under 0.1 ms", 0.1, true, figureOf(preciseCarillon, "lateness", "every second", "p50", lightLoads)},
	{"lateness on the precise clock: p99 under 0.5 ms", 0.5, true, figureOf(preciseCarillon, "lateness", "every second", "p99", lightLoads)},
	{"add in bulk: at most 1,000 ns a job", 1000, true, alone("add", inBulk, "time", addSizes)},
	{"add one at a time: no slower than the fastest peer", 1, true, besidePeers("add", single, "time", addSizes)},
	{"bytes a job: fewer than netresearch", 1, true, beside("netresearch", "add", inBulk, "bytes", addSizes)},
	{"churn, one caller: no slower than the fastest peer", 1, false, besidePeers("churn", oneCaller, "rate", churnSizes)},
	{"churn, eight callers or in bulk: at least 3 times the fastest peer with eight callers", 3, false, churnAtOnce},
	{"next, UTC: at most 1/3 of the fastest peer's time", 1. / 3, true, besidePeers("next", "UTC", "time", allExpressions())},
	{"next, New York: at most 1/3 of the fastest peer's time", 1. / 3, true, besidePeers("next", "America/New_York", "time", allExpressions())},
	{"next: no allocation (less than one in a thousand questions)", 0.001, true, alone("next", "America/New_York", "allocations", allExpressions())},
	{"SQLite: at least 50,000 runs/s, on the disk", 50_000, false, figureOf("sqlite", "durable", oneScheduler, "rate", durableJobs)},
	{"PostgreSQL, 1 scheduler: at least twice River", 2, false, between("postgres", riverSubject, "durable", oneScheduler, "rate", durableJobs)},
	{"PostgreSQL, 4 schedulers: at least twice River", 2, false, between("postgres", riverSubject, "durable", fourSchedulers, "rate", durableJobs)},
	{"startup: first run in 10 ms", 10, true, alone("startup", "one job", "first run", theOne)},
	{"startup: at most twice an empty actor system", 2, true, beside(emptyActors, "startup", "one job", "first run", theOne)},
	{"at rest: at most 4,000 kB", 4000, true, alone("startup", "one job", "memory", theOne)},
	{"at rest: at most 1 ms of CPU in a second", 1, true, alone("startup", "one job", "idle", theOne)},
}

// targetsOf returns how near we are to each aim of which enough was measured.
func targetsOf(r results) (targets []target) {
	for _, a := range aims {
		quotients := a.of(r)
		if len(quotients) == 0 {
			continue
		}
		worst := quotients[0]
		for _, q := range quotients {
			if math.IsNaN(q.value) || (q.value > worst.value) == a.atMost && !math.IsNaN(worst.value) {
				worst = q
			}
		}
		met := worst.value >= a.factor
		if a.atMost {
			met = worst.value <= a.factor
		}
		measured := worst.where
		if !math.IsNaN(worst.value) {
			measured = si(worst.value) + " " + worst.where
		}
		targets = append(targets, target{a.text, measured, met})
	}
	return targets
}

// Verdict says it in a word.
func (t target) Verdict() string {
	if t.Met {
		return "met"
	}
	return "missed"
}

// alone takes Carillon's figure as it is.
func alone(question, variant, figure string, sizes []int) func(results) []quotient {
	return figureOf("carillon", question, variant, figure, sizes)
}

func figureOf(subject, question, variant, figure string, sizes []int) func(results) []quotient {
	return func(r results) (all []quotient) {
		for _, n := range sizes {
			c := Case{question, variant, subject, n}
			if s, found := r.spread(c, figure); found {
				all = append(all, quotient{"at " + grouped(n), s.Median})
			} else if r.isHopeless(c) {
				all = append(all, stoppedQuotient(n))
			}
		}
		return all
	}
}

// beside divides Carillon's figure by another subject's.
func beside(subject, question, variant, figure string, sizes []int) func(results) []quotient {
	return between("carillon", subject, question, variant, figure, sizes)
}

func between(ours, theirs, question, variant, figure string, sizes []int) func(results) []quotient {
	return func(r results) (all []quotient) {
		for _, n := range sizes {
			c := Case{question, variant, ours, n}
			s, found := r.spread(c, figure)
			if r.isHopeless(c) {
				all = append(all, stoppedQuotient(n))
				continue
			}
			other, both := r.spread(Case{question, variant, theirs, n}, figure)
			if found && both && other.Median != 0 {
				all = append(all, quotient{fmt.Sprintf("of %s, at %s", theirs, grouped(n)), s.Median / other.Median})
			}
		}
		return all
	}
}

// besidePeers divides Carillon's figure by that of each peer that was not
// stopped.
func besidePeers(question, variant, figure string, sizes []int) func(results) []quotient {
	return func(r results) (all []quotient) {
		for c := range r {
			if c.Question == question && c.Variant == variant && groupOf(c.Subject) == peers && !r.isHopeless(c) {
				all = append(all, beside(c.Subject, question, variant, figure, sizesLike(sizes, c.N))(r)...)
			}
		}
		return all
	}
}

// stoppedQuotient is that of a Carillon that has not come to an end: no number,
// which meets no aim.
func stoppedQuotient(n int) quotient { return quotient{"stopped, at " + grouped(n), math.NaN()} }

func sizesLike(sizes []int, n int) []int {
	for _, size := range sizes {
		if size == n {
			return []int{n}
		}
	}
	return nil
}

// growth divides the time of a run among a million by that among a thousand.
func growth(r results) (all []quotient) {
	for _, variant := range burstQuestion.variants {
		few, found := r.spread(Case{"burst", variant, "carillon", 1_000}, "rate")
		many, both := r.spread(Case{"burst", variant, "carillon", 1_000_000}, "rate")
		if found && both {
			all = append(all, quotient{"at " + variant, few.Median / many.Median})
		}
	}
	return all
}

// churnAtOnce divides the better of Carillon's rates, with eight callers and many
// at a time, by each peer's with eight callers.
func churnAtOnce(r results) (all []quotient) {
	for c := range r {
		if c.Question != "churn" || c.Variant != eightCallers || groupOf(c.Subject) != peers {
			continue
		}
		theirs, found := r.spread(c, "rate")
		eight, both := r.spread(Case{c.Question, eightCallers, "carillon", c.N}, "rate")
		many, three := r.spread(Case{c.Question, manyAtATime, "carillon", c.N}, "rate")
		if found && both && three {
			all = append(all, quotient{fmt.Sprintf("of %s, at %s", c.Subject, grouped(c.N)), max(eight.Median, many.Median) / theirs.Median})
		}
	}
	return all
}

func allExpressions() []int { return nextQuestion.sizes("", false) }
