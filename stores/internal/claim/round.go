package claim

import "time"

// Strangers is how many due jobs of tasks, executors and triggers that are not
// known are met in one claim, besides those that have become due since the last
// one.
const Strangers = 32

// round is how a process looks at the due jobs that it does not know. However
// many there are, a claim looks at those that have become due since the last
// one, and at some of the others: they may have been put since, or moved to
// before it. After the last of them it begins with the first.
type round struct {
	front  time.Time // of the last claim; zero: there was none
	behind Job       // the last one of the others that was looked at
}

// Front returns the time of the last claim: strangers that are due since are all
// to be met. It is zero if there was none.
func (d *Decision) Front() time.Time { return d.round.front }

// Behind returns the stranger behind which the look at the others goes on, by
// next run time and ID; none has the ID "".
func (d *Decision) Behind() (time.Time, string) { return d.round.behind.Next, d.round.behind.ID }

// Meet tells of strangers, if they are news. It is given those that Front and
// Behind ask for, Strangers of the latter at the most, in order.
func (d *Decision) Meet(strangers []Job) {
	r := &d.round
	others, stuck := 0, d.stuck
	for i := range strangers {
		j := &strangers[i]
		d.Admits(j)
		if !j.Next.After(r.front) {
			others++
			r.behind = Job{ID: j.ID, Next: j.Next}
		}
	}
	if d.allMet = others < Strangers; d.allMet {
		r.behind = Job{}
	}
	d.stuck, d.complete, r.front = stuck, true, d.Now
}
