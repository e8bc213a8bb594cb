package triggers

import (
	"encoding/json"
	"slices"
	"time"
)

// Unknown stands for a stored trigger that this process cannot read. It keeps
// the JSON form as it is, so that nothing is lost when it is stored again.
//
// It never fires, which does not mean that its job has ended: a scheduler has
// to look for it before it asks for the next time.
type Unknown struct {
	kind   string
	data   json.RawMessage
	reason string
}

// Resolve returns t or, if it is an [*Unknown], what [Decode] makes of it with
// these kinds.
func Resolve(t Trigger, kinds Kinds) (Trigger, error) {
	if u, ok := t.(*Unknown); ok {
		return Decode(u.data, kinds)
	}
	return t, nil
}

// Next returns false.
func (*Unknown) Next(_, _ time.Time) (time.Time, bool) { return time.Time{}, false }

// Reason says why the trigger could not be read.
func (u *Unknown) Reason() string { return u.reason }

// String returns for instance "unknown(tides)".
func (u *Unknown) String() string { return "unknown(" + u.kind + ")" }

// Kind returns the kind that is unknown, which may be that of a trigger inside
// this one. It is "" if the JSON form names none.
func (u *Unknown) Kind() string { return u.kind }

// MarshalJSON returns the JSON form, byte for byte.
func (u *Unknown) MarshalJSON() ([]byte, error) { return slices.Clone(u.data), nil }
