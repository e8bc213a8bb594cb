package carillon_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// readConfig reads settings, which are JSON.
func readConfig(text string) (carillon.Config, error) {
	var values map[string]any
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		return carillon.Config{}, err
	}
	return carillon.ConfigFromMap(values, carillon.Plugins{})
}

// shown is what a configuration made of settings says.
func shown(c carillon.Config) string {
	location := "none"
	if c.Location != nil {
		location = c.Location.String()
	}
	return fmt.Sprintf("%q stores%v executors%v grace=%v %v %d %v, %v retry=%v shutdown=%v",
		c.Name, aliases(c.Stores), aliases(c.Executors),
		c.JobDefaults.MisfireGrace, c.JobDefaults.Coalesce, c.JobDefaults.MaxInstances, c.JobDefaults.Delivery,
		location, c.StoreRetryInterval, c.ShutdownTimeout)
}

func aliases[O any](members map[string]O) (list []string) {
	for alias := range members {
		list = append(list, alias)
	}
	return list
}

func TestConfigFromMapForms(t *testing.T) {
	type m = map[string]any
	const want = `"night" stores[main] executors[default] grace=1m30s all 3 at least once, Europe/Berlin retry=2.5s shutdown=1m0s`
	for name, values := range map[string]m{
		"nested": {
			"name":                    "night",
			"jobstores":               m{"main": m{"type": "memory"}},
			"executors":               m{"default": m{"type": "pool", "size": 20}},
			"job_defaults":            m{"misfire_grace_time": 90, "coalesce": false, "max_instances": 3, "delivery": "at least once"},
			"timezone":                "Europe/Berlin",
			"jobstore_retry_interval": 2.5,
			"shutdown_timeout":        60,
		},
		"dotted": {
			"name":                            "night",
			"jobstores.main.type":             "memory",
			"executors.default.type":          "threadpool",
			"executors.default.max_workers":   "20",
			"job_defaults.misfire_grace_time": "90",
			"job_defaults.coalesce":           "no",
			"job_defaults.max_instances":      "3",
			"job_defaults.delivery":           "at_least_once",
			"timezone":                        "Europe/Berlin",
			"jobstore_retry_interval":         "2.5",
			"shutdown_timeout":                "1m",
		},
		"prefixed": {
			"carillon.name":                       "night",
			"apscheduler.jobstores.main.type":     "memory",
			"apscheduler.executors.default":       m{"type": "pool", "max_workers": "20"},
			"apscheduler.job_defaults":            m{"misfire_grace_time": "1m30s", "coalesce": "all", "max_instances": "3"},
			"carillon.job_defaults.delivery":      "at least once",
			"carillon.timezone":                   "Europe/Berlin",
			"apscheduler.jobstore_retry_interval": "2.5",
			"carillon.shutdown_timeout":           time.Minute,
		},
		"mixed": {
			"carillon":    map[any]any{"name": "night", "jobstores": map[any]any{"main": map[any]any{"type": "memory"}}},
			"apscheduler": m{"executors.default": m{"type": "inline"}, "timezone": "Europe/Berlin"},
			"job_defaults": map[string]string{
				"misfire_grace_time": "90", "coalesce": "0", "max_instances": "3", "delivery": "At-Least-Once",
			},
			"jobstore_retry_interval": "2.5s", "shutdown_timeout": json.Number("60"),
		},
		"environment": settings.FromEnv([]string{
			"CARILLON_NAME=night",
			"CARILLON_JOBSTORES__MAIN__TYPE=memory",
			"CARILLON_EXECUTORS__DEFAULT__TYPE=debug",
			"CARILLON_JOB_DEFAULTS__MISFIRE_GRACE_TIME=90s",
			"CARILLON_JOB_DEFAULTS__COALESCE=off",
			"CARILLON_JOB_DEFAULTS__MAX_INSTANCES=3",
			"CARILLON_JOB_DEFAULTS__DELIVERY=at_least_once",
			"CARILLON_TIMEZONE=Europe/Berlin",
			"CARILLON_JOBSTORE_RETRY_INTERVAL=2500ms",
			"CARILLON_SHUTDOWN_TIMEOUT=60",
		}, "CARILLON_"),
	} {
		t.Run(name, func(t *testing.T) {
			config, err := carillon.ConfigFromMap(values, carillon.Plugins{})
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(config); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if _, err := carillon.New(config); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestConfigFromMapValues(t *testing.T) {
	const open = `"" stores[] executors[] grace=0s default 0 default, none retry=0s shutdown=0s`
	for _, c := range []struct{ settings, from, to string }{
		{`{}`, "", ""},
		{`{"timezone": null, "jobstore_retry_interval": null, "shutdown_timeout": null, "name": null}`, "", ""},
		{`{"job_defaults": null, "executors": null, "jobstores": null}`, "", ""},
		{`{"job_defaults": {"max_instances": null, "coalesce": null, "delivery": null}}`, "", ""},
		{`{"job_defaults": {"misfire_grace_time": null}}`, "grace=0s", "grace=-1ns"},
		{`{"job_defaults": {"misfire_grace_time": "none"}}`, "grace=0s", "grace=-1ns"},
		{`{"job_defaults": {"misfire_grace_time": 1.7}}`, "grace=0s", "grace=1.7s"},
		{`{"job_defaults": {"coalesce": true}}`, "default 0", "latest 0"},
		{`{"job_defaults": {"coalesce": "Yes"}}`, "default 0", "latest 0"},
		{`{"job_defaults": {"coalesce": "latest"}}`, "default 0", "latest 0"},
		{`{"job_defaults": {"coalesce": 0}}`, "default 0", "all 0"},
		{`{"job_defaults": {"delivery": "at most once"}}`, "0 default", "0 at most once"},
		{`{"shutdown_timeout": 0}`, "shutdown=0s", "shutdown=-1ns"},
		{`{"timezone": "Local"}`, "none", "Local"},
		{`{"executors": {"x": {"type": "pool", "size": 0}}}`, "executors[]", "executors[x]"},
	} {
		config, err := readConfig(c.settings)
		if err != nil {
			t.Errorf("%s: %v", c.settings, err)
		} else if got, want := shown(config), strings.Replace(open, c.from, c.to, 1); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.settings, got, want)
		}
	}
}

func TestConfigFromMapFaults(t *testing.T) {
	const (
		executorTypes = `give "debug", "inline", "pool" or "threadpool"`
		duration      = `give a number of seconds from 0 on, or a duration such as "1m30s"`
		zone          = `give the IANA name of a time zone, such as "Europe/Berlin", or "Local"`
		topKeys       = `known here: "executors", "job_defaults", "jobstore_retry_interval", "jobstores", "lease", "name", "shutdown_timeout" and "timezone"`
	)
	for settings, want := range map[string]string{
		`{"name": ["x"]}`:              `name is a list; give text`,
		`{"foo": 1}`:                   `foo is unknown; ` + topKeys,
		`{"apscheduler.daemon": true}`: `daemon is unknown; ` + topKeys,
		`{"jobstore": {}}`:             `jobstore is unknown; did you mean "jobstores"?`,
		`{"time_zone": 1}`:             `time_zone is unknown; did you mean "timezone"?`,
		`{"timezone": "Foo/Bar"}`:      `timezone is "Foo/Bar"; ` + zone,
		`{"timezone": ""}`:             `timezone is ""; ` + zone,
		`{"timezone": 5}`:              `timezone is 5; ` + zone,
		`{"timezone": "UTC", "carillon.timezone": "UTC"}`: `timezone is given twice, in different forms; keep one of them`,

		`{"jobstore_retry_interval": "x"}`: `jobstore_retry_interval is "x"; ` + duration,
		`{"jobstore_retry_interval": 0}`:   `jobstore_retry_interval is 0; give a positive number of seconds`,
		`{"shutdown_timeout": -1}`:         `shutdown_timeout is -1; ` + duration,

		`{"job_defaults": 5}`:                       `job_defaults is 5; give a group of settings`,
		`{"job_defaults.misfire_grace_time": "x"}`:  `job_defaults.misfire_grace_time is "x"; ` + duration,
		`{"job_defaults.misfire_grace_time": 0}`:    `job_defaults.misfire_grace_time is 0; give a positive number of seconds, or null for no limit`,
		`{"job_defaults.misfire_grace_time": -1}`:   `job_defaults.misfire_grace_time is -1; ` + duration,
		`{"job_defaults.coalesce": "maybe"}`:        `job_defaults.coalesce is "maybe"; give true or false`,
		`{"job_defaults.max_instances": "x"}`:       `job_defaults.max_instances is "x"; give a whole number`,
		`{"job_defaults.max_instances": 0}`:         `job_defaults.max_instances is 0; give 1 or more`,
		`{"job_defaults.delivery": "exactly once"}`: `job_defaults.delivery is "exactly once"; give "at least once" or "at most once"`,
		`{"job_defaults.max_instance": 1}`:          `job_defaults.max_instance is unknown; did you mean "max_instances"?`,
		`{"job_defaults.foo": 1}`:                   `job_defaults.foo is unknown; known here: "coalesce", "delivery", "max_instances" and "misfire_grace_time"`,

		`{"executors": {"e": {}}}`:                                       `executors.e.type is missing; ` + executorTypes,
		`{"executors": {"e": null}}`:                                     `executors.e.type is missing; ` + executorTypes,
		`{"executors": {"e": 5}}`:                                        `executors.e is 5; give a group of settings`,
		`{"executors": {"e": {"type": "foo", "size": 1}}}`:               `executors.e.type is "foo"; ` + executorTypes,
		`{"executors": {"e": {"type": ["pool"]}}}`:                       `executors.e.type is a list; give text`,
		`{"executors": {"e": {"class": "foo:Bar"}}}`:                     `executors.e.type is missing; ` + executorTypes,
		`{"executors": {"e": {"type": "debug", "foo": 1}}}`:              `executors.e.foo is unknown; known here: "type"`,
		`{"executors": {"e": {"type": "pool", "foo": 1}}}`:               `executors.e.foo is unknown; known here: "max_workers", "size" and "type"`,
		`{"executors": {"e": {"type": "pool", "max_worker": 1}}}`:        `executors.e.max_worker is unknown; did you mean "max_workers"?`,
		`{"executors.e.type": "pool", "executors.e.size": -3}`:           `executors.e.size is -3; give how many runs the pool may execute at a time, or 0 for no limit`,
		`{"executors.e.type": "pool", "executors.e.max_workers": -3}`:    `executors.e.max_workers is -3; give how many runs the pool may execute at a time, or 0 for no limit`,
		`{"executors.e": {"type": "pool", "size": 1, "max_workers": 1}}`: `executors.e.max_workers is 1; leave it out, for it is another name of size`,

		`{"jobstores": {"s": {}}}`:                           `jobstores.s.type is missing; give "memory"`,
		`{"jobstores": {"s": {"type": "foo"}}}`:              `jobstores.s.type is "foo"; give "memory"`,
		`{"jobstores": {"s": []}}`:                           `jobstores.s.type is missing; give "memory"`,
		`{"jobstores": {"s": {"type": "memory", "foo": 1}}}`: `jobstores.s.foo is unknown; known here: "history_age", "history_count" and "type"`,

		`{"timezone": 5, "name": {}, "carillon.executors.a.type": "foo", "jobstores": {"b": 1}, "job_defaults": {"max_instances": -1, "coalesc": 1}, "zz": 1}`: strings.Join([]string{
			`executors.a.type is "foo"; ` + executorTypes,
			`job_defaults.coalesc is unknown; did you mean "coalesce"?`,
			`job_defaults.max_instances is -1; give 1 or more`,
			`jobstores.b is 1; give a group of settings`,
			`name is a group of settings; give text`,
			`timezone is 5; ` + zone,
			`zz is unknown; ` + topKeys,
		}, "\n"),
	} {
		config, err := readConfig(settings)
		if fmt.Sprint(err) != want {
			t.Errorf("%s:\n got %v\nwant %v", settings, err, want)
		}
		if got := shown(config); got != shown(carillon.Config{}) {
			t.Errorf("%s: a configuration in spite of the error: %s", settings, got)
		}
		for _, fault := range err.(interface{ Unwrap() []error }).Unwrap() {
			if _, ok := fault.(*carillon.FieldError); !ok {
				t.Errorf("%s: fault %v is a %T", settings, fault, fault)
			}
		}
	}
}

// TestConfigFromMapPlugins configures a store and an executor of somebody
// else's.
func TestConfigFromMapPlugins(t *testing.T) {
	var opened []string
	plugins := carillon.Plugins{
		Stores: carillon.StorePlugins{"box": func(s *settings.Section) stores.Opener {
			opened = append(opened, fmt.Sprintf("box of %d", s.Int("width")))
			if s.Int("width") > 9 {
				s.Refuse("width", "give at most 9")
			}
			return memory.Open()
		}},
		Executors: carillon.ExecutorPlugins{"pool": func(s *settings.Section) executors.Opener {
			opened = append(opened, "pool for "+s.Text("whom"))
			return pool.Open(pool.Config{})
		}},
	}
	config, err := carillon.ConfigFromMap(map[string]any{
		"jobstores": map[string]any{"default": map[string]any{"type": "box", "width": 3}},
		"executors": map[string]any{"default": map[string]any{"type": "pool", "whom": "me"}},
	}, plugins)
	if err != nil || shown(config) != `"" stores[default] executors[default] grace=0s default 0 default, none retry=0s shutdown=0s` {
		t.Errorf("got %s, %v", shown(config), err)
	}
	if fmt.Sprint(opened) != "[box of 3 pool for me]" {
		t.Errorf("opened %v", opened)
	}

	_, err = carillon.ConfigFromMap(map[string]any{
		"jobstores.a":      map[string]any{"type": "box", "width": 12, "widht": 3},
		"jobstores.b.type": "bag",
	}, plugins)
	want := `jobstores.a.widht is unknown; did you mean "width"?
jobstores.a.width is 12; give at most 9
jobstores.b.type is "bag"; give "box" or "memory"`
	if fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %v", err, want)
	}
}

// TestConfigFromMapPoolSize runs two jobs at the same time, as far as the pool
// lets them.
func TestConfigFromMapPoolSize(t *testing.T) {
	for settings, want := range map[string]int32{
		`{"executors.default": {"type": "pool"}}`:                            2,
		`{"executors.default": {"type": "pool", "size": 1}}`:                 1,
		`{"executors.default": {"type": "threadpool", "max_workers": "1"}}`:  1,
		`{"executors.default": {"type": "threadpool", "max_workers": "20"}}`: 2,
	} {
		config, err := readConfig(settings)
		if err != nil {
			t.Fatal(err)
		}
		clock := clocktest.NewClock(epoch)
		config.Clock, config.Logger = clock, slog.New(slog.DiscardHandler)
		s, err := carillon.New(config)
		if err != nil {
			t.Fatal(err)
		}
		startPlanned(t, s)
		var running, most atomic.Int32
		work := carillon.Func(func(ctx context.Context) error {
			n := running.Add(1)
			defer running.Add(-1)
			most.Store(max(most.Load(), n))
			return carillon.Sleep(ctx, time.Second)
		})
		addJobs(t, s, carillon.Job{Call: work}, carillon.Job{Call: work})
		if err := clocktest.Advance(t.Context(), s, clock, time.Minute); err != nil {
			t.Fatal(err)
		}
		if most.Load() != want {
			t.Errorf("%s: %d jobs at a time, want %d", settings, most.Load(), want)
		}
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestPluginsByName(t *testing.T) {
	var plugins carillon.Plugins
	store, err := plugins.Store("memory", nil)
	if store == nil || err != nil {
		t.Errorf("memory: %v", err)
	}
	executor, err := plugins.Executor("threadpool", map[string]any{"max_workers": "3"})
	if executor == nil || err != nil {
		t.Errorf("threadpool: %v", err)
	}
	for want, ask := range map[string]func() error{
		`store plugin "foo" is unknown; give "memory"`: func() error {
			_, err := plugins.Store("foo", nil)
			return err
		},
		`memory.foo is unknown; known here: "history_age" and "history_count"`: func() error {
			_, err := plugins.Store("memory", map[string]any{"foo": 1})
			return err
		},
		`executor plugin "" is unknown; give "debug", "inline", "pool" or "threadpool"`: func() error {
			_, err := plugins.Executor("", nil)
			return err
		},
		`pool.size is "x"; give a whole number`: func() error {
			open, err := plugins.Executor("pool", map[string]any{"size": "x"})
			if open != nil {
				t.Error("an executor in spite of an error")
			}
			return err
		},
	} {
		if err := ask(); fmt.Sprint(err) != want {
			t.Errorf("got  %v\nwant %v", err, want)
		}
	}
}

func FuzzConfigFromMap(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"apscheduler.jobstores.default.type": "memory"}`, `{"executors": {"a": {"type": "pool", "size": "20"}}}`,
		`{"job_defaults": {"misfire_grace_time": "1m30s", "coalesce": "yes", "max_instances": 1e3, "delivery": "at_most_once"}}`,
		`{"timezone": "Europe/Berlin", "carillon": {"timezone": null}, "shutdown_timeout": 0, "jobstore_retry_interval": "0.1"}`,
		`{"executors": [{"type": "inline"}], "carillon.carillon.name": "x", "apscheduler": 5, ".": ""}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		config, err := readConfig(text)
		if err == nil {
			_, err = carillon.New(config)
			if err != nil {
				t.Errorf("New does not take what ConfigFromMap has made: %v", err)
			}
		}
	})
}

func TestConfigLease(t *testing.T) {
	for _, c := range []struct {
		value any
		want  time.Duration
		fault string
	}{
		{"20s", 20 * time.Second, ""},
		{2.5, 2500 * time.Millisecond, ""},
		{"none", carillon.SoleOwner, ""},
		{nil, 0, ""},
		{0, 0, `lease is 0; give 100ms or more, or "none"`},
		{"1ms", 0, `lease is "1ms"; give 100ms or more, or "none"`},
		{"soon", 0, `lease is "soon"`},
	} {
		config, err := carillon.ConfigFromMap(map[string]any{"lease": c.value}, carillon.Plugins{})
		switch {
		case c.fault == "" && (err != nil || config.Lease != c.want):
			t.Errorf("%v: %v, %v", c.value, config.Lease, err)
		case c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%v: %v, want %s", c.value, err, c.fault)
		}
	}
}

// TestConfigName gives names that some stores cannot keep.
func TestConfigName(t *testing.T) {
	for _, name := range []string{"a\x00b", "a\xff", strings.Repeat("x", 256)} {
		if _, err := carillon.New(carillon.Config{Name: name}); err == nil || !strings.Contains(err.Error(), "Config.Name is ") {
			t.Errorf("%.10q: %v", name, err)
		}
	}
}
