package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/stores"
)

// version1 is a copy of the file that the first version has made.
func version1(t *testing.T) Config {
	t.Helper()
	data, err := os.ReadFile("testdata/v1.sqlite")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "jobs.db")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return Config{Path: path}
}

func openAs(t *testing.T, c Config, schemas []string) *store {
	t.Helper()
	s, err := c.open(t.Context(), stores.Env{Alias: "jobs"}, schemas)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// A step changes the file once, and those who do not know it refuse the file.
func TestMigrate(t *testing.T) {
	c := version1(t)
	later := append(slices.Clone(schemas), "ALTER TABLE job ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'")
	for range 2 {
		s := openAs(t, c, later)
		var moods int
		if err := s.row("SELECT count(*) FROM job WHERE mood = 'good'", nil, &moods); err != nil || moods != 4 {
			t.Fatalf("%d jobs have the new column, %v", moods, err)
		}
		if _, err := s.Get(t.Context(), "nightly"); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.Open(t.Context(), stores.Env{Alias: "jobs"})
	want := fmt.Sprintf("it has schema version %d and this program knows versions up to %d; use the program's newer version", len(later), len(schemas))
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v", err)
	}
}

// A step that fails changes nothing.
func TestMigrateFails(t *testing.T) {
	c := version1(t)
	broken := append(slices.Clone(schemas), "ALTER TABLE job ADD COLUMN mood TEXT; ALTER TABLE nothing ADD COLUMN mood TEXT")
	_, err := c.open(t.Context(), stores.Env{Alias: "jobs"}, broken)
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("schema version %d: ", len(broken))) {
		t.Errorf("got error %v", err)
	}
	s := openAs(t, c, schemas)
	var columns int
	if err := s.row("SELECT count(*) FROM pragma_table_info('job') WHERE name = 'mood'", nil, &columns); err != nil || columns != 0 {
		t.Errorf("%d columns of the step that has failed, %v", columns, err)
	}
}
