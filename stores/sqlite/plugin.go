package sqlite

import (
	"time"

	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
)

// Plugin opens the store that a configuration describes. Its settings are
//
//	path           the file; it must be given
//	synchronous    full (the default) or normal; see [Synchronous]
//	history_age    how long records are kept, in seconds or like "168h"
//	history_count  how many records are kept; negative: none
//
// Give it to a scheduler as
//
//	carillon.Plugins{Stores: carillon.StorePlugins{"sqlite": sqlite.Plugin}}
var Plugin settings.Plugin[stores.Opener] = plugin

func plugin(s *settings.Section) stores.Opener {
	config := Config{
		Path:    s.Text("path"),
		History: stores.Retention{Age: s.Duration("history_age", time.Second), Count: s.Int("history_count")},
	}
	switch {
	case config.Path == "":
		s.Refuse("path", "give the file to keep the jobs in")
	case config.Path == ":memory:":
		s.Refuse("path", "give a file, or use the plugin memory for jobs that need not survive")
	}
	if s.Has("synchronous") && s.Word("synchronous", "full", "normal") == "normal" {
		config.Synchronous = Normal
	}
	return config.Open
}
