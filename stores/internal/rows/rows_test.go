package rows_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
	"github.com/carillon-go/carillon/triggers"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func due(id string, at time.Time) job.Job {
	return job.Defaults{}.Apply(job.Job{ID: id, Call: job.NewTask[int]("work", nil).With(7), NextRunTime: at})
}

func TestMicros(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		want int64
	}{
		{time.Time{}, rows.Never},
		{time.Unix(0, 0), 0},
		{time.Unix(0, 1), 1},
		{time.Unix(1, 1000), 1_000_001},
		{time.Unix(1, 1001), 1_000_002},
		{time.Unix(0, -1), 0},
		{time.Unix(0, -1000), -1},
		{time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), 253402300799_999_999},
		{time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC), -30610224000_000_000},
	} {
		if got := rows.Micros(c.t); got != c.want {
			t.Errorf("Micros(%v) = %d, want %d", c.t, got, c.want)
		}
		back := rows.Time(c.want)
		if back.Before(c.t) || back.Sub(c.t) >= time.Microsecond || back.Location() != time.UTC {
			t.Errorf("Time(%d) = %v, want %v", c.want, back, c.t)
		}
	}
}

// tides is a trigger of a kind of the user's own.
type tides struct{ High int }

func (tides) Next(_, _ time.Time) (time.Time, bool) { return time.Time{}, false }
func (tides) Kind() string                          { return "tides" }
func (d tides) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"kind":"tides","high":%d}`, d.High), nil
}

var kinds = triggers.Kinds{"tides": func(data json.RawMessage) (triggers.Trigger, error) {
	var d tides
	return d, json.Unmarshal(data, &d)
}}

// What was encoded is decoded, and a claim's changes are not part of it.
func TestSpec(t *testing.T) {
	j := due("a", noon)
	j.Name, j.Trigger, j.Executor, j.MisfireGrace = "name", tides{3}, "slow", time.Minute
	j.Coalesce, j.MaxInstances, j.Delivery = job.All, 4, job.AtLeastOnce
	settings, err := rows.Encode(&j)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%s %s %s %d %s", settings.Task, settings.Executor, settings.Kind, settings.MaxInstances, settings.Delivery); got != "work slow tides 4 at least once" {
		t.Errorf("columns %s", got)
	}
	later := j
	later.NextRunTime, later.Version = noon.Add(time.Hour), 9
	if again, _ := rows.Encode(&later); string(again.Spec) != string(settings.Spec) {
		t.Errorf("got %s after a claim, and %s before", again.Spec, settings.Spec)
	}
	spec := rows.Decode("a", &settings, kinds)
	var got job.Job
	spec.Job(&got, "jobs", 9, noon.Add(time.Hour))
	later.Store, later.Call, got.Call = "jobs", nil, nil
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", later) {
		t.Errorf("got %+v\nwant %+v", got, later)
	}
	spec.Job(&got, "jobs", 10, time.Time{})
	if !got.Paused || got.Version != 10 {
		t.Errorf("a paused job is %+v", got)
	}
	if u, ok := rows.Decode("a", &settings, nil).Unfit(&stores.Known{Triggers: []string{"cron"}}), true; !ok || u != `trigger kind "tides" is not known here` {
		t.Errorf("unfit: %q", u)
	}
}

func TestEncodeRefuses(t *testing.T) {
	j := due("a", noon)
	j.Call = job.Func(nil)
	if _, err := rows.Encode(&j); !errors.Is(err, job.ErrTransientJob) || strings.Contains(err.Error(), "encode job") {
		t.Errorf("got error %v", err)
	}
}

func TestUnfit(t *testing.T) {
	j := due("a", noon)
	settings, _ := rows.Encode(&j)
	spec := rows.Decode("a", &settings, nil)
	for _, c := range []struct {
		known *stores.Known
		want  string
	}{
		{nil, ""},
		{&stores.Known{}, ""},
		{&stores.Known{Tasks: []string{"work"}, Executors: []string{"default"}, Triggers: []string{}}, ""},
		{&stores.Known{Tasks: []string{}}, `task "work" is not registered here`},
		{&stores.Known{Executors: []string{"slow"}}, `there is no executor "default" here`},
		{nil, ""},
	} {
		for range 2 { // the second answer is remembered
			if got := spec.Unfit(c.known); got != c.want {
				t.Errorf("Known %+v: %q, want %q", c.known, got, c.want)
			}
		}
	}
	broken := rows.Decode("a", &rows.Settings{Task: "work", Spec: []byte("{")}, nil)
	if got := broken.Unfit(nil); !strings.HasPrefix(got, "the stored job cannot be read: ") {
		t.Errorf("of a broken job: %q", got)
	}
}

func TestCache(t *testing.T) {
	c := rows.NewCache(nil)
	j := due("a", noon)
	settings, _ := rows.Encode(&j)
	spec := c.Add("a", 3, &settings)
	if c.Find("a", 3) != spec || c.Find("a", 4) != nil || c.Find("b", 3) != nil {
		t.Error("Find does not go by ID and Version")
	}
	c.Drop("a")
	if c.Find("a", 3) != nil {
		t.Error("a dropped job is there")
	}
	for i := range 70_000 {
		c.Add(fmt.Sprint(i), 1, &settings)
	}
	kept := 0
	for i := range 70_000 {
		if c.Find(fmt.Sprint(i), 1) != nil {
			kept++
		}
	}
	if kept > 1<<16 || kept < 1<<15 {
		t.Errorf("%d of 70,000 jobs are kept", kept)
	}
}

func TestPut(t *testing.T) {
	there := map[string]rows.Job{
		"a": {ID: "a", Version: 5, Born: 2, Put: 3, Next: rows.Micros(noon), Waiting: true},
		"p": {ID: "p", Version: 1, Born: 1, Put: 1, Next: rows.Never},
	}
	at := func(id string, version int64, next time.Time) job.Job {
		j := due(id, next)
		j.Version = version
		return j
	}
	for name, c := range map[string]struct {
		mode stores.PutMode
		jobs []job.Job
		want string // rows, Versions, records; or the error
	}{
		"new":                  {stores.Insert, []job.Job{at("n", 0, noon)}, "n v8 born 8 put 8; [8];"},
		"in order of ID":       {stores.Insert, []job.Job{at("n", 0, noon), at("m", 0, noon)}, "m v8 born 8 put 8; n v8 born 8 put 8; [8 8];"},
		"new and there":        {stores.Insert, []job.Job{at("n", 0, noon), at("a", 0, noon)}, `put "a": ` + job.ErrJobExists.Error()},
		"new twice":            {stores.Insert, []job.Job{at("n", 0, noon), at("n", 0, noon)}, `put "n": ` + job.ErrJobExists.Error()},
		"replaced":             {stores.Replace, []job.Job{at("a", 0, noon), at("n", 0, noon)}, "a v6 born 2 put 6 waiting; n v8 born 8 put 8; [6 8]; a modified"},
		"replaced twice":       {stores.Replace, []job.Job{at("a", 0, noon), at("a", 0, time.Time{})}, "a v7 born 2 put 7 waiting paused; [6 7]; a modified a paused"},
		"new and replaced":     {stores.Replace, []job.Job{at("n", 0, noon), at("n", 0, noon)}, "n v9 born 8 put 9; [8 9]; n modified"},
		"resumed":              {stores.Replace, []job.Job{at("p", 0, noon)}, "p v2 born 1 put 2; [2]; p resumed"},
		"if version":           {stores.IfVersion, []job.Job{at("a", 5, noon)}, "a v6 born 2 put 6 waiting; [6]; a modified"},
		"if another version":   {stores.IfVersion, []job.Job{at("a", 4, noon)}, `put "a": ` + job.ErrConflict.Error()},
		"if version, twice":    {stores.IfVersion, []job.Job{at("a", 5, noon), at("a", 6, noon)}, `put "a": ` + job.ErrConflict.Error()},
		"if version, not here": {stores.IfVersion, []job.Job{at("n", 0, noon)}, `put "n": ` + job.ErrJobNotFound.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			puts, err := rows.Put(c.mode, c.jobs, there, 7, noon)
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				for _, r := range slices.Concat(puts.Known, puts.New) {
					got += fmt.Sprintf("%s v%d born %d put %d", r.ID, r.Version, r.Born, r.Put)
					if r.Waiting {
						got += " waiting"
					}
					if r.Next == math.MinInt64 {
						got += " paused"
					}
					got += "; "
				}
				got += fmt.Sprint(puts.Versions, ";")
				for _, r := range puts.Records {
					got += fmt.Sprintf(" %s %s", r.JobID, r.Outcome)
				}
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestKeep(t *testing.T) {
	week := 7 * 24 * time.Hour
	for given, want := range map[stores.Retention]stores.Retention{
		{}:                   {Age: week, Count: 1000},
		{Age: -1, Count: -1}: {Age: -1, Count: -1},
		{Count: 3}:           {Age: week, Count: 3},
		{Age: time.Hour}:     {Age: time.Hour, Count: 1000},
	} {
		if got := rows.Keep(given, 1000); got != want {
			t.Errorf("of %+v: %+v, want %+v", given, got, want)
		}
	}
}

func TestDeliveryOf(t *testing.T) {
	for _, d := range []job.Delivery{job.AtMostOnce, job.AtLeastOnce} {
		if got := rows.DeliveryOf(d.String()); got != d {
			t.Errorf("%s is read as %s", d, got)
		}
	}
	if got := rows.DeliveryOf(""); got != job.AtMostOnce {
		t.Errorf("nothing is read as %s", got)
	}
}

func TestEarlier(t *testing.T) {
	for _, c := range []struct{ a, b, want time.Time }{
		{noon, noon.Add(1), noon}, {noon.Add(1), noon, noon}, {time.Time{}, noon, noon}, {noon, time.Time{}, noon}, {},
	} {
		if got := rows.Earlier(c.a, c.b); got != c.want {
			t.Errorf("of %v and %v: %v", c.a, c.b, got)
		}
	}
}

// Chores are done after so many records, and all of them when long enough has passed.
func TestChores(t *testing.T) {
	var c rows.Chores
	for _, step := range []struct {
		n, minutes int
		want       string
	}{
		{0, 0, "true true"}, {9, 1, "false false"}, {1, 2, "true false"}, {9, 3, "false false"},
		{0, 12, "true true"}, {9, 13, "false false"}, {0, -9, "true true"},
	} {
		if due, all := c.Due(step.n, 10, noon.Add(time.Duration(step.minutes)*time.Minute)); fmt.Sprint(due, " ", all) != step.want {
			t.Errorf("%d records after %d minutes: %t %t, want %s", step.n, step.minutes, due, all, step.want)
		}
	}
}
