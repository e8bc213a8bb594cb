package memory

import "hash/maphash"

// index finds records by ID: a hash table with linear probing. Records remember
// their hashes, so that removal reads no ID. In a map, the waits for memory of
// a removal were a third of what a job that runs once costs.
type index struct {
	seed    maphash.Seed
	hashes  []uint32 // of the records at the same places; 0: free
	refs    []ref    // a power of two of places, at most 4/5 of them taken
	records *slabs
	taken   int
	warmed  uint32 // means nothing: what is read has to be used
}

const minPlaces = 64

// find returns the record of this ID, or nil.
func (x *index) find(id string) *record {
	if x.taken == 0 {
		return nil
	}
	hash := x.hash(id)
	for i := x.home(hash); x.hashes[i] != 0; i = x.after(i) {
		if x.hashes[i] == hash {
			if r := x.records.of(x.refs[i]); r.id == id {
				return r
			}
		}
	}
	return nil
}

// put adds r, whose ID is new.
func (x *index) put(r *record) {
	x.reserve(1)
	r.hash = x.hash(r.id)
	i := x.home(r.hash)
	for x.hashes[i] != 0 {
		i = x.after(i)
	}
	x.hashes[i], x.refs[i] = r.hash, r.ref
	x.taken++
}

// remove takes out r, which is there, and moves up those behind it that would
// not be found any more.
func (x *index) remove(r *record) {
	free := x.home(r.hash)
	for x.hashes[free] == 0 || x.refs[free] != r.ref {
		free = x.after(free)
	}
	for i := x.after(free); x.hashes[i] != 0; i = x.after(i) {
		if x.distance(x.home(x.hashes[i]), i) >= x.distance(free, i) {
			x.hashes[free], x.refs[free] = x.hashes[i], x.refs[i]
			free = i
		}
	}
	x.hashes[free] = 0
	if x.taken--; x.taken < len(x.hashes)/16 && len(x.hashes) > minPlaces {
		x.resize(len(x.hashes) / 4)
	}
}

// warm reads what the removal of r is going to change.
func (x *index) warm(r *record) {
	i := x.home(r.hash)
	if x.refs[i] == r.ref {
		x.warmed += x.hashes[i] + uint32(len(r.id))
	}
}

// reserve makes room for n more records.
func (x *index) reserve(n int) {
	places := max(minPlaces, len(x.hashes))
	for 5*(x.taken+n) > 4*places {
		places *= 2
	}
	if places != len(x.hashes) {
		x.resize(places)
	}
}

func (x *index) resize(places int) {
	old := *x
	if old.hashes == nil {
		x.seed = maphash.MakeSeed()
	}
	x.hashes, x.refs = make([]uint32, places), make([]ref, places)
	for i, hash := range old.hashes {
		if hash == 0 {
			continue
		}
		free := x.home(hash)
		for x.hashes[free] != 0 {
			free = x.after(free)
		}
		x.hashes[free], x.refs[free] = hash, old.refs[i]
	}
}

// hash is never 0.
func (x *index) hash(id string) uint32 { return uint32(maphash.String(x.seed, id)) | 1<<31 }

func (x *index) home(hash uint32) int      { return int(hash) & (len(x.hashes) - 1) }
func (x *index) after(i int) int           { return (i + 1) & (len(x.hashes) - 1) }
func (x *index) distance(from, to int) int { return (to - from) & (len(x.hashes) - 1) }
