package carillon_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

func export(t *testing.T, s *carillon.Scheduler, store ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.ExportJobs(t.Context(), &out, store...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func importJobs(t *testing.T, s *carillon.Scheduler, export string, mode carillon.ImportMode, store ...string) int {
	t.Helper()
	n, err := s.ImportJobs(t.Context(), strings.NewReader(export), mode, store...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// tide is a trigger of somebody else's.
type tide struct{}

func (tide) Next(prev, now time.Time) (time.Time, bool) { return now.Add(12 * time.Hour), true }

func (tide) Kind() string { return "tide" }

func (tide) String() string { return "tide()" }

func (tide) MarshalJSON() ([]byte, error) { return []byte(`{"kind":"tide"}`), nil }

var tides = triggers.Kinds{"tide": func(json.RawMessage) (triggers.Trigger, error) { return tide{}, nil }}

func twoStores() carillon.Config {
	return carillon.Config{
		Stores:   carillon.Stores{"default": memory.Open(), "archive": memory.Open()},
		Tasks:    carillon.NewTasks(reportTask),
		Triggers: tides,
	}
}

// sampleJobs are jobs of every sort.
func sampleJobs() []carillon.Job {
	unknown := carillon.NewTask("not.registered", func(context.Context, map[string]int) error { return nil })
	return []carillon.Job{
		{ID: "nightly", Name: "the report", Call: reportTask.With("ada"), Trigger: triggers.Must(triggers.NewCrontab("30 2 * * *", triggers.Options{})),
			Executor: "wide", MisfireGrace: time.Minute, Coalesce: carillon.All, MaxInstances: 3, Delivery: carillon.AtLeastOnce},
		{ID: "paused", Call: reportTask.With("bob"), Trigger: triggers.Must(triggers.Every(time.Hour)), Paused: true},
		{ID: "foreign", Call: unknown.With(map[string]int{"a": 1}), Trigger: triggers.Must(triggers.Every(time.Minute)), Store: "archive"},
		{ID: "ebb", Call: reportTask.With("<&>"), Trigger: tide{}, Store: "archive"},
		{ID: "once", Call: reportTask.With("eve"), Trigger: triggers.At(epoch.Add(time.Hour))},
	}
}

const sampleExport = `{"version":1,"jobs":[
{"store":"archive","job":{"id":"ebb","name":"reports.send","task":"reports.send","args":"\u003c\u0026\u003e","trigger":{"kind":"tide"},"executor":"default","misfire_grace_time":null,"coalesce":"latest","max_instances":1,"delivery":"at most once","next_run_time":"2024-05-01T22:00:00Z","version":1}},
{"store":"archive","job":{"id":"foreign","name":"not.registered","task":"not.registered","args":{"a":1},"trigger":{"kind":"interval","every":"1m0s","timezone":"UTC","start":"2024-05-01T10:01:00Z"},"executor":"default","misfire_grace_time":null,"coalesce":"latest","max_instances":1,"delivery":"at most once","next_run_time":"2024-05-01T10:01:00Z","version":1}},
{"store":"default","job":{"id":"nightly","name":"the report","task":"reports.send","args":"ada","trigger":{"kind":"crontab","expr":"30 2 * * *","timezone":"UTC"},"executor":"wide","misfire_grace_time":"1m0s","coalesce":"all","max_instances":3,"delivery":"at least once","next_run_time":"2024-05-02T02:30:00Z","version":1}},
{"store":"default","job":{"id":"once","name":"reports.send","task":"reports.send","args":"eve","trigger":{"kind":"date","at":"2024-05-01T11:00:00Z","timezone":"UTC"},"executor":"default","misfire_grace_time":null,"coalesce":"latest","max_instances":1,"delivery":"at most once","next_run_time":"2024-05-01T11:00:00Z","version":1}},
{"store":"default","job":{"id":"paused","name":"reports.send","task":"reports.send","args":"bob","trigger":{"kind":"interval","every":"1h0m0s","timezone":"UTC","start":"2024-05-01T11:00:00Z"},"executor":"default","misfire_grace_time":null,"coalesce":"latest","max_instances":1,"delivery":"at most once","next_run_time":null,"version":1}}
]}
`

func TestExportJobs(t *testing.T) {
	s := newPlanned(t, twoStores())
	expectText(t, "no jobs", export(t, s), "{\"version\":1,\"jobs\":[\n]}\n")
	startPlanned(t, s)
	addJobs(t, s, sampleJobs()...)
	expectText(t, "all jobs", export(t, s), sampleExport)

	lines := strings.SplitAfter(sampleExport, "\n")
	expectText(t, "the jobs of a store", export(t, s, "archive"), lines[0]+lines[1]+strings.Replace(lines[2], "}},", "}}", 1)+lines[6])
}

func TestRoundTrip(t *testing.T) {
	for _, from := range []string{"started", "stopped"} {
		for _, to := range []string{"started", "stopped"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				source, target := newPlanned(t, twoStores()), newPlanned(t, twoStores())
				if from == "started" {
					startPlanned(t, source)
				}
				addJobs(t, source, sampleJobs()...)
				if to == "started" {
					startPlanned(t, target)
				}
				if n := importJobs(t, target, export(t, source), carillon.RefuseExisting); n != 5 {
					t.Errorf("%d jobs imported", n)
				}
				if to != "started" {
					startPlanned(t, target)
				}
				expectText(t, "all jobs", export(t, target), sampleExport)
				expectText(t, "table", printed(t, target), `store archive
  ID       NAME            TRIGGER                                          NEXT RUN
  foreign  not.registered  interval(1m0s) in UTC from 2024-05-01T10:01:00Z  2024-05-01 10:01:00 UTC, parked: task "not.registered" is not registered with this scheduler
  ebb      reports.send    tide()                                           2024-05-01 22:00:00 UTC
store default
  ID       NAME          TRIGGER                                            NEXT RUN
  once     reports.send  date(2024-05-01 11:00:00 UTC)                      2024-05-01 11:00:00 UTC
  nightly  the report    crontab(30 2 * * *) in UTC                         2024-05-02 02:30:00 UTC, parked: there is no executor "wide"
  paused   reports.send  interval(1h0m0s) in UTC from 2024-05-01T11:00:00Z  paused
`)
			})
		}
	}
}

// TestImportUnknownTrigger sends a job through a process that does not know its
// kind of trigger.
func TestImportUnknownTrigger(t *testing.T) {
	config := twoStores()
	config.Triggers = nil
	s := newPlanned(t, config)
	startPlanned(t, s)
	importJobs(t, s, sampleExport, carillon.RefuseExisting)
	job, err := s.Job(t.Context(), "ebb")
	if want := `triggers of kind "tide" are unknown to this process`; err != nil || job.Parked != want {
		t.Errorf("parked: %q, %v; want %q", job.Parked, err, want)
	}
	expectText(t, "all jobs", export(t, s), sampleExport)
}

func TestExportTransientJobs(t *testing.T) {
	s := newPlanned(t, twoStores())
	startPlanned(t, s)
	addJobs(t, s, sampleJobs()...)
	for _, c := range []struct {
		job  carillon.Job
		want string
	}{
		{carillon.Job{ID: "func", Call: carillon.Func(doNothing), Trigger: triggers.At(epoch.Add(time.Hour))},
			`export jobs: encode job "func": job cannot be kept in a persistent store: its call is a Go function; use a Task, or keep the job in a memory store`},
		{carillon.Job{ID: "opaque", Call: reportTask.With("x"), Trigger: opaque{}},
			`export jobs: encode job "func": job cannot be kept in a persistent store: its call is a Go function; use a Task, or keep the job in a memory store (and 1 more like it)`},
	} {
		addJobs(t, s, c.job)
		var out bytes.Buffer
		err := s.ExportJobs(t.Context(), &out)
		if fmt.Sprint(err) != c.want || !errors.Is(err, carillon.ErrTransientJob) {
			t.Errorf("%v; want %s", err, c.want)
		}
		if out.Len() > 0 {
			t.Errorf("written in spite of the error: %s", out.String())
		}
	}
	if err := s.RemoveJob(t.Context(), "func"); err != nil {
		t.Fatal(err)
	}
	err := s.ExportJobs(t.Context(), io.Discard)
	want := `export jobs: encode job "opaque": job cannot be kept in a persistent store: trigger carillon_test.opaque: has no JSON form; implement triggers.Persistent, or keep the job in a memory store`
	if fmt.Sprint(err) != want {
		t.Errorf("%v; want %s", err, want)
	}
	export(t, s, "archive") // the other store can be exported
}

func TestExportErrors(t *testing.T) {
	s := newPlanned(t, twoStores())
	startPlanned(t, s)
	addJobs(t, s, sampleJobs()...)
	if err := s.ExportJobs(t.Context(), io.Discard, "nowhere"); !errors.Is(err, carillon.ErrUnknownStore) {
		t.Errorf("unknown store: %v", err)
	}
	if err := s.ExportJobs(t.Context(), failing{}); !errors.Is(err, errFull) {
		t.Errorf("failing writer: %v", err)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if err := s.ExportJobs(ctx, io.Discard); !errors.Is(err, cause) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestImportModes(t *testing.T) {
	const one = `{"version":1,"jobs":[{"store":"default","job":{"id":"a","name":"old","task":"reports.send","trigger":{"kind":"date","at":"2024-05-02T00:00:00Z"}}}]}`
	const two = `{"version":1,"jobs":[{"store":"default","job":{"id":"a","name":"new","task":"reports.send","trigger":{"kind":"date","at":"2024-05-02T00:00:00Z"}}},{"job":{"id":"b","name":"new","task":"reports.send","next_run_time":null}}]}`
	for _, started := range []bool{true, false} {
		for _, c := range []struct {
			mode    carillon.ImportMode
			n       int
			err     error
			a, b    string // names
			version int64
		}{
			{carillon.RefuseExisting, 0, carillon.ErrJobExists, "old", "", 1},
			{carillon.ReplaceExisting, 2, nil, "new", "new", 2},
			{carillon.SkipExisting, 1, nil, "old", "new", 1},
		} {
			t.Run(fmt.Sprint(started, c.mode), func(t *testing.T) {
				s := newPlanned(t, twoStores())
				if started {
					startPlanned(t, s)
				}
				importJobs(t, s, one, c.mode)
				n, err := s.ImportJobs(t.Context(), strings.NewReader(two), c.mode)
				if n != c.n || !errors.Is(err, c.err) {
					t.Errorf("imported %d, %v; want %d, %v", n, err, c.n, c.err)
				}
				a, _ := s.Job(t.Context(), "a")
				b, _ := s.Job(t.Context(), "b")
				if a.Name != c.a || b.Name != c.b {
					t.Errorf("names %q, %q; want %q, %q", a.Name, b.Name, c.a, c.b)
				}
				if started && a.Version != c.version {
					t.Errorf("version %d; want %d", a.Version, c.version)
				}
			})
		}
	}
}

// TestImportIntoAnotherStore imports what comes from two stores into one.
func TestImportIntoAnotherStore(t *testing.T) {
	s := newPlanned(t, twoStores())
	startPlanned(t, s)
	if n := importJobs(t, s, sampleExport, carillon.RefuseExisting, "archive"); n != 5 {
		t.Errorf("%d jobs imported", n)
	}
	if n := importJobs(t, s, sampleExport, carillon.SkipExisting, "archive"); n != 0 {
		t.Errorf("%d jobs imported that exist", n)
	}
	if n := importJobs(t, s, sampleExport, carillon.SkipExisting); n != 3 {
		t.Errorf("%d jobs imported into their own stores", n)
	}
	jobs, err := s.Jobs(t.Context(), "archive")
	if len(jobs) != 5 || err != nil {
		t.Errorf("archive has %d jobs, %v", len(jobs), err)
	}
}

// TestImportBesideFailingStore imports into one store while another one fails.
func TestImportBesideFailingStore(t *testing.T) {
	config := twoStores()
	config.Stores["broken"] = hookedStore(memory.Open(), func(op string) error {
		if op == "list" {
			return errFull
		}
		return nil
	})
	s := newPlanned(t, config)
	startPlanned(t, s)
	if n := importJobs(t, s, sampleExport, carillon.SkipExisting, "archive"); n != 5 {
		t.Errorf("%d jobs imported", n)
	}
	if _, err := s.ImportJobs(t.Context(), strings.NewReader(sampleExport), carillon.SkipExisting); !errors.Is(err, errFull) {
		t.Errorf("into all stores: %v", err)
	}
}

// TestImportMany imports more than is added at a time.
func TestImportMany(t *testing.T) {
	const many = 2500
	var text strings.Builder
	text.WriteString(`{"version":1,"jobs":[`)
	for i := range many {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"job":{"id":"j%d","task":"reports.send"}}`, i)
	}
	whole := text.String() + "]}"
	s := newPlanned(t, twoStores())
	if err := s.StartPaused(t.Context()); err != nil {
		t.Fatal(err)
	}
	n, err := s.ImportJobs(t.Context(), strings.NewReader(text.String()), carillon.RefuseExisting)
	if n != 2000 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut off: imported %d, %v", n, err)
	}
	if n = importJobs(t, s, whole, carillon.SkipExisting); n != 500 {
		t.Errorf("the rest: imported %d", n)
	}
	n, err = s.ImportJobs(t.Context(), strings.NewReader(whole), carillon.RefuseExisting)
	if n != 0 || !errors.Is(err, carillon.ErrJobExists) {
		t.Errorf("once more: imported %d, %v", n, err)
	}
	if n = importJobs(t, s, whole, carillon.ReplaceExisting); n != many {
		t.Errorf("replaced %d", n)
	}
}

func TestImportFaults(t *testing.T) {
	const good = `{"store":"default","job":{"id":"a","task":"reports.send"}}`
	for text, want := range map[string]string{
		``:                                    `at byte 0: unexpected EOF`,
		`[]`:                                  `at byte 1: found [ instead of {`,
		`5`:                                   `at byte 1: found 5 instead of {`,
		`{}`:                                  `version is missing; begin the export with "version":1`,
		`{"version":2,"jobs":[]}`:             `version is 2; this program reads version 1`,
		`{"version":"1","jobs":[]}`:           `at byte 14: json: cannot unmarshal string into Go value of type int`,
		`{"jobs":[` + good + `],"version":1}`: `version is missing; begin the export with "version":1`,
		`{"version":1,"jobs":{}}`:             `at byte 21: found { instead of [`,
		`{"version":1,"jobs":[` + good + `],"extra":1}`:                                        `extra is unknown; an export has version and jobs`,
		`{"version":1,"jobs":[` + good + `]}{}`:                                                `at byte 82: something follows the export`,
		`{"version":1,"jobs":[` + good + `]`:                                                   `at byte 80: unexpected EOF`,
		`{"version":1,"jobs":[` + good:                                                         `at byte 79: unexpected EOF`,
		`{"version":1,"jobs":[` + good + `,` + good[:20]:                                       `job 1: at byte 80: unexpected EOF`,
		`{"version":1,"jobs":[` + good + `,5]}`:                                                `job 1: at byte 81: json: cannot unmarshal number into Go value of type struct { Store string; Job *job.Job }`,
		`{"version":1,"jobs":[{"store":"x"}]}`:                                                 `job 0: job is missing; give the job's own object`,
		`{"version":1,"jobs":[{"job":null}]}`:                                                  `job 0: job is missing; give the job's own object`,
		`{"version":1,"jobs":[{"job":{"task":"t"}}]}`:                                          `job 0: job.id is missing; give each job one`,
		`{"version":1,"jobs":[{"job":{"id":"a"}}]}`:                                            `job 0: decode job "a": task is missing; give the name of a registered task`,
		`{"version":1,"jobs":[{"id":"a","task":"reports.send"}]}`:                              `job 0: at byte 53: json: unknown field "id"`,
		`{"version":1,"jobs":[` + good + `,{"job":{"id":"b","task":"t","coalesce":"maybe"}}]}`: `job 1: decode job "b": coalesce "maybe" is unknown; use "latest" or "all", or leave it out`,
		`{"version":1,"jobs":[` + good + `,{"job":{"id":"b","task":"t","colour":"red"}}]}`:     `job 1: decode job "b": json: unknown field "colour"`,
		`{"version":1,"jobs":[{"store":"x","job":{"id":"b","task":"t"}}]}`:                     `add job "b" in store "x": no such store; give it in Config.Stores, or by AddStore before`,
		`{"version":1,"jobs":[` + good + `,` + good + `]}`:                                     `add job "a" in store "default": a job with this ID exists already; set Replace to replace it`,
	} {
		s := newPlanned(t, twoStores())
		startPlanned(t, s)
		n, err := s.ImportJobs(t.Context(), strings.NewReader(text), carillon.RefuseExisting)
		if got := fmt.Sprint(err); got != "import jobs: "+want {
			t.Errorf("%s:\n got %s\nwant import jobs: %s", text, got, want)
		}
		jobs, _ := s.Jobs(t.Context())
		if n != 0 || len(jobs) != 0 {
			t.Errorf("%s: imported %d, there are %d", text, n, len(jobs))
		}
	}

	s := newPlanned(t, carillon.Config{})
	_, err := s.ImportJobs(t.Context(), strings.NewReader(""), 7)
	if got, want := fmt.Sprint(err), "import jobs: mode is 7; give RefuseExisting, ReplaceExisting or SkipExisting"; got != want {
		t.Errorf("got %s; want %s", got, want)
	}
}

// FuzzImportJobs imports anything, and what has been imported is exported and
// imported again.
func FuzzImportJobs(f *testing.F) {
	f.Add(sampleExport)
	f.Add(`{"version":1,"jobs":[{"job":{"id":"a","task":"t","next_run_time":null,"trigger":{"kind":"cron","hour":"x"}}}]}`)
	f.Add(`{"version":1,"version":1,"jobs":[],"jobs":[{"job":{"id":"a","task":"t"}}]}`)
	f.Add(`{"version":1,"jobs":[{"store":"archive","job":{"id":"\u0000","task":"t","misfire_grace_time":"1h"}}]} `)
	f.Fuzz(func(t *testing.T, text string) {
		s := newPlanned(t, twoStores())
		n, err := s.ImportJobs(t.Context(), strings.NewReader(text), carillon.ReplaceExisting)
		if err != nil {
			return
		}
		first := export(t, s)
		again := newPlanned(t, twoStores())
		if m := importJobs(t, again, first, carillon.RefuseExisting); m > n {
			t.Errorf("imported %d, and %d again", n, m)
		}
		expectText(t, "once more", export(t, again), first)
	})
}

// An export that is small is read once. One that is large is read first, too, so
// that nothing is written of one that cannot be.
func TestExportReads(t *testing.T) {
	for name, c := range map[string]struct{ jobs, pages int }{"small": {900, 2}, "large": {2500, 2 * 6}} {
		t.Run(name, func(t *testing.T) {
			pages := 0
			s := newPlanned(t, carillon.Config{
				Tasks: carillon.NewTasks(reportTask),
				Stores: carillon.Stores{"default": hookedStore(memory.New().Open, func(op string) error {
					if op == "list" {
						pages++
					}
					return nil
				})},
			})
			startPlanned(t, s)
			for i := range c.jobs {
				addJobs(t, s, carillon.Job{ID: fmt.Sprintf("job-%04d", i), Call: reportTask.With(strings.Repeat("x", 500)), Trigger: triggers.At(epoch.Add(time.Hour))})
			}
			pages = 0
			text := export(t, s)
			if jobs := strings.Count(text, `{"id":`); jobs != c.jobs || pages != c.pages || !strings.HasSuffix(text, "]}\n") {
				t.Errorf("%d jobs in %d bytes, read in %d pages", jobs, len(text), pages)
			}
			addJobs(t, s, carillon.Job{ID: "zzz", Call: carillon.Func(doNothing), Trigger: triggers.At(epoch.Add(time.Hour))})
			var out bytes.Buffer
			if err := s.ExportJobs(t.Context(), &out); !errors.Is(err, carillon.ErrTransientJob) || out.Len() > 0 {
				t.Errorf("%v, and %d bytes are written", err, out.Len())
			}
		})
	}
}
