package triggers

import (
	"encoding/json"
	"time"
)

// And fires at the times at which all its children fire.
//
// APScheduler: AndTrigger, which finds the first such time only.
type And struct{ children []Trigger }

// maxRounds bounds the search for a time at which all children agree. In each
// round every child is asked once, and the search moves on to the latest of
// the answers.
const maxRounds = 100_000

// NewAnd returns a trigger that fires when all children fire at the same
// instant, to the nanosecond: Every(2*time.Hour) and Every(3*time.Hour) agree
// every six hours if they have the same start, and never if one starts a
// second later.
//
// Children that do not meet within 100,000 rounds of questions, each of which
// leads to the latest of their answers, count as never meeting: the trigger
// ends. For schedules of days these are some 270 years. Such a search takes
// tens of milliseconds.
//
// Errors: there are no children, one is nil, or an And is hidden inside one of
// them, which would multiply the cost; an And that is itself a child is fine.
func NewAnd(children ...Trigger) (*And, error) {
	if err := validateChildren("And", children); err != nil {
		return nil, err
	}
	a := new(And)
	for _, child := range children {
		if inner, ok := child.(*And); ok {
			a.children = append(a.children, inner.children...)
			continue
		}
		if searches(child) {
			return nil, &Error{Field: "And", Pos: -1, Reason: "has a child with an And inside it; write And(x, Or(And(a, b), c)) as Or(And(x, a, b), And(x, c))"}
		}
		a.children = append(a.children, child)
	}
	return a, nil
}

// searches reports whether t is an And or has one inside.
func searches(t Trigger) bool {
	switch t := t.(type) {
	case *And:
		return true
	case *Or:
		for _, child := range t.children {
			if searches(child) {
				return true
			}
		}
	case *Jitter:
		return searches(t.trigger)
	}
	return false
}

// Bind binds the children.
func (a *And) Bind(b Binding) Trigger { return &And{bindAll(a.children, b)} }

// Next returns the first time, after prev and not before now, at which all
// children agree.
func (a *And) Next(prev, now time.Time) (time.Time, bool) {
	for range maxRounds {
		earliest, latest, ok := a.ask(prev, now)
		if !ok || earliest.Equal(latest) {
			return latest, ok
		}
		prev, now = latest.Add(-1), latest
	}
	return time.Time{}, false
}

// ask returns the earliest and the latest of the children's answers. It is not
// ok if one of them has ended.
func (a *And) ask(prev, now time.Time) (earliest, latest time.Time, ok bool) {
	for i, child := range a.children {
		next, ok := child.Next(prev, now)
		if !ok {
			return time.Time{}, time.Time{}, false
		}
		if i == 0 || next.Before(earliest) {
			earliest = next
		}
		if i == 0 || next.After(latest) {
			latest = next
		}
	}
	return earliest, latest, true
}

// String returns for instance "and(interval(2h0m0s), interval(3h0m0s))".
func (a *And) String() string { return "and(" + join(a.children) + ")" }

// Kind returns "and".
func (*And) Kind() string { return "and" }

// MarshalJSON returns the persistent form. It fails if a child has none.
func (a *And) MarshalJSON() ([]byte, error) { return encodeChildren(a.Kind(), a.children) }

func decodeAnd(data json.RawMessage, kinds Kinds) (Trigger, error) {
	children, err := decodeChildren(data, kinds)
	if err != nil {
		return nil, err
	}
	return NewAnd(children...)
}
