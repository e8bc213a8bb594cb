package storetest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var modelRules = []rule{modelRule(1), modelRule(2), modelRule(3)}

// enough is how long a slow store is played with.
const enough = 5 * time.Second

// modelRule plays random operations against the store and against the model.
func modelRule(seed uint64) rule {
	return rule{
		name:        fmt.Sprintf("model/seed-%d", seed),
		explanation: "Whatever operations come in whatever order, the store answers as the model in model.go does.",
		check: func(e *env) error {
			g := newGame(e, seed)
			begin := clock.Real().Now()
			for n := range 3000 {
				if clock.Real().Now().Sub(begin) > enough {
					return nil
				}
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
	model   *model
	players []*player
	names   int
	second  int
}

// player is a session and what its process knows.
type player struct {
	*session
	known *stores.Known
	ttl   time.Duration
}

var knowledge = []*stores.Known{nil, {}, {Tasks: []string{"work", "alien"}}, {Tasks: []string{"work"}}, {Tasks: []string{"alien"}}}

func newGame(e *env, seed uint64) *game {
	return &game{
		env:   e,
		Rand:  rand.New(rand.NewPCG(seed, 2)),
		seed:  seed,
		model: &model{versions: map[string]int64{}, known: map[*session]*stores.Known{}, now: e.clock.Now()},
	}
}

// join opens the store for one more player.
func (g *game) join() error {
	g.names++
	name := fmt.Sprint("node-", g.names)
	ttl := time.Duration(0)
	if g.Shared && g.IntN(4) > 0 {
		ttl = g.ttl()
	}
	s := g.open()
	s.name = name
	err := g.model.register(name, ttl, s.Heartbeat(g.ctx, name, ttl))
	if g.model.node(name) == nil {
		return errors.Join(err, s.close())
	}
	g.players = append(g.players, &player{session: s, known: knowledge[g.IntN(len(knowledge))], ttl: ttl})
	g.drop()
	return err
}

// fill has somebody join if nobody is there.
func (g *game) fill() error {
	for len(g.players) == 0 {
		if err := g.join(); err != nil {
			return err
		}
	}
	return nil
}

// drop takes out the players whose names are dead.
func (g *game) drop() {
	g.players = slices.DeleteFunc(g.players, func(p *player) bool { return !g.model.node(p.name).alive(g.model.now) })
}

func (g *game) player() *player { return g.players[g.IntN(len(g.players))] }

func (g *game) id() string { return string(rune('a' + g.IntN(12))) }

// move makes one random operation, and says which.
func (g *game) move() (string, error) {
	if err := g.fill(); err != nil {
		return "nobody is there", err
	}
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
		return "time passes", g.pass(time.Second)
	case k < 97:
		p.known = knowledge[g.IntN(len(knowledge))]
		return "other names known", nil
	case k < 98 && g.Shared:
		return "others join", g.join()
	case k < 99 && g.Shared:
		return "nobody beats", g.pass(2 * g.ttl())
	default:
		return p.name + " ends", g.leave(p)
	}
}

// pass lets time pass, and renews the leases that have not ended with that.
func (g *game) pass(d time.Duration) error {
	if g.RealLease > 0 {
		return nil
	}
	g.env.pass(d)
	g.model.now = g.clock.Now()
	g.drop()
	var err error
	for _, p := range g.players {
		err = errors.Join(err, g.model.register(p.name, p.ttl, p.Heartbeat(g.ctx, p.name, p.ttl)))
	}
	return err
}

// leave ends a player, with Close or without. What it holds is given back if its
// lease does not end within the game, unless it resigns.
func (g *game) leave(p *player) error {
	if !g.Shared && !g.Durable {
		return nil
	}
	if g.IntN(2) == 0 && p.resign(p.name) {
		g.model.node(p.name).dead = true
	} else if g.RealLease > 0 {
		var held []job.Run
		for _, r := range g.model.runs {
			if r.node == g.model.node(p.name) && !r.over {
				held = append(held, r.Run)
			}
		}
		done := dones(job.Released, held...)
		got, err := p.Finish(g.ctx, p.name, done)
		if err := errors.Join(err, g.model.finish(p.name, done, got)); err != nil {
			return err
		}
	}
	if !g.Shared || g.IntN(2) == 0 {
		g.must("Close", p.close())
	}
	g.players = slices.DeleteFunc(g.players, func(o *player) bool { return o == p })
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
	ids := []string{g.id(), g.id(), g.id()}[:g.IntN(4)]
	if g.IntN(8) == 0 {
		return g.model.deleteAll(p.session.deleteAll())
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
	if g.IntN(2) == 0 {
		c.Done = slices.DeleteFunc(g.done(), func(d stores.Done) bool { return g.model.repeats(c, d.RunID) })
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
		step.First = next.Add(-time.Duration(dice.IntN(2)) * time.Second)
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
		if !g.Shared {
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
	done := g.done()
	got, err := p.Finish(g.ctx, name, done)
	if err != nil {
		return err
	}
	g.model.runs = slices.DeleteFunc(g.model.runs, func(r *modelRun) bool { return r.over && g.IntN(30) == 0 })
	return g.model.finish(name, done, got)
}

// done are ends of some of the runs, also of those that have ended before.
func (g *game) done() (done []stores.Done) {
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
		g.tell(&d)
		done = append(done, d)
	}
	return done
}

// compare compares all jobs, page by page.
func (g *game) compare() error {
	if err := g.fill(); err != nil {
		return err
	}
	text, after, limit := "", "", 1+g.IntN(9)
	for range 100 {
		jobs := g.player().list(after, limit)
		for i := range jobs {
			text += modelLine(&jobs[i])
		}
		if len(jobs) < limit {
			return errors.Join(want("jobs", g.model.list(), text), g.remember())
		}
		after = jobs[len(jobs)-1].ID
	}
	return errors.New("List does not come to an end")
}

// tell says when a run was executed, and what went wrong.
func (g *game) tell(d *stores.Done) {
	if d.Outcome == job.Executed || d.Outcome == job.Failed {
		d.Started = at(float64(g.second) + float64(g.IntN(1000))/1e6)
		d.Finished = d.Started.Add(time.Duration(g.IntN(1e6)) * time.Microsecond)
	}
	if d.Outcome != job.Executed {
		d.Err = fmt.Sprintf("fault %d\n\twäre \"%c\"", g.IntN(1000), rune(0x20+g.IntN(0x2000)))
	}
}

// remember compares what has been recorded since the last time, and the answer
// to a random query.
func (g *game) remember() error {
	if !g.History {
		return nil
	}
	h, s := &g.model.memory, g.player()
	if err := h.see(s.history(stores.HistoryQuery{Limit: len(h.pending) + 5})); err != nil {
		return err
	}
	q := stores.HistoryQuery{Limit: 1 + g.IntN(20)}
	if g.IntN(2) == 0 {
		q.JobID = g.id()
	}
	if g.IntN(2) == 0 {
		q.From = at(float64(g.second - g.IntN(20)))
	}
	if g.IntN(2) == 0 {
		q.To = at(float64(g.second - g.IntN(20)))
	}
	for range g.IntN(3) {
		q.Outcomes = append(q.Outcomes, job.Outcome(1+g.IntN(int(job.Removed))))
	}
	if g.IntN(3) == 0 && len(h.seen) > 0 {
		q.Before = h.seen[g.IntN(len(h.seen))].Seq
	}
	return h.ask(&q, s.history(q))
}
