package memory

import (
	"iter"
	"math/bits"
)

// ref is the number of a record: its slab, and its place there.
type ref uint32

// slabs hold all records, and number them. To the garbage collector a slab is one
// thing to find, while its records would be many; and what refers to a record by
// its number, as the index and the slots of the due index do, it does not look at
// at all. That halves what a collection costs for each job.
//
// A record is given back when its job is gone, it has no unfinished runs and
// nothing names it any more but the index. It is dead then, until the index is
// swept. A slab without records is left to the collector; one record keeps the
// slab, as it would keep a page of Go's own allocator.
type slabs struct {
	at    []*slab     // nil: nothing is there
	free  []vacancies // of the slabs at the same places
	dead  []vacancies // to be
	dying int         // records that are dead
	open  []uint32    // slabs with vacancies, and places of none
	spare *slab       // empty; kept so that one job that comes and goes allocates nothing
}

// A slab has 57,312 bytes, which fill seven pages of Go's allocator. With smaller
// ones, their list would not stay close to the processor when there are a million
// jobs.
type slab [perSlab]record

const (
	perSlab   = 597
	placeBits = 10
)

// vacancies has a bit for each place that is free.
type vacancies [(perSlab + 63) / 64]uint64

var allVacant = func() (v vacancies) {
	for place := range ref(perSlab) {
		v.add(place)
	}
	return v
}()

func (v *vacancies) add(place ref) { v[place/64] |= 1 << (place % 64) }

func (v *vacancies) has(place ref) bool { return v[place/64]&(1<<(place%64)) != 0 }

// take takes out the first one.
func (v *vacancies) take() ref {
	for i, word := range v {
		if word != 0 {
			v[i] = word & (word - 1)
			return ref(64*i + bits.TrailingZeros64(word))
		}
	}
	panic("memory: a slab is full that counts as open")
}

// of returns a record by its number.
func (ss *slabs) of(n ref) *record { return &ss.at[n>>placeBits][n&(1<<placeBits-1)] }

// add returns a record that is zero but for its number.
func (ss *slabs) add() *record {
	if len(ss.open) == 0 {
		ss.open = append(ss.open, uint32(len(ss.at)))
		ss.at, ss.free, ss.dead = append(ss.at, nil), append(ss.free, vacancies{}), append(ss.dead, vacancies{})
	}
	last := len(ss.open) - 1
	at := ss.open[last]
	free := &ss.free[at]
	if ss.at[at] == nil {
		ss.at[at], *free = ss.fresh(), allVacant
	}
	place := free.take()
	if *free == (vacancies{}) {
		ss.open = ss.open[:last]
	}
	r := &ss.at[at][place]
	r.ref, r.place = ref(at)<<placeBits|place, paused
	return r
}

func (ss *slabs) fresh() *slab {
	s := ss.spare
	if s == nil {
		return new(slab)
	}
	ss.spare = nil
	return s
}

// unname is told that one that has named r does so no more.
func (ss *slabs) unname(r *record) {
	r.named--
	ss.giveBack(r)
}

// giveBack gives up r, unless it is needed.
func (ss *slabs) giveBack(r *record) {
	if !r.forgotten() || r.named != 0 {
		return
	}
	at, place := r.ref>>placeBits, r.ref&(1<<placeBits-1)
	*r = record{place: deleted}
	ss.dead[at].add(place)
	ss.dying++
}

// isDead reports whether the record of this number was given back.
func (ss *slabs) isDead(n ref) bool { return ss.dead[n>>placeBits].has(n & (1<<placeBits - 1)) }

// bury frees the places of the dead, which the index must not know any more.
func (ss *slabs) bury() {
	for at := range ss.dead {
		dead, free := &ss.dead[at], &ss.free[at]
		if *dead == (vacancies{}) {
			continue
		}
		if *free == (vacancies{}) {
			ss.open = append(ss.open, uint32(at))
		}
		for i := range free {
			free[i] |= dead[i]
		}
		*dead = vacancies{}
		if *free == allVacant {
			ss.spare, ss.at[at] = ss.at[at], nil
		}
	}
	ss.dying = 0
}

// all goes through the records, in no order. They may be given back meanwhile.
func (ss *slabs) all() iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for at, s := range ss.at {
			if s == nil {
				continue
			}
			for place := range ref(perSlab) {
				if there := !ss.free[at].has(place) && !ss.dead[at].has(place); there && !yield(&s[place]) {
					return
				}
			}
		}
	}
}
