package postgres

import (
	"time"

	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
)

// Plugin opens the store that a configuration describes. Its settings are
//
//	dsn            the connection string, a URL for instance; or url
//	schema         "carillon" by default
//	pooled         true behind a pooler in transaction mode
//	history_age    how long records are kept, in seconds or like "168h"
//	history_count  how many records are kept; negative: none
//
// Give it to a scheduler as
//
//	carillon.Plugins{Stores: carillon.StorePlugins{"postgres": postgres.Plugin}}
var Plugin settings.Plugin[stores.Opener] = plugin

func plugin(s *settings.Section) stores.Opener {
	key := "dsn"
	if s.Has("url") {
		if s.Has("dsn") {
			s.Refuse("url", "leave it out, for it is another name of dsn")
		}
		key = "url"
	}
	config := Config{
		DSN:     s.Text(key),
		Schema:  s.Text("schema"),
		Pooled:  s.Bool("pooled"),
		History: stores.Retention{Age: s.Duration("history_age", time.Second), Count: s.Int("history_count")},
	}
	if config.DSN == "" {
		s.Refuse(key, "give for instance postgres://user@host:5432/database")
	} else if _, err := config.pool(); err != nil {
		s.Refuse(key, "give for instance postgres://user@host:5432/database")
	}
	if _, err := config.schema(); err != nil {
		s.Refuse("schema", "give up to 50 lower-case letters, digits and underscores")
	}
	return config.Open
}
