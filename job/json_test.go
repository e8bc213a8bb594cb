package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/canonical/canonicaltest"
	"github.com/carillon-go/carillon/triggers"
)

var (
	start  = time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
	hourly = triggers.Must(triggers.NewInterval(time.Hour, triggers.Options{Start: start, Location: time.UTC}))
	remind = NewTask("mail.remind", func(context.Context, map[string]string) error { return nil })
)

func TestJobJSON(t *testing.T) {
	tests := []struct {
		name string
		job  Job
		want string
	}{
		{"everything", Job{
			ID: "remind-ada", Name: "mail.remind", Call: remind.With(map[string]string{"to": "ada"}), Trigger: hourly,
			Executor: "default", MisfireGrace: 90 * time.Second, Coalesce: All, MaxInstances: 2, Delivery: AtLeastOnce,
			NextRunTime: start.Add(123456789), Version: 3,
		}, `{"id":"remind-ada","name":"mail.remind","task":"mail.remind","args":{"to":"ada"},` +
			`"trigger":{"kind":"interval","every":"1h0m0s","timezone":"UTC","start":"2024-05-01T10:00:00Z"},` +
			`"executor":"default","misfire_grace_time":"1m30s","coalesce":"all","max_instances":2,` +
			`"delivery":"at least once","next_run_time":"2024-05-01T10:00:00.123456789Z","version":3}`},
		{"open settings", Job{ID: "a", Call: &TaskCall{Task: "t"}}, `{"id":"a","task":"t"}`},
		{"no grace, paused", Job{ID: "a", Call: &TaskCall{Task: "t"}, MisfireGrace: NoMisfireGrace, Coalesce: Latest, Delivery: AtMostOnce, Paused: true},
			`{"id":"a","task":"t","misfire_grace_time":null,"coalesce":"latest","delivery":"at most once","next_run_time":null}`},
	}
	for _, tt := range tests {
		data, err := json.Marshal(tt.job)
		if err != nil || string(data) != tt.want {
			t.Errorf("%s:\n got %s (%v)\nwant %s", tt.name, data, err, tt.want)
			continue
		}
		var read Job
		if err := json.Unmarshal(data, &read); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if read.Trigger != nil && read.Trigger.(*triggers.Interval).String() == hourly.String() {
			read.Trigger = tt.job.Trigger
		}
		if !reflect.DeepEqual(read, tt.job) {
			t.Errorf("%s:\n got %+v\nwant %+v", tt.name, read, tt.job)
		}
	}
}

// What belongs to the scheduler, or to the moment, is not part of the job.
func TestJobJSONLeavesOut(t *testing.T) {
	j := Job{ID: "a", Call: &TaskCall{Task: "t"}, Store: "s", Replace: true, Location: time.UTC, Pending: true, Parked: "p"}
	if data, err := json.Marshal(j); err != nil || string(data) != `{"id":"a","task":"t"}` {
		t.Errorf("got %s, %v", data, err)
	}
}

// A job with a trigger and a task that are unknown here is read, and written
// as it was.
func TestJobJSONKeepsWhatIsUnknown(t *testing.T) {
	for _, trigger := range []string{
		`{"kind":"tide","moon":1}`,
		`{"kind":"or","triggers":[{"kind":"tide"}]}`,
		`{"kind":"interval","every":"often"}`,
	} {
		data := `{"id":"a","task":"no.such","args":[1,2],"trigger":` + trigger + `}`
		var j Job
		if err := json.Unmarshal([]byte(data), &j); err != nil {
			t.Fatal(err)
		}
		if _, ok := j.Trigger.(*triggers.Unknown); !ok || j.Call.TaskName() != "no.such" {
			t.Errorf("%s was read as %+v", data, j)
		}
		if again, err := json.Marshal(j); err != nil || string(again) != data {
			t.Errorf("%s was written as %s, %v", data, again, err)
		}
	}
}

type moon struct{}

func (moon) Next(_, _ time.Time) (time.Time, bool) { return time.Time{}, false }

func TestTransientJobsHaveNoJSON(t *testing.T) {
	for _, tt := range []struct {
		name      string
		job       Job
		transient bool
		want      string
	}{
		{"a Go function", Job{ID: "a", Call: Func(func(context.Context) error { return nil })}, true,
			`encode job "a": job cannot be kept in a persistent store: its call is a Go function; use a Task, or keep the job in a memory store`},
		{"a trigger of a user's own", Job{ID: "a", Call: &TaskCall{Task: "t"}, Trigger: moon{}}, true,
			`encode job "a": job cannot be kept in a persistent store: trigger job.moon: has no JSON form; implement triggers.Persistent, or keep the job in a memory store`},
		{"no call", Job{ID: "a"}, false,
			`encode job "a": Job.Call is missing; give a Task's With(args)`},
		{"arguments that are no JSON", Job{ID: "a", Call: NewTask("t", func(context.Context, func()) error { return nil }).With(nil)}, false,
			`encode job "a": arguments of task "t": json: unsupported type: func()`},
	} {
		_, err := json.Marshal(tt.job)
		if err == nil || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.name, err, tt.want)
		}
		if errors.Is(err, ErrTransientJob) != tt.transient {
			t.Errorf("%s: errors.Is(%v, ErrTransientJob) is %v", tt.name, err, !tt.transient)
		}
	}
}

func TestJobJSONRefuses(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{`{"id":"a"}`, `decode job "a": task is missing; give the name of a registered task`},
		{`{"id":"a","task":"t","func":"x:y"}`, `decode job "a": json: unknown field "func"`},
		{`{"id":"a","task":"t","misfire_grace_time":30}`, `misfire_grace_time 30 is no positive duration; write it like "1m30s", or null for none`},
		{`{"id":"a","task":"t","misfire_grace_time":"0s"}`, `misfire_grace_time "0s" is no positive duration`},
		{`{"id":"a","task":"t","coalesce":"first"}`, `coalesce "first" is unknown; use "latest" or "all", or leave it out`},
		{`{"id":"a","task":"t","delivery":"exactly once"}`, `delivery "exactly once" is unknown; use "at most once" or "at least once"`},
		{`{"id":"a","task":"t","next_run_time":"tomorrow"}`, `next_run_time "tomorrow" is no time; write it like "2024-05-01T10:00:00Z", or null`},
		{`{"id":"a","task":"t","max_instances":"3"}`, `max_instances`},
	} {
		j := Job{ID: "before"}
		err := json.Unmarshal([]byte(tt.data), &j)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.data, err, tt.want)
		}
		if !reflect.DeepEqual(j, Job{ID: "before"}) {
			t.Errorf("%s: the job was changed to %+v", tt.data, j)
		}
	}
}

func TestForm(t *testing.T) { canonicaltest.Form(t, new(jobJSON)) }

// What is not quite canonical is read all the same, or refused as it should be.
func TestJobJSONAgrees(t *testing.T) {
	for _, data := range []string{
		`{"task":"t","id":"a"}`,
		`{"ID":"a","Task":"t"}`,
		`{"id":"a","id":"b","task":"t"}`,
		`{"id":"a","task":"t","task":null}`,
		`{"id":"\u0061","task":"t","args":{"a":"\u003c"}}`,
		`{"id":"a","task":"t","args": [1, 2]}`,
		`{"id":"a","task":"t","args":[1,2],"args":{"b":3}}`,
		`{"id":"a","task":"t","args":[1,2],"args":null}`,
		`{"id":"a","task":"t","args":[01]}`,
		`{"id":"a","task":"t","args":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
		`{"id":"a","task":"t","args":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`,
		`{"id":"a","task":"t","trigger":{"kind":"interval","every":"1h"},"trigger":{"kind":"tide"}}`,
		`{"id":"a","task":"t","trigger":7,"max_instances":"2"}`,
		`{"id":"a","task":"t","max_instances":1e2}`,
		`{"id":"a","task":"t","misfire_grace_time":"\u0031m"}`,
		`{"id":"a","task":"t","misfire_grace_time":""}`,
		`{"id":"a","task":"t"} trailing`,
		`{"id":"a","task":"t"`,
		`{"id":"a","task":"t","func":1}`,
		"{\"id\":\"\xff\",\"task\":\"t\",\"args\":\"\xff\"}",
		`null`, `{}`, `[]`, ``,
	} {
		checkAgreement(t, []byte(data))
	}
}

// checkAgreement checks that a job is read as encoding/json reads it: what
// begins with a space is left to it.
func checkAgreement(t *testing.T, data []byte) {
	t.Helper()
	var read, want Job
	err, wantErr := read.UnmarshalJSON(data), want.UnmarshalJSON(append([]byte(" "), data...))
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(read, want) {
		t.Errorf("%s is read as %+v, %v; by encoding/json as %+v, %v", data, read, err, want, wantErr)
	}
}

// A job that was read has nothing of the data, which may be used anew.
func TestJobJSONSharesNothing(t *testing.T) {
	data := []byte(`{"id":"a","name":"b","task":"t","args":{"to":"ada"},"trigger":{"kind":"tide"},"executor":"e"}`)
	var j Job
	if err := j.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	before, _ := j.MarshalJSON()
	clear(data)
	if after, err := j.MarshalJSON(); err != nil || string(after) != string(before) {
		t.Errorf("%s became %s, %v", before, after, err)
	}
}

func FuzzJobJSON(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","name":"b","task":"t","args":{"to":"ada"},"trigger":{"kind":"interval","every":"1h0m0s","start":"2024-05-01T10:00:00Z"},` +
			`"executor":"default","misfire_grace_time":"1m30s","coalesce":"all","max_instances":2,"delivery":"at least once","next_run_time":"2024-05-01T10:00:00.123456789+02:00","version":3}`,
		`{"id":"a","task":"t","misfire_grace_time":null,"coalesce":"latest","delivery":"at most once","next_run_time":null,"trigger":null,"args":null}`,
		`{"id":"a","task":"t","trigger":{"kind":"tide"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkAgreement(t, data)
		var j Job
		if json.Unmarshal(data, &j) != nil {
			return
		}
		form, err := json.Marshal(j)
		if err != nil {
			t.Fatalf("%s was read as %+v: %v", data, j, err)
		}
		var again Job
		if err := json.Unmarshal(form, &again); err != nil {
			t.Fatalf("%s was written as %s: %v", data, form, err)
		}
		if same, err := json.Marshal(again); err != nil || string(same) != string(form) {
			t.Fatalf("%s was written as %s, %v", form, same, err)
		}
	})
}
