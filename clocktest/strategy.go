package clocktest

import "math/rand/v2"

// Strategy says how a simulation chooses among steps that could be made at
// the same time.
type Strategy func(chance *rand.Rand) chooser

// chooser chooses one of the tasks that are ready, of which there are two or
// more.
type chooser func(ready []readyTask) int

// RandomWalk takes any of them, each as likely as the other.
func RandomWalk(chance *rand.Rand) chooser {
	return func(ready []readyTask) int { return chance.IntN(len(ready)) }
}

// PCT gives each actor a priority, always takes the one with the highest, and
// gives the one that is taken the lowest at depth-1 moments among the first
// steps. It reaches orders that a random walk is unlikely to: that one actor
// is idle while another one does a lot. A bug that needs depth such orders is
// found with a probability of at least 1/(actors * steps^(depth-1)). (Burckhardt
// et al., "A randomized scheduler with probabilistic guarantees of finding
// bugs", ASPLOS 2010.)
func PCT(depth, steps int) Strategy {
	return func(chance *rand.Rand) chooser {
		p := &priorities{chance: chance, of: make(map[string]int), drops: make(map[int]int)}
		for i := range depth - 1 {
			p.drops[chance.IntN(max(steps, 1))] = -1 - i
		}
		return p.choose
	}
}

type priorities struct {
	chance *rand.Rand
	of     map[string]int
	drops  map[int]int // what becomes of the priority of the task taken then
	taken  int
}

func (p *priorities) choose(ready []readyTask) int {
	best := 0
	for i := range ready {
		if p.priority(ready[i]) > p.priority(ready[best]) {
			best = i
		}
	}
	if drop, now := p.drops[p.taken]; now {
		p.of[ready[best].name()] = drop
	}
	p.taken++
	return best
}

func (p *priorities) priority(t readyTask) int {
	name := t.name()
	priority, known := p.of[name]
	if !known {
		priority = p.chance.IntN(1 << 30)
		p.of[name] = priority
	}
	return priority
}
