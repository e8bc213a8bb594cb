package triggers

import "time"

// And fires at the times at which all its children fire.
//
// APScheduler: AndTrigger, which finds the first such time only.
type And struct{ children []Trigger }

// maxQuestions bounds the search for a time at which all children agree.
const maxQuestions = 100_000

// NewAnd returns a trigger that fires when all children fire at the same
// instant, to the nanosecond: Every(2*time.Hour) and Every(3*time.Hour) agree
// every six hours if they have the same start, and never if one starts a
// second later.
//
// The children are asked in turn, each for its first time that is not before
// the last answer. If they have not met after 100,000 questions they count as
// never meeting: the trigger ends. Children that fire once a day have then been
// followed for more than a century, which takes up to 50 ms.
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
	case *Except:
		return searches(t.trigger)
	}
	return false
}

// Bind binds the children.
func (a *And) Bind(b Binding) Trigger {
	var replaced []Trigger
	if r, ok := b.Replaced.(*And); ok {
		replaced = r.children
	}
	return &And{bindAll(a.children, replaced, b)}
}

// Next returns the first time, after prev and not before now, at which all
// children agree.
func (a *And) Next(prev, now time.Time) (time.Time, bool) {
	var latest time.Time
	for _, child := range a.children {
		next, ok := child.Next(prev, now)
		if !ok {
			return time.Time{}, false
		}
		if next.After(latest) {
			latest = next
		}
	}
	return a.meet(latest)
}

// meet returns the first time, not before x, at which all children agree.
func (a *And) meet(x time.Time) (time.Time, bool) {
	agreeing := 0
	for i := range maxQuestions {
		next, ok := notBefore(a.children[i%len(a.children)], x)
		if !ok || next.Before(x) {
			break
		}
		if !next.Equal(x) {
			x, agreeing = next, 0
		}
		if agreeing++; agreeing == len(a.children) {
			return x, true
		}
	}
	return time.Time{}, false
}

// String returns for instance "and(interval(2h0m0s), interval(3h0m0s))".
func (a *And) String() string { return "and(" + join(a.children) + ")" }

// Kind returns "and".
func (*And) Kind() string { return "and" }

// MarshalJSON returns the persistent form. It fails if a child has none.
func (a *And) MarshalJSON() ([]byte, error) { return encodeChildren(a.Kind(), a.children) }
