package memory

import "hash/maphash"

// index finds records by ID: a hash table with linear probing. Records remember
// their hashes, so that removal reads no ID. In a map, the waits for memory of
// a removal were a third of what a job that runs once costs.
type index struct {
	seed    maphash.Seed
	places  []place // a power of two, at most half of them taken
	records *slabs
	taken   int
	warmed  uint32 // means nothing: what is read has to be used
}

// place is where a record is in the index.
type place struct {
	hash uint32 // 0: the place is free
	ref  ref
}

const minPlaces = 64

// find returns the record of this ID, or nil.
func (x *index) find(id string) *record {
	if x.taken == 0 {
		return nil
	}
	hash := x.hash(id)
	for i := x.home(hash); x.places[i].hash != 0; i = x.after(i) {
		if p := x.places[i]; p.hash == hash {
			if r := x.records.of(p.ref); r.id == id {
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
	x.places[x.free(r.hash)] = place{r.hash, r.ref}
	x.taken++
}

// free returns the first free place for a hash.
func (x *index) free(hash uint32) int {
	i := x.home(hash)
	for x.places[i].hash != 0 {
		i = x.after(i)
	}
	return i
}

// remove takes out r, which is there, and moves up those behind it that would
// not be found any more.
func (x *index) remove(r *record) {
	gap := x.home(r.hash)
	for x.places[gap] != (place{r.hash, r.ref}) {
		gap = x.after(gap)
	}
	for i := x.after(gap); x.places[i].hash != 0; i = x.after(i) {
		if x.distance(x.home(x.places[i].hash), i) >= x.distance(gap, i) {
			x.places[gap] = x.places[i]
			gap = i
		}
	}
	x.places[gap] = place{}
	if x.taken--; x.taken < len(x.places)/16 && len(x.places) > minPlaces {
		x.resize(len(x.places) / 4)
	}
}

// warm reads what the removal of r is going to change.
func (x *index) warm(r *record) {
	x.warmed += x.places[x.home(r.hash)].hash + uint32(len(r.id))
}

// reserve makes room for n more records.
func (x *index) reserve(n int) {
	places := max(minPlaces, len(x.places))
	for 2*(x.taken+n) > places {
		places *= 2
	}
	if places != len(x.places) {
		x.resize(places)
	}
}

func (x *index) resize(places int) {
	old := x.places
	if old == nil {
		x.seed = maphash.MakeSeed()
	}
	x.places = make([]place, places)
	for _, p := range old {
		if p.hash != 0 {
			x.places[x.free(p.hash)] = p
		}
	}
}

// hash is never 0.
func (x *index) hash(id string) uint32 { return uint32(maphash.String(x.seed, id)) | 1<<31 }

func (x *index) home(hash uint32) int      { return int(hash) & (len(x.places) - 1) }
func (x *index) after(i int) int           { return (i + 1) & (len(x.places) - 1) }
func (x *index) distance(from, to int) int { return (to - from) & (len(x.places) - 1) }
