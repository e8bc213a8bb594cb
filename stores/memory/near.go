package memory

import (
	"cmp"
	"slices"
	"strings"
)

// near is the slots that come next, in order. There are few of them as a rule, so
// that to move those behind a new one is soon done.
type near struct {
	slots   []slot // gone up to first
	first   int
	records *slabs
}

// few is how many slots are brought near at a time, at the most, unless they are
// equal.
const few = 256

func (n *near) all() []slot { return n.slots[n.first:] }

func (n *near) len() int { return len(n.slots) - n.first }

func (n *near) compare(a, b slot) int {
	if a.key != b.key {
		return cmp.Compare(a.key, b.key)
	}
	if a.rank != b.rank {
		return cmp.Compare(a.rank, b.rank)
	}
	return strings.Compare(n.records.of(a.ref).id, n.records.of(b.ref).id)
}

// push adds a slot at its place. It moves those before it or those behind it,
// whichever are fewer.
func (n *near) push(s slot) {
	before, _ := slices.BinarySearchFunc(n.all(), s, n.compare)
	if n.first > 0 && before < n.len()/2 {
		n.first--
		copy(n.all(), n.all()[1:1+before])
		n.all()[before] = s
		return
	}
	n.slots = slices.Insert(n.slots, n.first+before, s)
}

// bring takes over the first slots of f, which come behind all others.
func (n *near) bring(f *far) {
	before := len(n.slots)
	f.bring(few, func(s *slot) { n.slots = append(n.slots, *s) })
	slices.SortFunc(n.slots[before:], n.compare)
}

// pop drops the first slot.
func (n *near) pop() {
	n.first++
	if n.first > len(n.slots)/2 {
		n.tidy()
	}
}

func (n *near) tidy() {
	n.slots = append(n.slots[:0], n.all()...)
	n.first = 0
}

// filter drops the slots that are not to be kept.
func (n *near) filter(keep func(*slot) bool) {
	kept := n.slots[:0]
	for _, s := range n.all() {
		if keep(&s) {
			kept = append(kept, s)
		}
	}
	n.slots, n.first = kept, 0
}
