package dashboard

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

var update = flag.Bool("update", false, "write testdata/*.json instead of comparing with it")

// everyPage are links to all pages of the world below.
var everyPage = []string{
	"", "overview", "jobs", "jobs?state=paused", "runs", "history", "history?outcome=trouble", "history?id=poll",
	"job?id=poll", "job?id=nightly&at=2026-10-25+02:30", "job?id=gone", "jobs?store=none", "nothing",
}

type mailArgs struct {
	To string `json:"to"`
}

// world is a scheduler with jobs in all states, an hour after its start.
func world(t *testing.T, dashboard Config) *rig {
	mail := carillon.NewTask("mail.send", func(ctx context.Context, _ mailArgs) error { return carillon.Sleep(ctx, 3*time.Second) })
	r := newRig(t, carillon.Config{Tasks: carillon.NewTasks(mail)}, dashboard)
	_, err := r.AddJob(t.Context(), mail.With(mailArgs{"ada@example.org"}), triggers.Must(triggers.Every(10*time.Minute)),
		carillon.Job{ID: "poll", Name: "Poll the inbox"})
	r.must(err)
	r.add(r.Crontab("30 2 * * *", nothing, carillon.Job{ID: "nightly", MisfireGrace: time.Minute}))
	r.add(r.Every(25*time.Minute, func(context.Context) error { return errors.New("no ink\nin the printer") }, carillon.Job{ID: "print"}))
	r.add(r.Every(30*time.Minute, func(ctx context.Context) error { return carillon.Sleep(ctx, 45*time.Minute) }, carillon.Job{ID: "slow"}))
	r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "idle", Paused: true}))
	r.add(r.Every(2*time.Hour, nothing, carillon.Job{ID: "homeless", Executor: "gpu"}))
	r.start()
	r.pass(time.Hour + 5*time.Second)
	return r
}

// TestPages looks at what the pages say.
func TestPages(t *testing.T) {
	r := world(t, Config{Title: "Billing"})
	r.shows("", "Billing", "running", "Jobs 6", "Under way 1", "Trouble in 24 h 3", "Parked jobs 1",
		"Next", "poll Poll the inbox · mail.send in 9 min 55 s 2026-10-24 13:10:00",
		"Under way", "slow 2026-10-24 12:30:00 default running for 30 min",
		"Trouble", "slow skipped 5 s ago", "print failed 10 min ago", "no ink",
		"Stores", "default 6 1 1 3", "Executors", "default 1 0")
	r.shows("jobs", "6 in order of next run",
		"poll Poll the inbox · mail.send interval(10m0s) in Europe/Berlin from 2026-10-24T12:10:00+02:00 in 9 min 55 s 2026-10-24 13:10:00 executed 5 s ago",
		"print", "slow", "running skipped", "homeless", "parked", `there is no executor "gpu"`, "none on record",
		"nightly", "idle", "paused")
	r.shows("runs", "slow 2026-10-24 12:30:00 default running for 30 min")
	r.shows("history?outcome=failed", "print failed 10 min ago 2026-10-24 12:50:00", "0 s 0 s", "no ink", "no ink in the printer", "35 min ago")
	r.shows("job?id=poll", "poll", "Next run in 9 min 55 s", "Runs task mail.send", `{"to":"ada@example.org"}`,
		"Next runs Europe/Berlin", "Sat 2026-10-24 13:10:00 CEST in 9 min 55 s",
		"The last 6: 6 executed; up: how long each took, at most 3 s", "executed", "3 s")
	r.shows("job?id=idle", "paused", "Would run", "Sat 2026-10-24 14:00:00 CEST")
}

// TestClockChange looks at a job that runs when the clocks are put back, and asks
// for a time that there is twice.
func TestClockChange(t *testing.T) {
	r := world(t, Config{})
	r.shows("job?id=nightly&at=2026-10-25+02:30",
		"Sun 2026-10-25 02:30:00 CEST", "clocks are put back by 1 h at 03:00 CEST", "Mon 2026-10-26 02:30:00 CET",
		"Why did it not run?",
		"Sun 2026-10-25 02:30:00 CEST has not come yet", "Sun 2026-10-25 02:30:00 CET will not run: the job's trigger does not have this time")
	r.shows("job?id=poll&at=2026-10-24T12:20", "Sat 2026-10-24 12:20:00 CEST ran at 2026-10-24T12:20:00+02:00 for 3s")
	r.shows("job?id=slow&at=2026-10-24T11:00:00Z", "did not run: MaxInstances is 1")
	r.shows("job?id=poll&at=yesterday", "This is not a time.")
}

// TestJSON holds the JSON of the pages against examples.
func TestJSON(t *testing.T) {
	r := world(t, Config{})
	node := regexp.MustCompile(`"node": "[^"]*"`)
	for name, link := range map[string]string{
		"overview": "overview.json",
		"jobs":     "jobs.json?prefix=p",
		"job":      "job.json?id=nightly&at=2026-10-25T02:30",
		"runs":     "runs.json",
		"history":  "history.json?outcome=trouble",
	} {
		answer := r.get(link)
		got := node.ReplaceAll(answer.Body.Bytes(), []byte(`"node": "some"`))
		file := filepath.Join("testdata", name+".json")
		if *update {
			r.must(os.WriteFile(file, got, 0o644))
			continue
		}
		want, err := os.ReadFile(file)
		r.must(err)
		if answer.Code != http.StatusOK || string(got) != string(want) {
			t.Errorf("%s (%d) is\n%s\nwant, as in %s (go test . -update writes it),\n%s", link, answer.Code, got, file, want)
		}
	}
}

// TestSecure checks that no page needs what its Content-Security-Policy forbids,
// nor leads elsewhere, and that all have a title and labels.
func TestSecure(t *testing.T) {
	r := world(t, Config{MayChange: func(*http.Request) bool { return true }})
	for _, link := range everyPage {
		answer := r.get(link)
		if policy := answer.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%q has the policy %q", link, policy)
		}
		labelled, controls, headings := 0, 0, 0
		for _, e := range elements(t, answer.Body.String()) {
			for name, value := range e.attributes {
				if name == "style" || strings.HasPrefix(name, "on") || strings.Contains(value, "://") || strings.HasPrefix(value, "/") {
					t.Errorf("%q has <%s %s=%q>", link, e.name, name, value)
				}
			}
			switch {
			case e.name == "script" || e.name == "style":
				t.Errorf("%q has a %s", link, e.name)
			case e.name == "label":
				labelled++
			case e.name == "select" || e.name == "input" && e.attributes["type"] != "hidden":
				controls++
			case e.name == "h1":
				headings++
			}
		}
		if headings != 1 || labelled != controls {
			t.Errorf("%q has %d main headings, %d labels of %d controls", link, headings, labelled, controls)
		}
	}
}

// TestFiles checks that a browser keeps the files that pages refer to, and none that
// has been asked for as another version.
func TestFiles(t *testing.T) {
	r := world(t, Config{})
	for _, row := range []struct{ link, mime, cached string }{
		{fileLink("style.css"), "text/css; charset=utf-8", "private, max-age=31536000, immutable"},
		{fileLink("icon.svg"), "image/svg+xml", "private, max-age=31536000, immutable"},
		{"style.css?v=newer", "text/css; charset=utf-8", "no-store"},
		{"style.css", "text/css; charset=utf-8", "no-store"},
	} {
		answer := r.get(row.link)
		if answer.Code != http.StatusOK || answer.Body.Len() == 0 {
			t.Errorf("%s: %d, %d bytes", row.link, answer.Code, answer.Body.Len())
		}
		mime, cached := answer.Header().Get("Content-Type"), answer.Header().Get("Cache-Control")
		if mime != row.mime || cached != row.cached {
			t.Errorf("%s is %q, kept %q, want %q, %q", row.link, mime, cached, row.mime, row.cached)
		}
	}
}

// TestStatus checks what is answered for what is not there, or not so.
func TestStatus(t *testing.T) {
	r := world(t, Config{})
	for _, row := range []struct {
		method, link string
		want         int
	}{
		{"GET", "", 200},
		{"HEAD", "jobs", 200},
		{"GET", "nothing", 404},
		{"GET", "nothing.json", 404},
		{"GET", "job?id=nobody", 404},
		{"GET", "job.json?id=nobody", 404},
		{"GET", "job?id=poll&store=none", 404},
		{"GET", "jobs?store=none", 404},
		{"GET", "history?store=none", 404},
		{"GET", "job", 404},
		{"GET", "job.json?store=default&at=2026-10-24T12:00", 404},
		{"POST", "jobs", 405},
		{"GET", "do", 405},
	} {
		if answer := r.send(httptest.NewRequest(row.method, "/carillon/"+row.link, nil)); answer.Code != row.want {
			t.Errorf("%s %s: %d, want %d", row.method, row.link, answer.Code, row.want)
		}
	}
}

// TestEnded looks for a job that has ended: the history tells of it.
func TestEnded(t *testing.T) {
	r := world(t, Config{})
	r.add(r.At(r.Now().Add(time.Second), nothing, carillon.Job{ID: "once"}))
	r.pass(time.Minute)
	if answer := r.get("job?id=once"); answer.Code != http.StatusOK {
		t.Errorf("a job that has ended: %d", answer.Code)
	}
	r.shows("job?id=once", "once", "There is no such job now. It has ended or was removed", "The last 1: 1 executed")
}

// TestPending looks at a job that waits for the start, and leaves its settings to the
// scheduler.
func TestPending(t *testing.T) {
	defaults := carillon.JobDefaults{MisfireGrace: time.Minute, MaxInstances: 7, Coalesce: carillon.All}
	r := newRig(t, carillon.Config{JobDefaults: defaults}, Config{})
	r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "job"}))
	r.shows("job?id=job", "pending", "at most 7 runs", "runs up to 1 min late", "a run for each")
	r.start()
	r.shows("job?id=job", "at most 7 runs", "runs up to 1 min late", "a run for each")
}

// TestStopped looks at a scheduler that is not started: its jobs wait.
func TestStopped(t *testing.T) {
	r := newRig(t, carillon.Config{}, Config{})
	r.shows("", "stopped", "Jobs 0")
	r.add(r.Every(time.Hour, nothing, carillon.Job{ID: "hourly"}))
	_, err := r.AddJob(t.Context(), carillon.Func(nothing), nil, carillon.Job{ID: "once"})
	r.must(err)
	r.shows("", "stopped", "Jobs 2", "Stores", "default", "stopped, and its stores are closed")
	r.shows("jobs", "hourly", "pending until the start", "not known")
	r.shows("job?id=hourly&at=2026-10-24+12:00", "pending", "This cannot be said: ", "not running")
	r.shows("job?id=once", "Trigger once", "Once, when the scheduler is started.")
	r.shows("history", "The scheduler is stopped")
	if page := read[jobsPage](r, "jobs.json"); len(page.Faults) != 0 {
		t.Errorf("a scheduler that is stopped is no fault: %v", page.Faults)
	}
	r.start()
	r.shows("", "running", "Jobs 1")
	r.must(r.Pause(t.Context()))
	r.pass(time.Hour)
	r.shows("jobs", "paused", "hourly", "due now")
}

// TestNoHistory looks at a store that keeps none.
func TestNoHistory(t *testing.T) {
	none := memory.Config{}
	none.History.Count = -1
	r := newRig(t, carillon.Config{Stores: carillon.Stores{"default": none.Open}}, Config{})
	r.add(r.Every(time.Minute, nothing, carillon.Job{ID: "job"}))
	r.start()
	for link, texts := range map[string][]string{
		"":                               {"Jobs 1", "The store keeps no history."},
		"jobs":                           {"job", "not known", "The store keeps no history."},
		"history":                        {"The store keeps no history."},
		"job?id=job&at=2026-10-24+12:01": {"This cannot be said", "The store keeps no history."},
	} {
		r.shows(link, texts...)
	}
}

// TestLocation shows times in another zone than the scheduler's, except for run
// times of a job that has its own.
func TestLocation(t *testing.T) {
	r := world(t, Config{Location: time.UTC})
	r.shows("jobs", "poll", "in 9 min 55 s 2026-10-24 11:10:00", "times in UTC")
	r.shows("job?id=nightly", "Next run in 13 h 29 min 2026-10-25 00:30:00", "Next runs Europe/Berlin Sun 2026-10-25 02:30:00 CEST", "At, in Europe/Berlin")
	r.shows("job?id=nobody", "no such job in store default", "times in UTC")
}

// TestConcurrently asks for all pages at once, while the scheduler works.
func TestConcurrently(t *testing.T) {
	r := world(t, Config{})
	var all sync.WaitGroup
	for _, link := range everyPage {
		all.Go(func() {
			for range 5 {
				if answer := r.get(link); answer.Code >= http.StatusInternalServerError {
					t.Errorf("%q: %d", link, answer.Code)
				}
			}
		})
	}
	r.pass(time.Hour)
	all.Wait()
}

// TestRefresh has a page read anew by itself, without losing what it shows.
func TestRefresh(t *testing.T) {
	r := world(t, Config{})
	for link, want := range map[string]string{
		"jobs?prefix=p":            "",
		"jobs?prefix=p&refresh=30": "30",
		"jobs?prefix=p&refresh=0":  "",
	} {
		got, off := "", ""
		for _, e := range elements(t, r.get(link).Body.String()) {
			if e.attributes["http-equiv"] == "refresh" {
				got = e.attributes["content"]
			}
			if e.attributes["href"] == "jobs?prefix=p" {
				off = "it can be turned off"
			}
		}
		if got != want || (off != "") != (want != "") {
			t.Errorf("%s is read anew after %q s; %s", link, got, off)
		}
	}
}
