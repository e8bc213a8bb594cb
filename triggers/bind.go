package triggers

import (
	"bytes"
	"time"
)

// Binding is what a trigger takes from the scheduler and the job that it is
// added to, where it leaves it open.
type Binding struct {
	Location *time.Location // for triggers without one
	Now      time.Time      // from which triggers without a start count
	Seed     uint64         // derived from the job's ID: for jitter and for H in a crontab

	// Replaced is the trigger of the job that is replaced, if any. A trigger
	// without a start that is otherwise the same goes on counting from that one's.
	Replaced Trigger
}

// Binder is implemented by triggers that leave something open. Bind returns
// the trigger with it filled in; the receiver is not changed. To bind a bound
// trigger changes nothing, except that it may take over the start of the one
// that it replaces.
type Binder interface {
	Trigger
	Bind(Binding) Trigger
}

// Bind returns t with everything filled in that it leaves open. The scheduler
// does it once, when a job is added, and stores the result.
func Bind(t Trigger, b Binding) Trigger {
	if open, ok := t.(Binder); ok {
		return open.Bind(b)
	}
	return t
}

// Equal reports whether two triggers have the same persistent form. Those that
// have none are equal to nothing.
func Equal(a, b Trigger) bool {
	x, err := Encode(a)
	if err != nil {
		return false
	}
	y, err := Encode(b)
	return err == nil && bytes.Equal(x, y)
}
