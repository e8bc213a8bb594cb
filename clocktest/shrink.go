package clocktest

// replays bounds how often a failure is replayed to find the faults that it
// needs.
const replays = 300

// shrink finds few of the faults of a failed simulation with which it still
// fails: it leaves out ever smaller parts of them. (Zeller and Hildebrandt,
// "Simplifying and isolating failure-inducing input", 2002.)
func (s *sweep) shrink(failed outcome) []Fault {
	faults, parts, left := failed.faults, 2, replays
	fails := func(faults []Fault) bool {
		left--
		c := s.config
		c.Seed, c.only = failed.seed, set(faults)
		return s.once(c).failure != ""
	}
	if fails(nil) {
		return nil
	}
	for len(faults) > 1 && left > 0 {
		smaller := without(faults, parts, func(rest []Fault) bool { return left > 0 && fails(rest) })
		switch {
		case smaller != nil:
			faults, parts = smaller, max(parts-1, 2)
		case parts < len(faults):
			parts = min(2*parts, len(faults))
		default:
			return faults
		}
	}
	return faults
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
