package storetest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var modelRules = []rule{modelRule(1), modelRule(2), modelRule(3)}

// modelRule plays random operations against the store and against the model.
func modelRule(seed uint64) rule {
	return rule{
		name:        fmt.Sprintf("model/seed-%d", seed),
		explanation: "Whatever operations come in whatever order, the store answers as the model in model.go does.",
		check: func(e *env) error {
			g := newGame(e, seed)
			for n := range 3000 {
				what, err := g.move()
				if err == nil && n%7 == 0 {
					err = g.compare()
				}
				if err != nil {
					return fmt.Errorf("move %d, %s: %w", n, what, err)
				}
			}
			return nil
		},
	}
}

// game is a sequence of random operations.
type game struct {
	*env
	*rand.Rand
	seed    uint64
	many    bool // several nodes, with leases
	model   *model
	players []*player
	names   int
	second  int
}

// player is a session and what its process knows.
type player struct {
	*session
	known *stores.Known
	done  bool
}

var knowledge = []*stores.Known{nil, {}, {Tasks: []string{"work", "alien"}}, {Tasks: []string{"work"}}, {Tasks: []string{"alien"}}}

func newGame(e *env, seed uint64) *game {
	g := &game{
		env:   e,
		Rand:  rand.New(rand.NewPCG(seed, 2)),
		seed:  seed,
		many:  e.Shared && e.RealLease == 0,
		model: &model{versions: map[string]int64{}, known: map[*session]*stores.Known{}, now: e.clock.Now()},
	}
	g.join()
	if g.many {
		g.join()
		g.join()
	}
	return g
}

// join opens the store for one more player.
func (g *game) join() {
	g.names++
	name := fmt.Sprint("node-", g.names)
	ttl := time.Duration(0)
	if g.many {
		ttl = g.ttl()
	}
	s := g.open()
	s.register(name, ttl)
	g.model.register(name, ttl)
	g.players = append(g.players, &player{session: s, known: knowledge[g.IntN(len(knowledge))]})
}

func (g *game) player() *player { return g.players[g.IntN(len(g.players))] }

func (g *game) id() string { return string(rune('a' + g.IntN(12))) }

// move makes one random operation, and says which.
func (g *game) move() (string, error) {
	p := g.player()
	switch k := g.IntN(100); {
	case k < 25:
		return "put", g.put(p)
	case k < 30:
		return "delete", g.delete(p)
	case k < 60:
		return "claim by " + p.name, g.claim(p)
	case k < 85:
		return "finish by " + p.name, g.finish(p)
	case k < 95:
		g.second += g.IntN(3)
		if g.many {
			g.pass(time.Second)
			g.model.now = g.clock.Now()
			g.beat()
		}
		return "time passes", nil
	case k < 98:
		p.known = knowledge[g.IntN(len(knowledge))]
		return "other names known", nil
	default:
		return p.name + " ends", g.leave(p)
	}
}

// beat renews the leases of the living.
func (g *game) beat() {
	for _, p := range g.players {
		p.register(p.name, g.ttl())
		g.model.register(p.name, g.ttl())
	}
}

// leave ends a player, with Close or without, and has another one join.
func (g *game) leave(p *player) error {
	if !g.many && !g.Durable {
		return nil
	}
	if !g.Shared || g.IntN(2) == 0 {
		g.must("Close", p.close())
	}
	g.players = slices.DeleteFunc(g.players, func(o *player) bool { return o == p })
	g.join()
	return nil
}

func (g *game) put(p *player) error {
	mode := stores.PutMode(g.IntN(3))
	var jobs []job.Job
	for range 1 + g.IntN(3) {
		j := due(g.id(), float64(g.second+g.IntN(8)-2))
		if g.IntN(6) == 0 {
			j = idle(j.ID)
		}
		if g.IntN(4) == 0 {
			j.Call = task("alien")
		}
		if g.IntN(2) == 0 {
			j.Delivery = job.AtLeastOnce
		}
		if old := g.model.find(j.ID); mode == stores.IfVersion && old != nil {
			j.Version = old.Version
			if g.IntN(6) == 0 {
				j.Version--
			}
		}
		jobs = append(jobs, j)
	}
	before := slices.Clone(jobs)
	err := p.Put(g.ctx, mode, jobs)
	return g.model.put(mode, before, jobs, err)
}

func (g *game) delete(p *player) error {
	ids := []string{g.id(), g.id()}
	if g.IntN(8) == 0 {
		ids = nil
	}
	return g.model.delete(ids, p.session.delete(ids...))
}

func (g *game) claim(p *player) error {
	if g.IntN(4) > 0 || !g.model.repeatable(p.name) {
		p.seq++
	}
	c := &stores.Claim{
		Node: p.name, Seq: p.seq, Now: at(float64(g.second)), Limit: 1 + g.IntN(5), Known: p.known, Plan: g.plan,
	}
	got, err := p.ClaimDue(g.ctx, c)
	return g.model.claim(p.session, c, got, err)
}

// plan makes an arbitrary step, always the same for the same job and live.
func (g *game) plan(j *job.Job, live int, step *stores.Step) {
	h := fnv.New64a()
	fmt.Fprint(h, g.seed, j.ID, j.Version, live)
	dice := rand.New(rand.NewPCG(h.Sum64(), 0))
	next := j.NextRunTime
	step.Next = next.Add(time.Duration(1+dice.IntN(4)) * time.Second)
	kind := dice.IntN(12)
	if live >= 3 {
		kind = 0
	}
	switch kind {
	case 0:
		step.Skipped = append(step.Skipped, next)
	case 1:
		step.Wait = true
	case 2:
		step.Runs = append(step.Runs, next)
		step.Next = time.Time{}
	case 3, 4:
		step.Runs = append(step.Runs, next)
		step.Ended = true
	case 5, 6:
		step.Runs = append(step.Runs, next, next.Add(time.Second), next.Add(2*time.Second))
		step.Wait = dice.IntN(2) == 0
		step.Ended = dice.IntN(4) == 0
	case 7:
		step.Runs = append(step.Runs, next.Add(time.Second))
		step.First = next
		step.Wait = dice.IntN(2) == 0
	case 8:
		if !g.many {
			step.Park = "by plan"
		}
	default:
		step.Runs = append(step.Runs, next)
	}
}

func (g *game) finish(p *player) error {
	name := p.name
	if g.IntN(8) == 0 { // one that has perhaps ended
		name = g.model.nodes[g.IntN(len(g.model.nodes))].name
	}
	var done []stores.Done
	for _, r := range g.model.runs {
		if g.IntN(3) > 0 || r.over && g.IntN(10) > 0 {
			continue
		}
		d := stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Outcome(1 + g.IntN(3))}
		switch g.IntN(10) {
		case 0:
			d.Attempt++
		case 1, 2:
			d.Outcome = job.Released
		}
		done = append(done, d)
	}
	got, err := p.Finish(g.ctx, name, done)
	if err != nil {
		return err
	}
	g.model.runs = slices.DeleteFunc(g.model.runs, func(r *modelRun) bool { return r.over && g.IntN(30) == 0 })
	return g.model.finish(name, done, got)
}

// compare compares all jobs, page by page.
func (g *game) compare() error {
	text, after, limit := "", "", 1+g.IntN(9)
	for range 100 {
		jobs := g.player().list(after, limit)
		for i := range jobs {
			text += modelLine(&jobs[i])
		}
		if len(jobs) < limit {
			return want("jobs", g.model.list(), text)
		}
		after = jobs[len(jobs)-1].ID
	}
	return errors.New("List does not come to an end")
}
