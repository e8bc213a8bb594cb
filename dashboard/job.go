package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
)

const (
	recentShown = 20 // records in the table of a job
	stripShown  = 60 // runs in its picture
)

// jobPage shows one job. It may be one that has ended, of which the history tells.
type jobPage struct {
	frame
	Job      *row      `json:"job,omitempty"` // nil: there is no such job now
	Settings *settings `json:"settings,omitempty"`

	// Zone is the time zone of Upcoming, and of times that are asked about.
	Zone     string     `json:"time_zone"`
	Upcoming []upcoming `json:"upcoming"`
	Runs     []active   `json:"runs"`
	Records  []record   `json:"records"` // the newest first
	Answers  []answer   `json:"explanations,omitempty"`

	ID      string `json:"-"`
	Store   string `json:"-"`
	Strip   strip  `json:"-"`
	At      string `json:"-"` // the time that is asked about, as it was given
	AtFault string `json:"-"` // why it was not understood
	Without string `json:"-"` // why there is no history
}

// settings are those of a job, as they are in force.
type settings struct {
	Args         json.RawMessage `json:"args,omitempty"`
	Coalesce     string          `json:"coalesce"`
	MisfireGrace *span           `json:"misfire_grace_seconds,omitempty"` // nil: none
	MaxInstances int             `json:"max_instances"`
	Delivery     string          `json:"delivery"`
	Version      int64           `json:"version"`
}

func (v *visit) job() any {
	p := jobPage{ID: v.query.Get("id"), Store: v.query.Get("store"), At: v.query.Get("at"), Upcoming: []upcoming{}, Runs: []active{}}
	j, exists := v.find(&p)
	zone := v.zone()
	if exists {
		p.Job = new(v.row(&j))
		p.Settings = v.settings(j)
		p.Upcoming, zone = v.upcoming(&j)
	}
	p.Zone = v.momentIn(v.now, zone).ZoneName()
	for _, a := range v.active() {
		if a.Job == p.ID && a.Store == p.Store {
			p.Runs = append(p.Runs, a)
		}
	}
	p.Records = []record{}
	if p.ID != "" { // or else it would be the history of all jobs
		p.Records, p.Without = v.records(p.Store, carillon.HistoryQuery{JobID: p.ID, Limit: stripShown})
	}
	p.Strip = stripOf(p.Records)
	if !exists && len(p.Records) == 0 && len(v.frame.Faults) == 0 {
		v.status = http.StatusNotFound
	}
	if p.At != "" && p.ID != "" {
		p.Answers, p.AtFault = v.explain(&p, zone, j.Trigger)
	}
	p.frame = v.frame
	return p
}

// find reads the job, and says in which store it is. What does not name a store is
// about the first one that has such a job.
func (v *visit) find(p *jobPage) (j carillon.Job, exists bool) {
	var named []string
	if p.Store != "" {
		named = []string{p.Store}
	}
	err := v.read(p.Store, func(ctx context.Context) (err error) {
		j, err = v.s.Job(ctx, p.ID, named...)
		return err
	})
	if err != nil && !errors.Is(err, carillon.ErrJobNotFound) {
		v.note(p.Store, "job", err)
	}
	if err == nil {
		p.Store = carillon.JobDefaults{}.Apply(j).Store
	}
	if p.Store == "" {
		p.Store = job.DefaultAlias
	}
	return j, err == nil
}

// settings returns those of a job. What one leaves open that waits for the start is
// the scheduler's to fill in.
func (v *visit) settings(j carillon.Job) *settings {
	full := carillon.JobDefaults{}.Apply(j)
	if j.Pending {
		err := v.read(full.Store, func(ctx context.Context) error {
			prepared, err := v.s.PrepareJobs(ctx, []carillon.Job{j})
			if err == nil {
				full = prepared[0]
			}
			return err
		})
		v.note(full.Store, "settings", err)
	}
	s := &settings{
		Coalesce:     full.Coalesce.String(),
		MaxInstances: full.MaxInstances,
		Delivery:     full.Delivery.String(),
		Version:      full.Version,
	}
	if full.MisfireGrace >= 0 {
		s.MisfireGrace = new(span(full.MisfireGrace))
	}
	if call, ok := full.Call.(*job.TaskCall); ok {
		s.Args = argsOf(call)
	}
	return s
}

// argsOf returns the arguments of a task; what is not JSON, as a string.
func argsOf(call *job.TaskCall) json.RawMessage {
	if len(call.Args) > 0 && !json.Valid(call.Args) {
		text, _ := json.Marshal(string(call.Args)) // which cannot fail
		return text
	}
	return call.Args
}

// ArgsText returns the arguments of the task as JSON. Empty: there are none.
func (s *settings) ArgsText() string { return string(s.Args) }

// Recent returns the records that the table has.
func (p jobPage) Recent() []record { return p.Records[:min(len(p.Records), recentShown)] }

// Known reports whether anything is known of the job.
func (p jobPage) Known() bool { return p.Job != nil || len(p.Records) > 0 }

// Resumable reports whether the job's trigger has further times.
func (p jobPage) Resumable() bool { return p.Job != nil && len(p.Upcoming) > 0 }
