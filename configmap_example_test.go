package carillon_test

import (
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// All faults are reported at once.
func ExampleConfigFromMap_faults() {
	_, err := carillon.ConfigFromMap(map[string]any{
		"jobstores.default.type":       "sqlite",
		"executors.default.type":       "pool",
		"executors.default.max_worker": 20,
		"job_defaults.max_instances":   0,
		"timezone":                     "Berlin",
	}, carillon.Plugins{})
	fmt.Println(err)
	// Output:
	// executors.default.max_worker is unknown; did you mean "max_workers"?
	// job_defaults.max_instances is 0; give 1 or more
	// jobstores.default.type is "sqlite"; give "memory"
	// timezone is "Berlin"; give the IANA name of a time zone, such as "Europe/Berlin", or "Local"
}

// A store of somebody else's is configured by the name that it is given here.
func ExamplePlugins() {
	vault := func(s *settings.Section) stores.Opener {
		fmt.Println("a vault in", s.Text("path"), "that waits for", s.Duration("patience", time.Second))
		return memory.Open()
	}
	environ := []string{ // as os.Environ returns it
		"CARILLON_JOBSTORES__DEFAULT__TYPE=vault",
		"CARILLON_JOBSTORES__DEFAULT__PATH=/var/lib/vault",
		"CARILLON_JOBSTORES__DEFAULT__PATIENCE=5",
	}
	plugins := carillon.Plugins{Stores: carillon.StorePlugins{"vault": vault}}
	_, err := carillon.ConfigFromMap(settings.FromEnv(environ, "CARILLON_"), plugins)
	fmt.Println(err)
	// Output:
	// a vault in /var/lib/vault that waits for 5s
	// <nil>
}

func ExamplePlugins_Trigger() {
	trigger, err := carillon.Plugins{}.Trigger("cron", map[string]any{
		"day_of_week": "mon-fri",
		"hour":        9,
		"timezone":    "Europe/Berlin",
		"jitter":      30,
	})
	fmt.Println(trigger, err)

	_, err = carillon.Plugins{}.Trigger("interval", map[string]any{"hour": 2, "start_date": "tomorrow"})
	fmt.Println(err)
	// Output:
	// jitter(cron(day_of_week='mon-fri', hour='9') in Europe/Berlin, 30s) <nil>
	// interval.hour is unknown; did you mean "hours"?
	// interval.start_date is "tomorrow"; give a time like "2024-05-01T10:00:00+02:00"
}
