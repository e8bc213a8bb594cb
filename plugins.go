package carillon

import (
	"fmt"
	"maps"
	"slices"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// Plugins are the kinds of stores, executors and triggers that a configuration
// can name, beside those that are built in. Add those of other packages, or of
// your own, by the names that they are to have:
//
//	plugins := carillon.Plugins{Stores: carillon.StorePlugins{"sqlite": sqlite.Plugin}}
//
// They take precedence over built-in ones of the same name. The built-in ones,
// with their settings, are
//
//	stores
//	  memory            history_age: how long records are kept, in seconds or like "168h";
//	                    history_count: how many; negative: none
//	executors
//	  pool              size (or max_workers): runs at a time; 0, the default: no limit
//	  threadpool        the same by APScheduler's name
//	  inline            (or debug)
//	triggers            see [Plugins.Trigger]
//
// APScheduler: entry points of packages.
type Plugins struct {
	Stores    StorePlugins
	Executors ExecutorPlugins
	Triggers  TriggerPlugins
}

type (
	// StorePlugins are kinds of stores by name.
	StorePlugins map[string]settings.Plugin[stores.Opener]

	// ExecutorPlugins are kinds of executors by name.
	ExecutorPlugins map[string]settings.Plugin[executors.Opener]

	// TriggerPlugins are kinds of triggers by name.
	TriggerPlugins map[string]settings.Plugin[triggers.Trigger]
)

// Store makes what opens a store, from the plugin of this name and its options.
// The error joins a [FieldError] for each fault. APScheduler: the arguments of
// add_jobstore.
func (p Plugins) Store(name string, options map[string]any) (stores.Opener, error) {
	return makeOne(p.stores(), "store", name, options)
}

// Executor makes what opens an executor, from the plugin of this name and its
// options. The error joins a [FieldError] for each fault. APScheduler: the
// arguments of add_executor.
func (p Plugins) Executor(name string, options map[string]any) (executors.Opener, error) {
	return makeOne(p.executors(), "executor", name, options)
}

func (p Plugins) stores() StorePlugins {
	return with(p.Stores, StorePlugins{"memory": memoryPlugin})
}

func (p Plugins) executors() ExecutorPlugins {
	return with(p.Executors, ExecutorPlugins{
		"pool": poolPlugin, "threadpool": poolPlugin,
		"inline": inlinePlugin, "debug": inlinePlugin,
	})
}

// with adds the user's plugins to the built-in ones.
func with[M ~map[string]settings.Plugin[T], T any](own, builtIn M) M {
	maps.Copy(builtIn, own)
	return builtIn
}

// makeOne has the plugin of this name make what it does.
func makeOne[T any](plugins map[string]settings.Plugin[T], kind, name string, options map[string]any) (none T, err error) {
	plugin := plugins[name]
	if plugin == nil {
		return none, &FieldError{Field: kind, Reason: fmt.Sprintf("plugin %q is unknown; give %s", name, names(plugins))}
	}
	s := settings.New(name, options)
	made := plugin(s)
	if err := s.Err(); err != nil {
		return none, err
	}
	return made, nil
}

// makeTyped has the plugin that s names by its setting "type" make what it
// does.
func makeTyped[T any](plugins map[string]settings.Plugin[T], s *settings.Section) (none T) {
	plugin := plugins[s.Text("type")]
	if plugin == nil {
		s.Refuse("type", "give "+names(plugins))
		s.Keys() // only the plugin could say which are unknown
		return none
	}
	made := plugin(s)
	if !s.OK() {
		return none
	}
	return made
}

// makeAll makes what each group of a section says.
func makeAll[T any](plugins map[string]settings.Plugin[T], s *settings.Section) map[string]T {
	var all map[string]T
	for _, alias := range s.Keys() {
		if all == nil {
			all = map[string]T{}
		}
		all[alias] = makeTyped(plugins, s.Section(alias))
	}
	return all
}

func names[T any](plugins map[string]settings.Plugin[T]) string {
	return settings.OneOf(slices.Collect(maps.Keys(plugins)), "or")
}
