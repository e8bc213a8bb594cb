package redis

import (
	"time"

	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
)

// Plugin opens the store that a configuration describes. Its settings are
//
//	url            the server; it must be given; see [Config]
//	prefix         what the keys begin with; "carillon" by default
//	history_age    how long records are kept, in seconds or like "168h"
//	history_count  how many records are kept; negative: none
//
// Give it to a scheduler as
//
//	carillon.Plugins{Stores: carillon.StorePlugins{"redis": redis.Plugin}}
var Plugin settings.Plugin[stores.Opener] = plugin

func plugin(s *settings.Section) stores.Opener {
	config := Config{
		URL:     s.Text("url"),
		Prefix:  s.Text("prefix"),
		History: stores.Retention{Age: s.Duration("history_age", time.Second), Count: s.Int("history_count")},
	}
	if _, err := parse(config.URL); err != nil {
		s.Refuse("url", "give a server, such as redis://user:password@localhost:6379/0")
	}
	if checkPrefix(config.Prefix) != nil {
		s.Refuse("prefix", "leave out the braces, which are put around it")
	}
	return config.Open
}
