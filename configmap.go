package carillon

import (
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/settings"
)

// ConfigFromMap makes a configuration from settings by name: read from a file,
// or from the environment by [settings.FromEnv]. Set Tasks, BaseContext, Clock and
// Logger in what it returns. The settings, all of which may be left out, are
//
//	name                     text
//	jobstores.ALIAS          a store: type and the options of its plugin (see [Plugins])
//	executors.ALIAS          an executor, likewise
//	job_defaults
//	  misfire_grace_time     seconds, a duration such as "1m30s", or null (as text: "none") for none
//	  coalesce               true or "latest", false or "all"
//	  max_instances          1 or more
//	  delivery               "at most once" or "at least once"
//	timezone                 IANA name, or "Local"
//	jobstore_retry_interval  seconds or a duration
//	lease                    seconds or a duration, or "none" for a sole owner; see [Config].Lease
//	shutdown_timeout         seconds or a duration; 0: do not wait
//
// Groups may be nested, or written with dots, or both, and each setting may
// begin with "carillon." or "apscheduler.":
//
//	{"executors": {"default": {"type": "pool", "size": 20}}}
//	{"executors.default.type": "pool", "executors.default.size": "20"}
//	{"carillon.executors": {"default.type": "pool", "default.size": 20}}
//
// Numbers, truth values and durations may be text. Null means that a setting is
// left out, except for misfire_grace_time.
//
// The error joins a [FieldError], whose Field is the setting with all its
// dots, for each fault: also for a setting that is unknown, or given twice.
// APScheduler: configure, which ignores what is unknown.
func ConfigFromMap(values map[string]any, plugins Plugins) (Config, error) {
	s := settings.New("", values)
	s.Lift("carillon")
	s.Lift("apscheduler")
	config := Config{
		Name:               s.Text("name"),
		Stores:             makeAll(plugins.stores(), s.Section("jobstores")),
		Executors:          makeAll(plugins.executors(), s.Section("executors")),
		JobDefaults:        jobDefaults(s.Section("job_defaults")),
		Location:           s.Location("timezone"),
		StoreRetryInterval: positive(s, "jobstore_retry_interval", "give a positive number of seconds"),
		Lease:              lease(s),
		ShutdownTimeout:    shutdownTimeout(s),
	}
	if err := s.Err(); err != nil {
		return Config{}, err
	}
	return config, nil
}

func lease(s *settings.Section) time.Duration {
	const key = "lease"
	if s.Has(key) && s.Value(key) == "none" {
		return SoleOwner
	}
	d := s.Duration(key, time.Second)
	if s.Has(key) && s.Value(key) != nil && d < shortestLease {
		s.Refuse(key, `give 100ms or more, or "none"`)
	}
	return d
}

func jobDefaults(s *settings.Section) JobDefaults {
	return JobDefaults{
		MisfireGrace: misfireGrace(s),
		Coalesce:     coalesce(s),
		MaxInstances: maxInstances(s),
		Delivery:     delivery(s),
	}
}

func misfireGrace(s *settings.Section) time.Duration {
	const key = "misfire_grace_time"
	if s.Has(key) && (s.Value(key) == nil || s.Value(key) == "none") {
		return NoMisfireGrace
	}
	return positive(s, key, "give a positive number of seconds, or null for no limit")
}

// positive returns a duration that is not 0 if it is given.
func positive(s *settings.Section, key, remedy string) time.Duration {
	d := s.Duration(key, time.Second)
	if s.Value(key) != nil && d == 0 {
		s.Refuse(key, remedy)
	}
	return d
}

// coalesce understands APScheduler's truth values as well.
func coalesce(s *settings.Section) job.Coalesce {
	const key = "coalesce"
	switch value := s.Value(key); {
	case value == nil:
		return job.CoalesceDefault
	case value == Latest.String():
		return Latest
	case value == All.String():
		return All
	case s.Bool(key):
		return Latest
	}
	return All
}

func maxInstances(s *settings.Section) int {
	const key = "max_instances"
	n := s.Int(key)
	if s.Value(key) != nil && n < 1 {
		s.Refuse(key, "give 1 or more")
	}
	return n
}

func delivery(s *settings.Section) job.Delivery {
	switch s.Word("delivery", AtMostOnce.String(), AtLeastOnce.String()) {
	case AtMostOnce.String():
		return AtMostOnce
	case AtLeastOnce.String():
		return AtLeastOnce
	}
	return job.DeliveryDefault
}

// shutdownTimeout makes of 0, which leaves [Config.ShutdownTimeout] open, that
// there is no waiting.
func shutdownTimeout(s *settings.Section) time.Duration {
	d := s.Duration("shutdown_timeout", time.Second)
	if s.Value("shutdown_timeout") != nil && d == 0 {
		return -1
	}
	return d
}
