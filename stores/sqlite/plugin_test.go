package sqlite_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

func TestPlugin(t *testing.T) {
	for name, c := range map[string]struct {
		values map[string]any
		faults []string
	}{
		"path":       {map[string]any{"path": "?"}, nil},
		"everything": {map[string]any{"path": "?", "synchronous": "NORMAL", "history_age": "24h", "history_count": "100"}, nil},
		"nothing":    {nil, []string{"store.path is missing; give the file to keep the jobs in"}},
		"memory":     {map[string]any{"path": ":memory:"}, []string{`store.path is ":memory:"; give a file, or use the plugin memory`}},
		"mistakes": {map[string]any{"path": "a.db", "synchronous": "off", "history_count": "many", "history_age": -1, "cache": 1}, []string{
			`store.cache is unknown; known here`,
			`store.history_age is -1; give a number of seconds`,
			`store.history_count is "many"; give a whole number`,
			`store.synchronous is "off"; give "full" or "normal"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.values["path"] == "?" {
				c.values["path"] = file(t)
			}
			s := settings.New("store", c.values)
			opener := sqlite.Plugin(s)
			err := s.Err()
			if len(c.faults) == 0 {
				must(t, err)
				store, err := opener(t.Context(), stores.Env{Alias: "jobs"})
				must(t, err)
				must(t, store.Close())
				return
			}
			var lines []string
			if err != nil {
				lines = strings.Split(err.Error(), "\n")
			}
			if len(lines) != len(c.faults) {
				t.Fatalf("got %d faults, want %d:\n%v", len(lines), len(c.faults), err)
			}
			for i, want := range c.faults {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("fault %d is %q, want %q", i, lines[i], want)
				}
			}
		})
	}
}

// No history is kept if none is wanted.
func TestNoHistory(t *testing.T) {
	s, err := sqlite.Config{Path: file(t), History: stores.Retention{Count: -1}}.Open(t.Context(), stores.Env{})
	must(t, err)
	defer s.Close()
	if _, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 1}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got error %v", err)
	}
}
