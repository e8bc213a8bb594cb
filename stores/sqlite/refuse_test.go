package sqlite_test

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// address is the path as other programs have to write it.
func address(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }

// execute executes statements in a file, as another program would.
func execute(t testing.TB, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	for _, text := range statements {
		_, err := db.Exec(text)
		must(t, err)
	}
	must(t, db.Close())
}

// refusals are files that cannot be opened, each made in a folder.
var refusals = []struct {
	name string
	make func(t *testing.T, dir string) sqlite.Config
	want string
}{
	{"no path", func(*testing.T, string) sqlite.Config { return sqlite.Config{} },
		"Config.Path is empty; give the file"},
	{"in memory", func(*testing.T, string) sqlite.Config { return sqlite.Config{Path: ":memory:"} },
		"use package memory"},
	{"directory", func(t *testing.T, dir string) sqlite.Config { return sqlite.Config{Path: dir} },
		"is a directory; give a file in it, for instance"},
	{"no directory", func(t *testing.T, dir string) sqlite.Config {
		return sqlite.Config{Path: filepath.Join(dir, "a", "b.db")}
	},
		"does not exist; make it, or give another path"},
	{"file for a directory", func(t *testing.T, dir string) sqlite.Config {
		must(t, os.WriteFile(filepath.Join(dir, "a"), nil, 0o666))
		return sqlite.Config{Path: filepath.Join(dir, "a", "b.db")}
	}, "a directory"},
	{"no database", func(t *testing.T, dir string) sqlite.Config {
		path := filepath.Join(dir, "jobs.db")
		must(t, os.WriteFile(path, []byte(strings.Repeat("a letter to Ada\n", 100)), 0o666))
		return sqlite.Config{Path: path}
	}, "the file is not a SQLite database; give a file that does not exist yet"},
	{"another program's, marked", func(t *testing.T, dir string) sqlite.Config {
		path := filepath.Join(dir, "jobs.db")
		execute(t, path, "PRAGMA application_id = 66", "CREATE TABLE job (id)")
		return sqlite.Config{Path: path}
	}, "it is the database of another program (application_id 0x42); give a file that does not exist yet"},
	{"another program's", func(t *testing.T, dir string) sqlite.Config {
		path := filepath.Join(dir, "jobs.db")
		execute(t, path, "CREATE TABLE job (id)")
		return sqlite.Config{Path: path}
	}, "it is the database of another program"},
}

func TestRefused(t *testing.T) {
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			config := c.make(t, t.TempDir())
			before, _ := os.ReadFile(config.Path)
			s, err := config.Open(t.Context(), stores.Env{Alias: "jobs"})
			if err == nil {
				must(t, s.Close())
				t.Fatal("it was opened")
			}
			if about, ok := errors.AsType[*job.Error](err); !ok || about.Store != "jobs" || strings.Count(err.Error(), c.want) != 1 {
				t.Errorf("got error %q, want one about the store, with %q once", err, c.want)
			}
			if after, _ := os.ReadFile(config.Path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}
