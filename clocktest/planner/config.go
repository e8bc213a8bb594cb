package planner

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// Config says what is planned. From and Until must be given.
type Config struct {
	// Jobs is the job table: what Scheduler.Jobs returns, what a store lists,
	// what an export holds, or jobs as they are given to Scheduler.AddJobs.
	// Their Calls are not made and may be nil. A NextRunTime is kept, also one
	// before From: its runs are late then, as they are after an outage. A
	// paused job stays paused; so does one whose snapshot says that it is
	// parked.
	Jobs []carillon.Job

	// From and Until enclose the plan: a run that is due at From belongs to
	// it, one that is due at Until does not.
	From, Until time.Time

	// Duration says how long the run of a job takes that is scheduled for a
	// certain time; see [Durations] and [Recorder.Duration]. It is asked once
	// for each run that is executed. Nil: runs take no time, which shows when
	// jobs run but not how they stand in each other's way. Less than 0 counts
	// as 0.
	Duration func(j carillon.Job, scheduled time.Time) time.Duration

	// Executors are how many runs each executor executes at a time, by alias;
	// 0: as many as there are. An executor that runs jobs inline is one of 1.
	// A "default" one exists in any case. Jobs that name none of these are
	// parked, as they would be; but nil means that every executor which a job
	// names is there, without a limit.
	Executors map[string]int

	// JobDefaults and Triggers are the scheduler's; see carillon.Config.
	JobDefaults carillon.JobDefaults
	Triggers    triggers.Kinds

	// Location is the scheduler's time zone: that of triggers which have none,
	// and that of the report. Nil: From's.
	Location *time.Location

	// Seed decides what is left to chance: what comes first of two things that
	// happen at the same instant.
	Seed uint64
}

// validate reports everything that cannot be accepted, except for the jobs,
// which the scheduler looks at.
func (c *Config) validate() error {
	var faults []error
	switch {
	case c.From.IsZero():
		faults = append(faults, &carillon.FieldError{Field: "Config.From", Reason: "is zero; give the time at which the plan begins"})
	case !c.Until.After(c.From):
		faults = append(faults, &carillon.FieldError{Field: "Config.Until", Reason: fmt.Sprintf("is %v, which is not after From, %v; give a later time", c.Until, c.From)})
	}
	for _, alias := range slices.Sorted(maps.Keys(c.Executors)) {
		if size := c.Executors[alias]; size < 0 {
			faults = append(faults, &carillon.FieldError{Field: fmt.Sprintf("Config.Executors[%q]", alias), Reason: fmt.Sprintf("is %d; give the greatest number of runs at a time, or 0 for no limit", size)})
		}
	}
	return errors.Join(faults...)
}

// withDefaults returns the configuration with everything set.
func (c Config) withDefaults() Config {
	if c.Location == nil {
		c.Location = c.From.Location()
	}
	c.From, c.Until = c.From.Round(0).In(c.Location), c.Until.Round(0).In(c.Location)
	if c.Duration == nil {
		c.Duration = Durations(nil, 0)
	}
	sizes := maps.Clone(c.Executors)
	if sizes == nil {
		sizes = make(map[string]int)
		for i := range c.Jobs {
			sizes[aliasOr(c.Jobs[i].Executor)] = 0
		}
	}
	sizes[defaultAlias] += 0
	c.Executors = sizes
	return c
}

// Durations returns a Duration for [Config]: of the jobs with these IDs, and of
// all others.
func Durations(byID map[string]time.Duration, others time.Duration) func(carillon.Job, time.Time) time.Duration {
	return func(j carillon.Job, _ time.Time) time.Duration {
		if d, ok := byID[j.ID]; ok {
			return d
		}
		return others
	}
}
