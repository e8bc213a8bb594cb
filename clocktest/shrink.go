package clocktest

import (
	"cmp"
	"maps"
	"slices"
)

// replays bounds how often a failure is replayed to find the faults that it
// needs.
const replays = 2000

// orders is in how many orders of steps a set of faults is tried. Leaving out a
// fault moves everything that comes after it, and what needs a certain order
// then needs that luck again.
const orders = 30

// shrink finds few of the faults of a failed simulation with which it still
// fails, and a configuration that shows it: it leaves out one site after the
// other, and then ever smaller parts of the rest. (Zeller and Hildebrandt,
// "Simplifying and isolating failure-inducing input", 2002.)
func (s *sweep) shrink(failed outcome) (Config, []Fault) {
	c := s.config
	c.Seed, c.only = failed.seed, set(failed.faults)
	faults, parts, left := failed.faults, 2, replays
	fails := func(faults []Fault) bool {
		again := c
		again.only = set(faults)
		for range orders {
			if left--; left < 0 {
				return false
			}
			if s.once(again).failure != "" {
				c = again
				return true
			}
			again.order++
		}
		return false
	}
	if fails(nil) {
		return c, nil
	}
	for _, site := range sites(faults) {
		rest := slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool { return f.Site == site })
		if len(rest) > 0 && fails(rest) {
			faults = rest
		}
	}
	for len(faults) > 1 && left > 0 {
		smaller := without(faults, parts, fails)
		switch {
		case smaller != nil:
			faults, parts = smaller, max(parts-1, 2)
		case parts < len(faults):
			parts = min(2*parts, len(faults))
		default:
			return c, faults
		}
	}
	return c, faults
}

// sites returns the sites at which the faults have struck, the busiest first.
func sites(faults []Fault) []Site {
	count := make(map[Site]int)
	for _, f := range faults {
		count[f.Site]++
	}
	return slices.SortedFunc(maps.Keys(count), func(a, b Site) int {
		return cmp.Or(count[b]-count[a], cmp.Compare(a, b))
	})
}

// without leaves out one of the parts such that the rest fails; nil: none.
func without(faults []Fault, parts int, fails func([]Fault) bool) []Fault {
	for i := range parts {
		from, to := i*len(faults)/parts, (i+1)*len(faults)/parts
		rest := append(append([]Fault(nil), faults[:from]...), faults[to:]...)
		if fails(rest) {
			return rest
		}
	}
	return nil
}

func set(faults []Fault) map[Fault]bool {
	m := make(map[Fault]bool, len(faults))
	for _, f := range faults {
		m[f] = true
	}
	return m
}
