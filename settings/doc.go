// Package settings reads what a program is configured with: values from a
// file, from the environment or from code, as text or with types.
//
// # Reading
//
// A [Section] is a group of settings. Its methods ask for one setting each and
// return the zero value if it is not there; what is wrong is collected.
// [Section.Err], at the end, reports all of it at once, and with it every
// setting that nobody has asked for:
//
//	s := settings.New("pool", map[string]any{"size": "8", "sise": 4})
//	size := s.Int("size")
//	err := s.Err() // pool.sise is unknown; did you mean "size"?
//
// # Plugins
//
// A [Plugin] makes something of its settings: a store, an executor, a trigger.
// It is a plain function. A package that offers one imports this
// package and what it makes:
//
//	// Plugin opens the store for a configuration. Its settings are path, and
//	// busy_timeout (seconds).
//	func Plugin(s *settings.Section) stores.Opener {
//		config := Config{Path: s.Text("path"), BusyTimeout: s.Duration("busy_timeout", time.Second)}
//		if config.Path == "" {
//			s.Refuse("path", "give the database file")
//		}
//		return Open(config)
//	}
//
// A plugin that refuses something may return anything: it is not used.
//
// # Forms
//
// Groups may be nested, or written as keys with dots in them, also mixed: the
// settings {"a": {"b.c": 1}} and {"a.b.c": 1} are the same. A dot always
// separates. Groups are maps of any type; a list is a group with the keys 0, 1,
// 2 and so on. A setting that is given twice is a fault.
//
// Numbers, truth values, durations and times may be text. A setting that is
// null counts as not given; a group that is null is empty.
//
// # Concurrency
//
// A Section is used by one goroutine.
package settings
