package planner_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest/planner"
)

// page is what is in a page.
type page struct {
	html    string
	classes map[string]int // of elements in the picture, by name and class
	titles  []string       // texts shown when something is pointed at
}

// parsePage reads the page as strict XML, which is more than HTML asks for.
func parsePage(t *testing.T, r *planner.Report) page {
	t.Helper()
	var html bytes.Buffer
	if err := r.WriteHTML(&html); err != nil {
		t.Fatal(err)
	}
	p := page{html: html.String(), classes: make(map[string]int)}
	var path []string
	for d := xml.NewDecoder(&html); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			for _, a := range token.Attr {
				if a.Name.Local == "class" {
					p.classes[token.Name.Local+"."+a.Value]++
				}
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if n := len(path); n > 3 && path[n-1] == "title" {
				p.titles = append(p.titles, string(token))
			}
		}
	}
}

func (p page) tells(text string) bool {
	for _, title := range p.titles {
		if strings.Contains(title, text) {
			return true
		}
	}
	return false
}

func TestPicture(t *testing.T) {
	r := plan(t, "2024-03-30 00:00", "2024-04-02 00:00", planner.Config{
		Jobs: []carillon.Job{
			{ID: "backup", Trigger: cron("30 2 * * *")},
			{ID: "long", Trigger: cron("0 */6 * * *"), MaxInstances: 2},
			{ID: "skipping", Trigger: cron("0 1,2,3 * * *")},
			{ID: "missing", Trigger: cron("31 2 * * *"), MisfireGrace: time.Minute},
			{ID: "dense", Trigger: cron("*/5 * * * *")},
			{ID: "asleep", Trigger: cron("0 0 * * *"), Paused: true},
		},
		Duration:  planner.Durations(map[string]time.Duration{"long": 7 * time.Hour, "dense": 11 * time.Second}, 100*time.Minute),
		Executors: map[string]int{"default": 3},
	})
	p := parsePage(t, r)
	executed := jobNamed(t, r, "backup").Executed + jobNamed(t, r, "long").Executed + jobNamed(t, r, "skipping").Executed + jobNamed(t, r, "missing").Executed
	for class, want := range map[string]int{
		"rect.run":    executed,
		"path.skip":   jobNamed(t, r, "skipping").Skipped,
		"path.miss":   jobNamed(t, r, "missing").Missed,
		"path.change": 1,
		"path.size":   1,
	} {
		if got := p.classes[class]; got != want || want == 0 {
			t.Errorf("%d elements %s, want %d and some", got, class, want)
		}
	}
	if n := p.classes["rect.run heat"]; n == 0 || n > 200 {
		t.Errorf("%d cells of heat for the dense job, want some and no more than 200", n)
	}
	for _, text := range []string{
		"backup, scheduled Sun 31 Mar 03:30 CEST (later than usual: the clock goes forward)",
		"skipped: maximum number of running instances reached: 1",
		"missed: run time was missed by",
		"the clock goes from 02:00 to 03:00\nbackup: 02:30 runs 1h later",
		"at most 3 at a time",
	} {
		if !p.tells(text) {
			t.Errorf("nothing tells %q when pointed at", text)
		}
	}
	for _, foreign := range []string{"<script", "<link", "@import", "url(", "src="} {
		if strings.Contains(p.html, foreign) {
			t.Errorf("the page has %s: it is to need nothing else", foreign)
		}
	}
	if n := strings.Count(p.html, "http"); n != strings.Count(p.html, `xmlns="http://www.w3.org/2000/svg"`) {
		t.Errorf("the page has %d addresses beside its name space", n)
	}
}

func TestNamesAreEscaped(t *testing.T) {
	r := plan(t, "2024-05-01 00:00", "2024-05-02 00:00", planner.Config{
		Jobs: []carillon.Job{
			{ID: `<script>alert("1")</script> & 'more'`, Trigger: cron("0 * * * *")},
			{ID: "<b>", Trigger: cron("0 * * * *"), Paused: true, Name: "</title></svg>"},
			{ID: "ünï&", Trigger: cron("0 * * * *"), Parked: "<i>", Executor: "<e>"},
		},
	})
	p := parsePage(t, r)
	if strings.Contains(p.html, "<script") || strings.Contains(p.html, "<b>") || strings.Contains(p.html, "<i>") {
		t.Error("the page has a job's name as an element")
	}
	if !p.tells(`<script>alert("1")</script> & 'more'`) {
		t.Error("the page does not tell the name")
	}
}

// A picture does not grow with the number of runs.
func TestManyRunsAreAStrip(t *testing.T) {
	r := plan(t, "2024-05-01 00:00", "2024-05-08 00:00", planner.Config{
		Jobs:     []carillon.Job{{ID: "poll", Trigger: cron("* * * * *")}},
		Duration: lasting(20 * time.Second),
	})
	p := parsePage(t, r)
	if n := len(p.html); r.Due != 7*24*60 || n > 100_000 {
		t.Errorf("the page has %d bytes for %d runs, want less than 100,000 for a week of minutes", n, r.Due)
	}
	if p.classes["rect.run"] != 0 || p.classes["rect.run heat"] != 7*24 {
		t.Errorf("%d bars and %d cells, want only cells, of an hour", p.classes["rect.run"], p.classes["rect.run heat"])
	}
	if !p.tells("60 runs due\nexecuting 33 %") {
		t.Error("no cell tells how many runs are in it")
	}
}
