package dashboard

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// counted counts the jobs that are read of it.
type counted struct {
	stores.Transient
	jobs *int
}

func (s *counted) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	jobs, err := s.Transient.List(ctx, after, limit)
	*s.jobs += len(jobs)
	return jobs, err
}

func (s *counted) Fleeting() {}

// TestLarge looks at 200,000 jobs: pages read what they show, and little more.
func TestLarge(t *testing.T) {
	const n = 200_000
	jobsRead := 0
	r := newRig(t, carillon.Config{Stores: carillon.Stores{"default": func(ctx context.Context, env stores.Env) (stores.Store, error) {
		s, err := memory.Open()(ctx, env)
		return &counted{s.(stores.Transient), &jobsRead}, err
	}}}, Config{})
	r.start()
	jobs, daily := make([]carillon.Job, n), triggers.Must(triggers.Every(24*time.Hour))
	for i := range jobs {
		jobs[i] = carillon.Job{ID: fmt.Sprintf("job/%06d", i), Name: "even", Call: carillon.Func(nothing), Trigger: daily}
		if i%1000 == 999 {
			jobs[i].Name, jobs[i].Paused = "Thousandth", true
		}
	}
	_, err := r.AddJobs(t.Context(), jobs)
	r.must(err)

	for _, row := range []struct {
		link   string
		first  string
		shown  int
		reads  int // jobs, at most
		next   string
		search int // jobs that were looked at
	}{
		{"jobs.json", "job/000000", 100, 101, "job/000099", 100},
		{"jobs.json?after=job/100000", "job/100001", 100, 101, "job/100100", 100},
		{"jobs.json?after=job/199949", "job/199950", 50, 101, "", 50},
		{"jobs.json?prefix=job/1234", "job/123400", 100, 101, "", 100},
		{"jobs.json?prefix=job/123456", "job/123456", 1, 102, "", 1},
		{"jobs.json?prefix=job/2", "", 0, 101, "", 0},
		{"jobs.json?name=thousandTH", "job/000999", 20, 20_000, "job/019999", 20_000},
		{"jobs.json?state=paused&after=job/019999", "job/020999", 20, 20_000, "job/039999", 20_000},
		{"jobs.json?name=nothing&prefix=job/199", "", 0, 1000, "", 1000},
		{"overview.json", "", 0, 1001, "", 0},
	} {
		jobsRead = 0
		answer := r.get(row.link)
		if answer.Code != 200 || answer.Body.Len() > 64<<10 {
			t.Errorf("%s: %d, %d bytes", row.link, answer.Code, answer.Body.Len())
		}
		if jobsRead > row.reads {
			t.Errorf("%s reads %d jobs, want %d at most", row.link, jobsRead, row.reads)
		}
		if strings.HasPrefix(row.link, "overview") {
			continue
		}
		page := read[jobsPage](r, row.link)
		first := ""
		if len(page.Jobs) > 0 {
			first = page.Jobs[0].ID
		}
		if first != row.first || len(page.Jobs) != row.shown || page.Next != row.next || page.Searched != row.search {
			t.Errorf("%s: %d jobs from %q, next %q, %d looked at; want %d from %q, next %q, %d",
				row.link, len(page.Jobs), first, page.Next, page.Searched, row.shown, row.first, row.next, row.search)
		}
	}
	html := r.get("jobs")
	if html.Body.Len() > 64<<10 {
		t.Errorf("the page has %d bytes", html.Body.Len())
	}
	r.shows("jobs", "100 in order of ID, and perhaps more", "Next page behind job/000099")
	r.shows("", "Jobs more than 1000", "Without store default : it has more than 1000 jobs.")
	r.shows("jobs?name=nothing", "No job matches among the 20000 that were looked at.", "Search on behind job/019999")
	if next := nextPage(t, html.Body.String()); next != "jobs?after=job%2F000099" {
		t.Errorf("the next page is %q", next)
	}
}

// TestHistoryPages goes through a history, page by page.
func TestHistoryPages(t *testing.T) {
	r := newRig(t, carillon.Config{}, Config{})
	r.add(r.Every(time.Second, nothing, carillon.Job{ID: "job"}))
	r.start()
	r.pass(250 * time.Second)
	var seen []int64
	pages := 0
	for link := "history"; link != ""; pages++ {
		page := read[historyPage](r, strings.Replace(link, "history", "history.json", 1))
		for _, record := range page.Records {
			seen = append(seen, record.Seq)
		}
		link = nextPage(t, r.get(link).Body.String())
		if pages > 5 {
			t.Fatal("there is no end to it")
		}
	}
	if len(seen) != 250 || pages != 3 {
		t.Fatalf("%d records on %d pages", len(seen), pages)
	}
	for i := range seen {
		if seen[i] != int64(250-i) {
			t.Fatalf("record %d is %d", i, seen[i])
		}
	}
}

// nextPage returns the link of a page to the next one, or "".
func nextPage(t *testing.T, page string) string {
	t.Helper()
	for _, e := range elements(t, page) {
		if e.attributes["rel"] == "next" {
			return e.attributes["href"]
		}
	}
	return ""
}
