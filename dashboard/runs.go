package dashboard

import (
	"context"

	"github.com/carillon-go/carillon"
)

// runsPage lists the runs that are under way.
type runsPage struct {
	frame
	Count int      `json:"count"`
	Runs  []active `json:"runs"` // those that were submitted first
}

// active is a run that is under way.
type active struct {
	Job       string `json:"job"`
	Name      string `json:"name"`
	Store     string `json:"store"`
	Executor  string `json:"executor"`
	Scheduled moment `json:"scheduled"`
	Attempt   int    `json:"attempt"`
	Submitted moment `json:"submitted"`
	Started   moment `json:"started,omitzero"` // absent: it waits for its turn
}

const runsShown = 500

func (v *visit) runs() any {
	all := v.active()
	p := runsPage{Count: len(all), Runs: all[:min(len(all), runsShown)]}
	p.frame = v.frame
	return p
}

func (v *visit) active() []active {
	var runs []carillon.ActiveRun
	err := v.read("", func(ctx context.Context) (err error) {
		runs, err = v.s.Runs(ctx)
		return err
	})
	v.note("", "runs under way", err)
	list := make([]active, len(runs))
	for i, a := range runs {
		list[i] = active{
			Job:       a.Run.JobID,
			Name:      a.Run.Name,
			Store:     a.Run.Store,
			Executor:  a.Run.Executor,
			Scheduled: v.moment(a.Run.Scheduled),
			Attempt:   a.Run.Attempt,
			Submitted: v.moment(a.Submitted),
			Started:   v.moment(a.Started),
		}
	}
	return list
}

// executorsOf counts what executors have to do.
func executorsOf(aliases []string, runs []active) []executor {
	list := make([]executor, len(aliases))
	for i, alias := range aliases {
		list[i].Alias = alias
		for _, r := range runs {
			switch {
			case r.Executor != alias:
			case r.Started.IsZero():
				list[i].Waiting++
			default:
				list[i].Running++
			}
		}
	}
	return list
}
