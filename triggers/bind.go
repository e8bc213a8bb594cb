package triggers

import "time"

// Binding is what a trigger takes from the scheduler and the job that it is
// added to, where it leaves it open.
type Binding struct {
	Location *time.Location // for triggers without one
	Now      time.Time      // from which triggers without a start count
	Seed     uint64         // derived from the job's ID: for jitter and for H in a crontab
}

// Binder is implemented by triggers that leave something open. Bind returns
// the trigger with it filled in; the receiver is not changed. To bind a bound
// trigger changes nothing.
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
