package triggers

import (
	"slices"
	"time"
)

// Or fires at each time at which one of its children fires, once if several
// do. Each child keeps to its own schedule: no date gets lost and no interval
// is shifted because another child has fired.
//
// APScheduler: OrTrigger.
type Or struct{ children []Trigger }

// NewOr returns a trigger that fires whenever one of the children does.
//
// Errors: there are no children, or one is nil.
func NewOr(children ...Trigger) (*Or, error) {
	if err := validateChildren("Or", children); err != nil {
		return nil, err
	}
	return &Or{slices.Clone(children)}, nil
}

// Bind binds the children.
func (o *Or) Bind(b Binding) Trigger {
	var replaced []Trigger
	if r, ok := b.Replaced.(*Or); ok {
		replaced = r.children
	}
	return &Or{bindAll(o.children, replaced, b)}
}

// Next returns the earliest answer of the children. It ends when all have.
func (o *Or) Next(prev, now time.Time) (earliest time.Time, ok bool) {
	for _, child := range o.children {
		next, more := child.Next(prev, now)
		if more && (!ok || next.Before(earliest)) {
			earliest, ok = next, true
		}
	}
	return earliest, ok
}

// Latest returns the latest answer of the children.
func (o *Or) Latest(from, now time.Time) (latest time.Time, ok bool) {
	for _, child := range o.children {
		first, some := notBefore(child, from)
		if !some {
			continue
		}
		last, some := Latest(child, first, now)
		if some && (!ok || last.After(latest)) {
			latest, ok = last, true
		}
	}
	return latest, ok
}

// String returns for instance "or(interval(2h0m0s), interval(3h0m0s))".
func (o *Or) String() string { return "or(" + join(o.children) + ")" }

// Kind returns "or".
func (*Or) Kind() string { return "or" }

// MarshalJSON returns the persistent form. It fails if a child has none.
func (o *Or) MarshalJSON() ([]byte, error) { return encodeChildren(o.Kind(), o.children) }
