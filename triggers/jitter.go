package triggers

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"time"

	"github.com/carillon-go/carillon/internal/canonical"
)

// Jitter delays each time of another trigger a little, so that jobs which are
// due at the same time do not all start at once.
//
// The delays only look random: each one follows from the job (see
// [Binding.Seed]) and the time that is delayed. So they are the same after a
// restart and in every process that shares a store, and different for each
// job. A delay is shorter than the time to the trigger's next run: the order is
// kept, and no run is lost or doubled. It is a whole number of microseconds.
//
// APScheduler: the jitter argument of its triggers, which draws a random
// number whenever it is asked, and may delay a run past the next one.
type Jitter struct {
	trigger Trigger
	max     time.Duration
	seed    uint64 // 0: not bound
}

// NewJitter returns a trigger with the times of t, each one delayed by 0 or
// more and less than max. What bounds t, such as Options.End, is the time
// before it is delayed.
//
// Errors: t is nil, max is not positive, or t has more than three jitters inside one
// another, each of which makes it some four times as slow.
func NewJitter(t Trigger, max time.Duration) (*Jitter, error) {
	switch {
	case IsNil(t):
		return nil, &Error{Field: "Jitter trigger", Pos: -1, Reason: "is nil; give the trigger whose times are to be delayed"}
	case max <= 0:
		return nil, &Error{Field: "Jitter max", Expr: max.String(), Pos: -1, Reason: "is not positive; give the bound of the delay, or use the trigger without jitter"}
	case jitters(t) > maxInside:
		return nil, &Error{Field: "Jitter trigger", Pos: -1, Reason: fmt.Sprintf("has more than %d jitters inside one another; leave some out", maxInside)}
	}
	return &Jitter{trigger: t, max: max}, nil
}

const maxInside = 3

// jitters returns how many there are inside one another.
func jitters(t Trigger) (most int) {
	switch t := t.(type) {
	case *Jitter:
		return 1 + jitters(t.trigger)
	case *Except:
		return jitters(t.trigger)
	case *And:
		for _, child := range t.children {
			most = max(most, jitters(child))
		}
	case *Or:
		for _, child := range t.children {
			most = max(most, jitters(child))
		}
	}
	return most
}

// Bind binds the trigger that is delayed, and fills in the seed.
func (j *Jitter) Bind(b Binding) Trigger {
	if r, ok := b.Replaced.(*Jitter); ok {
		b.Replaced = r.trigger
	}
	bound := &Jitter{Bind(j.trigger, b), j.max, j.seed}
	if bound.seed == 0 {
		bound.seed = b.Seed
	}
	return bound
}

// Next returns the first delayed time that is after prev and not before now.
func (j *Jitter) Next(prev, now time.Time) (time.Time, bool) {
	next, ok := j.trigger.Next(prev, now)
	x := soonest(prev, now)
	if late := ok && next.Before(x); !late {
		if waiting, some := j.waiting(x); some {
			return waiting, true
		}
	}
	if !ok {
		return time.Time{}, false
	}
	return j.delayed(next), true
}

// waiting returns the delayed time, not before x, of a run that was due before
// x. It can only be the last of these: no delay is longer than up to the next.
func (j *Jitter) waiting(x time.Time) (time.Time, bool) {
	first, ok := notBefore(j.trigger, x.Add(-j.max))
	if !ok {
		return time.Time{}, false
	}
	last, ok := Latest(j.trigger, first, x.Add(-1))
	if !ok {
		return time.Time{}, false
	}
	t := j.delayed(last)
	return t, !t.Before(x)
}

// delayed returns a time of the trigger with its delay.
func (j *Jitter) delayed(t time.Time) time.Time {
	limit := j.max
	if next, ok := j.trigger.Next(t, t); ok {
		limit = min(limit, next.Sub(t))
	}
	micros, _ := bits.Mul64(mix(j.seed^mix(uint64(t.Unix())^uint64(t.Nanosecond())<<34)), uint64(limit.Microseconds()))
	return t.Add(time.Duration(micros) * time.Microsecond)
}

// mix is the finalizer of the splitmix64 generator: it turns numbers that
// differ in one bit into numbers that differ in half of them.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// String returns for instance "jitter(interval(1h0m0s), 30s)".
func (j *Jitter) String() string { return fmt.Sprintf("jitter(%v, %s)", j.trigger, j.max) }

// Kind returns "jitter".
func (*Jitter) Kind() string { return "jitter" }

type jitterJSON struct {
	Kind    string          `json:"kind"`
	Max     string          `json:"max"`                   // as time.Duration writes it
	Seed    *uint64         `json:"seed,string,omitempty"` // see seedText
	Trigger json.RawMessage `json:"trigger"`
}

// MarshalJSON returns the persistent form. It fails if the trigger that is
// delayed has none.
func (j *Jitter) MarshalJSON() ([]byte, error) {
	data, err := Encode(j.trigger)
	if err != nil {
		return nil, err
	}
	form := jitterJSON{Kind: j.Kind(), Max: j.max.String(), Trigger: data}
	if j.seed != 0 {
		form.Seed = &j.seed
	}
	return canonical.Marshal(&form)
}

// Members lists what jitterJSON has.
func (form *jitterJSON) Members(o canonical.Object) {
	o.Text("kind", &form.Kind, canonical.Always)
	o.Text("max", &form.Max, canonical.Always)
	o.Value("seed", seedText{&form.Seed})
	o.Raw("trigger", &form.Trigger, canonical.Always)
}

func (form *jitterJSON) trigger(kinds Kinds) (Trigger, error) {
	max, err := time.ParseDuration(form.Max)
	if err != nil {
		return nil, &Error{Field: "max", Expr: form.Max, Pos: -1, Reason: "is not a duration; write it like 1m30s"}
	}
	inner, err := kinds.decode(form.Trigger)
	if err != nil {
		return nil, err
	}
	j, err := NewJitter(inner, max)
	if err != nil {
		return nil, err
	}
	if form.Seed != nil {
		j.seed = *form.Seed
	}
	return j, nil
}
