package carillon_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carillon-go/carillon"
)

// configDifferences are the recorded answers of APScheduler 3.11.2 to which
// ours is another one, and why.
var configDifferences = map[string]string{
	"new scheduler: job_defaults misfire_grace_time=0": "found when the first job is added; we say so at once",
	"new scheduler: job_defaults max_instances=0":      "found when the first job is added; we say so at once",
	"new scheduler: job_defaults foo=1":                "ignored; we know every setting, so this one is misspelt",
	"new scheduler: unknown option: ignored":           "ignored; we know every setting, so this one is misspelt",
}

// TestConfigFromMapOracle holds what is accepted and what is refused against
// the reference's recorded answers.
func TestConfigFromMapOracle(t *testing.T) {
	path := filepath.Join(cmp.Or(os.Getenv("CARILLON_ORACLE_DIR"), filepath.Join("testdata", "oracle")), "errors.jsonl")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there", path)
	} else if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for line := range bytes.Lines(data) {
		var c struct {
			ID, What string
			Config   map[string]any
			Call     struct{ Options map[string]any }
			Expect   struct{ Error json.RawMessage }
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		values := c.Call.Options
		switch {
		case strings.HasPrefix(c.What, "job default "):
			values = c.Config // what the reference finds later, when a job is added
			c.Expect.Error = json.RawMessage("{}")
		case !strings.HasPrefix(c.What, "new scheduler: "):
			continue
		}
		asked++
		_, err := carillon.ConfigFromMap(values, carillon.Plugins{})
		want := c.Expect.Error != nil
		if _, differs := configDifferences[c.What]; differs {
			want = !want
		}
		if (err != nil) != want {
			t.Errorf("%s %s: %v: got %v; want an error: %v", c.ID, c.What, values, err, want)
		}
	}
	if asked == 0 {
		t.Errorf("%s has no case about configurations", path)
	}
}
