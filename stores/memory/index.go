package memory

import "hash/maphash"

// index finds records by ID: a hash table with linear probing. Nothing is removed
// from it by itself, which would be to wait for memory, longer than for anything
// else that a job costs which runs once. Records that were given back are swept out
// together, place by place.
type index struct {
	seed    maphash.Seed
	places  []place // a power of two, at most 4/5 of them taken
	records *slabs
	taken   int // by records that were given back, too
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
			if r := x.records.of(p.ref); r.id == id && !r.forgotten() {
				return r
			}
		}
	}
	return nil
}

// put adds r, whose ID is new.
func (x *index) put(r *record) {
	x.reserve(1)
	hash := x.hash(r.id)
	x.places[x.free(hash)] = place{hash, r.ref}
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

// littered reports whether it is time to sweep: many records were given back, or
// few are left in much room.
func (x *index) littered() bool {
	dead, places := x.records.dying, len(x.places)
	return dead > max(minPlaces, places/8) || places > minPlaces && x.taken-dead < places/64
}

// sweep drops the records that were given back, whose places may be taken again
// then. Each of the others moves up as far as it can: those before it have.
func (x *index) sweep() {
	first := 0
	for len(x.places) > 0 && x.places[first].hash != 0 {
		first++
	}
	for n := range x.places {
		i := (first + n) & (len(x.places) - 1)
		p := x.places[i]
		if p.hash == 0 {
			continue
		}
		x.places[i] = place{}
		if x.records.isDead(p.ref) {
			x.taken--
		} else {
			x.places[x.free(p.hash)] = p
		}
	}
	if x.taken < len(x.places)/16 && len(x.places) > minPlaces {
		x.resize(x.fit(2 * x.taken))
	}
	x.records.bury()
}

// reserve makes room for n more records.
func (x *index) reserve(n int) {
	if places := x.fit(x.taken + n); places > len(x.places) {
		x.resize(places)
	}
}

// fit returns how many places n records need.
func (x *index) fit(n int) int {
	places := minPlaces
	for 4*places < 5*n {
		places *= 2
	}
	return places
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

func (x *index) home(hash uint32) int { return int(hash) & (len(x.places) - 1) }
func (x *index) after(i int) int      { return (i + 1) & (len(x.places) - 1) }
