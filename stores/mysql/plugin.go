package mysql

import (
	"time"

	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
)

// Plugin opens the store that a configuration describes. Its settings are
//
//	dsn            like user:password@tcp(host:3306)/database; it must be given
//	prefix         what the names of the tables begin with; "carillon_" by default
//	history_age    how long records are kept, in seconds or like "168h"
//	history_count  how many records are kept; negative: none
//
// Give it to a scheduler as
//
//	carillon.Plugins{Stores: carillon.StorePlugins{"mysql": mysql.Plugin}}
var Plugin settings.Plugin[stores.Opener] = plugin

func plugin(s *settings.Section) stores.Opener {
	config := Config{
		DSN:     s.Text("dsn"),
		Prefix:  s.Text("prefix"),
		History: stores.Retention{Age: s.Duration("history_age", time.Second), Count: s.Int("history_count")},
	}
	if config.DSN == "" {
		s.Refuse("dsn", dsnRemedy)
	} else if _, err := config.driver(); err != nil {
		s.Refuse("dsn", dsnRemedy)
	}
	if _, err := config.prefix(); err != nil {
		s.Refuse("prefix", prefixRemedy)
	}
	return config.Open
}
