package postgres_test

import (
	"strings"
	"testing"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

var plugins = carillon.Plugins{Stores: carillon.StorePlugins{"postgres": postgres.Plugin}}

func TestPlugin(t *testing.T) {
	db := testserver.Postgres(t)
	for _, key := range []string{"dsn", "url"} {
		opener, err := plugins.Store("postgres", map[string]any{
			key: db.DSN, "schema": "configured", "pooled": "no", "history_age": "1h", "history_count": 100,
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := opener(t.Context(), stores.Env{})
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
}

func TestPluginRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		options map[string]any
		says    string
	}{
		"nothing": {nil, "postgres.dsn is missing; give for instance postgres://user@host:5432/database"},
		"DSN":     {map[string]any{"dsn": "postgres://user:secret@%%"}, "give for instance postgres://"},
		"both":    {map[string]any{"dsn": "host=a", "url": "host=a"}, "postgres.url"},
		"schema":  {map[string]any{"dsn": "host=a", "schema": "A"}, "postgres.schema is"},
		"typo":    {map[string]any{"dsn": "host=a", "pool": true}, `postgres.pool is unknown; did you mean "pooled"?`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := plugins.Store("postgres", c.options)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got error %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows a password: %v", err)
			}
		})
	}
}
