package clocktest

import (
	"reflect"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// detail is something that a message is about. It has a value or a list.
type detail struct {
	key   string
	value string
	list  []string
}

// details collects what there is to say.
type details []detail

// detailsOf returns what matters of a message for who reads a log.
func detailsOf(message any) (d details) {
	switch m := message.(type) {
	case *messages.AddJobs:
		d.jobs(m.Jobs)
	case *messages.ListJobs:
		d.add("store", m.Store)
	case *messages.RemoveJobs:
		d.addList("jobs", m.IDs)
		d.add("store", m.Store)
	case *messages.RemoveAllJobs:
		d.add("store", m.Store)
	case messages.OneJob:
		d.add("job", m.About().ID)
		d.add("store", m.About().Store)
	case *messages.Apply:
		d.add("request", m.Request.String())
		d = append(d, detailsOf(m.Request)...)
	case *messages.Applied:
		d.add("store", m.Member)
		d.add("request", m.Request.String())
		d.jobs(m.Jobs)
		d.err(m.Err)
	case *messages.ClaimDue:
		d.at("now", m.Now)
		var ended []job.Result
		for _, f := range m.Ended {
			ended = append(ended, f.Results...)
		}
		d.results(ended)
	case *messages.Claimed:
		d.add("store", m.Member)
		d.claimed(m.Claimed)
		d.err(m.Err)
	case *messages.Due:
		d.add("store", m.Member)
		d.at("at", m.At)
	case *messages.Execute:
		d.add("store", m.From)
		d.runs("runs", m.Runs)
	case *messages.Finished:
		d.add("store", m.From)
		d.results(m.Results)
	case *messages.Finish:
		d.results(m.Results)
	case *messages.SetAlarm:
		d.at("at", m.At)
	case *messages.Jumped:
		d.add("by", m.By.String())
	case *messages.Publish:
		d.events(m.Events)
	case *messages.Deliver:
		d.events(m.Events)
	default:
		d.members(message)
	}
	return d
}

// members adds what matters of a message about the scheduler's parts.
func (d *details) members(message any) {
	switch m := message.(type) {
	case *messages.AddStore:
		d.add("alias", m.Alias)
	case *messages.RemoveStore:
		d.add("alias", m.Alias)
	case *messages.AddExecutor:
		d.add("alias", m.Alias)
	case *messages.RemoveExecutor:
		d.add("alias", m.Alias)
	case *messages.Join:
		d.add(m.Kind.String(), m.Alias)
		d.add("member", m.Member)
	case *messages.Leave:
		d.add("member", m.Member)
	case *messages.Opened:
		d.add("member", m.Member)
		d.err(m.Err)
	case *messages.Closed:
		d.add("member", m.Member)
		d.err(m.Err)
	case *messages.SetMode:
		d.add("state", m.State.String())
	case *messages.ModeSet:
		d.add("state", m.State.String())
	case *messages.PendingPut:
		d.err(m.Err)
	}
}

func (d *details) add(key, value string) {
	if value != "" {
		*d = append(*d, detail{key: key, value: value})
	}
}

func (d *details) addList(key string, list []string) {
	if len(list) > 0 {
		*d = append(*d, detail{key: key, list: list})
	}
}

func (d *details) at(key string, at time.Time) {
	if !at.IsZero() {
		d.add(key, at.UTC().Format(time.RFC3339Nano))
	}
}

func (d *details) err(err error) {
	if err != nil {
		d.add("err", err.Error())
	}
}

func (d *details) jobs(jobs []job.Job) {
	d.addList("jobs", texts(jobs, func(j *job.Job) string { return j.ID }))
}

func (d *details) runs(key string, runs []job.Run) {
	d.addList(key, texts(runs, (*job.Run).String))
}

func (d *details) claimed(c *stores.Claimed) {
	if c == nil {
		return
	}
	d.runs("runs", c.Runs)
	d.runs("lost", c.Lost)
	d.addList("skipped", texts(c.Skipped, func(s *stores.Skip) string { return s.JobID }))
	d.addList("ended", c.Ended)
	d.at("next", c.Next)
}

func (d *details) results(results []job.Result) {
	d.addList("runs", texts(results, func(r *job.Result) string { return r.Run.String() + ":" + r.Outcome.String() }))
}

func (d *details) events(events []messages.Event) {
	d.addList("events", texts(events, func(e *messages.Event) string { return eventText(*e) }))
}

// eventText returns an event's name and what it is about.
func eventText(event messages.Event) string {
	name := reflect.TypeOf(event).Elem().Name()
	switch e := event.(type) {
	case *messages.JobAdded:
		return name + ":" + e.JobID
	case *messages.JobRemoved:
		return name + ":" + e.JobID
	case *messages.JobModified:
		return name + ":" + e.JobID
	case *messages.JobParked:
		return name + ":" + e.JobID
	case *messages.JobSubmitted:
		return name + ":" + e.JobID
	case *messages.JobMaxInstances:
		return name + ":" + e.JobID
	case *messages.JobExecuted:
		return name + ":" + e.Run.String()
	case *messages.JobError:
		return name + ":" + e.Run.String()
	case *messages.JobMissed:
		return name + ":" + e.Run.String()
	case *messages.JobLost:
		return name + ":" + e.Run.String()
	}
	return name
}

func texts[T any](items []T, text func(*T) string) []string {
	list := make([]string, len(items))
	for i := range items {
		list[i] = text(&items[i])
	}
	return list
}
