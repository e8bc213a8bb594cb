package memory

import (
	"math"
	"math/bits"
)

// far holds the slots behind an edge, sorted as far as is needed to find the first
// ones. It looks at their key and rank as numbers of sixteen digits, of a byte
// each. A slot's level is the highest digit in which it differs from the edge, its
// bucket what it has there. So every slot of a level comes before those of a
// higher one, and so do the buckets of a level; within a bucket there is no order.
//
// When the first bucket is needed the edge moves up to it, and its slots have
// levels below. That happens to a slot a few times, and what it touches lies
// together, while a heap of many slots waits for memory at every step.
type far struct {
	edge   slot // without a record
	levels [16]*level
	used   uint16 // a bit for each level that is not empty
	count  int
	spare  *chunk
	spares int
}

type level struct {
	used    [4]uint64 // a bit for each bucket that is not empty
	buckets [256]*chunk
}

// chunk is a part of a bucket, of 256 bytes.
type chunk struct {
	next  *chunk
	n     int
	slots [10]slot
}

// maxSpares is how many chunks are kept for later.
const maxSpares = 256

// put adds s, unless it is not behind the edge.
func (f *far) put(s *slot) bool {
	l, bucket, behind := f.place(s)
	if behind {
		f.add(l, bucket, s)
	}
	return behind
}

func (f *far) place(s *slot) (l int, bucket byte, behind bool) {
	if s.key != f.edge.key {
		l = 8 + highest(uint64(s.key^f.edge.key))
		return l, digit(s, l), s.key > f.edge.key
	}
	if s.rank <= f.edge.rank {
		return 0, 0, false
	}
	l = highest(s.rank ^ f.edge.rank)
	return l, digit(s, l), true
}

// highest returns the number of the highest byte of x that is not 0.
func highest(x uint64) int { return (63 - bits.LeadingZeros64(x)) / 8 }

func digit(s *slot, l int) byte {
	if l < 8 {
		return byte(s.rank >> (8 * l))
	}
	return byte((uint64(s.key) ^ 1<<63) >> (8 * (l - 8)))
}

func (f *far) add(l int, bucket byte, s *slot) {
	if f.levels[l] == nil {
		f.levels[l] = new(level)
	}
	list := &f.levels[l].buckets[bucket]
	if *list == nil {
		f.levels[l].used[bucket/64] |= 1 << (bucket % 64)
		f.used |= 1 << l
	}
	if *list == nil || (*list).n == len((*list).slots) {
		*list = f.chunk(*list)
	}
	(*list).slots[(*list).n] = *s
	(*list).n++
	f.count++
}

func (f *far) chunk(next *chunk) *chunk {
	c := f.spare
	if c == nil {
		return &chunk{next: next}
	}
	f.spare, c.next = c.next, next
	f.spares--
	return c
}

// drain empties a list of chunks that was taken out.
func (f *far) drain(list *chunk, each func(*slot)) {
	for list != nil {
		c := list
		for i := range c.slots[:c.n] {
			each(&c.slots[i])
		}
		list = c.next
		if f.spares < maxSpares {
			*c = chunk{next: f.spare}
			f.spare = c
			f.spares++
		}
	}
}

// first returns the level and the bucket of the first slots. There must be some.
func (f *far) first() (l int, bucket byte) {
	l = bits.TrailingZeros16(f.used)
	for i, word := range f.levels[l].used {
		if word != 0 {
			return l, byte(64*i + bits.TrailingZeros64(word))
		}
	}
	panic("memory: a level is empty that counts as used")
}

// take takes out a bucket.
func (f *far) take(l int, bucket byte) *chunk {
	v := f.levels[l]
	list := v.buckets[bucket]
	v.buckets[bucket] = nil
	v.used[bucket/64] &^= 1 << (bucket % 64)
	if v.used == [4]uint64{} {
		f.used &^= 1 << l
	}
	for c := list; c != nil; c = c.next {
		f.count -= c.n
	}
	return list
}

// endOf returns the last slot that there may be in a bucket which has s.
func endOf(l int, s slot) slot {
	if l < 8 {
		s.rank |= 1<<(8*l) - 1
	} else {
		s.key |= 1<<(8*(l-8)) - 1
		s.rank = math.MaxUint64
	}
	return slot{key: s.key, rank: s.rank}
}

// bring moves the edge forward, and hands over the slots that are not behind it
// any more: those of the first bucket if they are few, at least the first slot
// otherwise.
func (f *far) bring(few int, hand func(*slot)) {
	l, bucket := f.first()
	before := f.count
	list := f.take(l, bucket)
	if l == 0 || before-f.count <= few {
		f.edge = endOf(l, list.slots[0])
		f.drain(list, hand)
		return
	}
	first := list.slots[0]
	for c := list; c != nil; c = c.next {
		for i := range c.slots[:c.n] {
			if s := &c.slots[i]; s.key < first.key || s.key == first.key && s.rank < first.rank {
				first = *s
			}
		}
	}
	f.edge = slot{key: first.key, rank: first.rank}
	f.drain(list, func(s *slot) {
		if !f.put(s) {
			hand(s)
		}
	})
}

// lists calls do with each bucket, in their order, until it returns false. It may
// take the bucket out and fill it again.
func (f *far) lists(do func(l int, bucket byte, list *chunk) (more bool)) {
	for l, v := range f.levels {
		if f.used&(1<<l) == 0 {
			continue
		}
		for bucket, list := range &v.buckets {
			if list != nil && !do(l, byte(bucket), list) {
				return
			}
		}
	}
}
