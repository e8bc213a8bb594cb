package clocktest

import "slices"

// sleepers are the coroutines that sleep: each until its timer is due or its
// context ends. Thousands may sleep at a time. Since most of them have the end of
// their context in common, that is looked for once for all of these.
type sleepers struct {
	rooms []*room
	of    map[<-chan struct{}]*room
}

// room is where those sleep that the end of the same context wakes.
type room struct {
	done  <-chan struct{}
	place int // in rooms
	all   []*coroutine
}

// bed is where a coroutine sleeps. The zero bed is none.
type bed struct {
	room  *room
	place int // in all
}

func (s *sleepers) add(c *coroutine, done <-chan struct{}) {
	r := s.of[done]
	if r == nil {
		r = &room{done: done, place: len(s.rooms)}
		s.rooms = append(s.rooms, r)
		if s.of == nil {
			s.of = make(map[<-chan struct{}]*room)
		}
		s.of[done] = r
	}
	c.bed = bed{r, len(r.all)}
	r.all = append(r.all, c)
}

// wake has a coroutine go on, unless it is awake.
func (s *sleepers) wake(c *coroutine) {
	r := c.bed.room
	if r == nil {
		return
	}
	r.all[len(r.all)-1].bed.place = c.bed.place
	r.all = swapOut(r.all, c.bed.place)
	c.bed = bed{}
	if len(r.all) == 0 {
		s.close(r)
	}
	c.node.Ready(c.task)
}

func (s *sleepers) close(r *room) {
	s.rooms[len(s.rooms)-1].place = r.place
	s.rooms = swapOut(s.rooms, r.place)
	delete(s.of, r.done)
}

// wakeEnded wakes all whose context has ended.
func (s *sleepers) wakeEnded() (some bool) {
	for _, r := range slices.Backward(s.rooms) {
		select {
		case <-r.done:
			for len(r.all) > 0 {
				s.wake(r.all[len(r.all)-1])
			}
			some = true
		default:
		}
	}
	return some
}

// swapOut takes an item out of a list, whose last one takes its place.
func swapOut[T any](list []T, i int) []T {
	last := len(list) - 1
	list[i] = list[last]
	clear(list[last:])
	return list[:last]
}
