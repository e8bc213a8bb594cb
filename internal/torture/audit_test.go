package torture

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func second(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }

// story tells what happened to the run times of job "j", which are seconds after
// noon. Its words are
//
//	>n/a   start of the run for second n, attempt a
//	<n/a   its end, "done"; !n/a: it has failed
//	n=x    the history says x of second n, in attempt 1; n=x/a: attempt a
//	m-n=x  it says so of second n, into which those from m on were coalesced
//
// Each start and end happens a tenth of a second after the word before.
func story(t *testing.T, text string) (entries []Entry, records []job.Record) {
	t.Helper()
	outcomes := map[string]job.Outcome{}
	for o := job.Executed; o <= job.Removed; o++ {
		outcomes[o.String()] = o
	}
	for i, word := range strings.Fields(text) {
		if rest := strings.TrimLeft(word, "<>!"); rest != word {
			e := Entry{Started: word[0] == '>', Job: "j", Worker: "w", Attempt: 1, At: noon.Add(time.Duration(i) * time.Second / 10)}
			var n int
			if _, err := fmt.Sscanf(rest, "%d/%d", &n, &e.Attempt); err != nil {
				t.Fatalf("%s: %v", word, err)
			}
			e.Scheduled = second(n)
			e.How = map[byte]string{'<': "done", '!': "failed"}[word[0]]
			entries = append(entries, e)
			continue
		}
		times, what, _ := strings.Cut(word, "=")
		what, attempt, _ := strings.Cut(what, "/")
		r := job.Record{JobID: "j", Outcome: outcomes[what], Attempt: 1}
		if r.Outcome == 0 {
			t.Fatalf("%s: no such outcome", word)
		}
		fmt.Sscan(attempt, &r.Attempt)
		first, last, several := strings.Cut(times, "-")
		if !several {
			last = first
		}
		var m, n int
		fmt.Sscan(first, &m)
		fmt.Sscan(last, &n)
		r.First, r.Scheduled = second(m), second(n)
		records = append(records, r)
	}
	return entries, records
}

// TestAudit tells the audit what can happen, and what must not.
func TestAudit(t *testing.T) {
	const once, least = carillon.AtMostOnce, carillon.AtLeastOnce
	for _, row := range []struct {
		name     string
		delivery carillon.Delivery
		times    int // seconds 0, 1, ...
		story    string
		want     Report
	}{
		{"executed", once, 2, ">0/1 <0/1 0=executed >1/1 !1/1 1=failed", Report{Executed: 1, Failed: 1}},
		{"in any order", once, 2, "1=executed >1/1 <1/1 >0/1 <0/1 0=executed", Report{Executed: 2}},
		{"not executed", once, 3, "0=skipped 1=missed 2=lost", Report{Skipped: 1, Missed: 1, Lost: 1}},
		{"lost while it ran", once, 1, ">0/1 0=lost", Report{Lost: 1}},
		{"lost after it had run", once, 1, ">0/1 <0/1 0=lost", Report{Lost: 1, LostRan: 1}},
		{"coalesced", once, 3, ">2/1 <2/1 0-2=executed", Report{Executed: 1, Coalesced: 2}},
		{"what is no outcome", once, 1, "0=parked 0=modified >0/1 <0/1 0=executed", Report{Executed: 1}},
		{"given back", once, 1, ">0/2 <0/2 0=executed/2", Report{Executed: 1}},
		{"taken over", least, 1, ">0/1 >0/2 <0/2 0=executed/2", Report{Executed: 1, TakenOver: 1}},
		{"taken over before it had started", least, 1, ">0/2 <0/2 0=executed/2", Report{Executed: 1, TakenOver: 1}},
		{"taken over, and too late then", least, 1, ">0/1 0=missed/2", Report{Missed: 1}},
		{"overlapping attempts", least, 1, ">0/1 >0/2 <0/2 <0/1 0=executed/2", Report{Executed: 1, TakenOver: 1}},

		{"a gap", once, 3, ">0/1 <0/1 0=executed 2=skipped", Report{Executed: 1, Skipped: 1, Unaccounted: 1}},
		{"a gap that has run", once, 1, ">0/1 <0/1", Report{Unaccounted: 1}},
		{"a gap behind parking", once, 1, "0=parked", Report{Unaccounted: 1}},
		{"a gap before what was coalesced", once, 3, ">2/1 <2/1 1-2=executed", Report{Executed: 1, Coalesced: 1, Unaccounted: 1}},
		{"started twice", once, 1, ">0/1 <0/1 >0/1 <0/1 0=executed", Report{Executed: 1, Twice: 1}},
		{"started twice, and lost", once, 1, ">0/1 >0/2 0=lost/2", Report{Lost: 1, Twice: 1}},
		{"repeated", least, 1, ">0/1 >0/1 <0/1 0=executed", Report{Executed: 1, Repeated: 1}},
		{"taken over by two", least, 1, ">0/1 >0/2 >0/2 <0/2 0=executed/2", Report{Executed: 1, TakenOver: 1, Repeated: 1}},
		{"two outcomes", once, 1, ">0/1 <0/1 0=executed 0=lost", Report{Executed: 1, Ambiguous: 1}},
		{"coalesced and executed", once, 2, ">0/1 <0/1 0=executed 0-1=skipped", Report{Executed: 1, Skipped: 1, Ambiguous: 1}},
		{"coalesced, but started", once, 2, ">0/1 <0/1 >1/1 <1/1 0-1=executed", Report{Executed: 1, Coalesced: 1, Untrue: 1}},
		{"executed without a start", once, 1, "0=executed", Report{Executed: 1, Untrue: 1}},
		{"executed without an end", once, 1, ">0/1 0=executed", Report{Executed: 1, Untrue: 1}},
		{"executed in another attempt", least, 1, ">0/1 <0/1 0=executed/2", Report{Executed: 1, Untrue: 1}},
		{"executed, but failed", once, 1, ">0/1 !0/1 0=executed", Report{Executed: 1, Untrue: 1}},
		{"skipped, but started", once, 1, ">0/1 0=skipped", Report{Skipped: 1, Untrue: 1}},
		{"missed, but started", once, 1, ">0/1 0=missed", Report{Missed: 1, Untrue: 1}},
		{"never scheduled", once, 1, ">0/1 <0/1 0=executed >1/1 <1/1", Report{Executed: 1, Stray: 2}},
		{"recorded, but never scheduled", once, 1, ">0/1 <0/1 0=executed 1=executed", Report{Executed: 1, Stray: 1}},
		{"three at a time", once, 3, ">0/1 >1/1 >2/1 <0/1 <1/1 <2/1 0=executed 1=executed 2=executed", Report{Executed: 3, Crowded: 1}},
		{"two at a time", once, 3, ">0/1 >1/1 <0/1 >2/1 <1/1 <2/1 0=executed 1=executed 2=executed", Report{Executed: 3}},
		{"three, of which one was lost", once, 3, ">0/1 >1/1 >2/1 <0/1 <1/1 <2/1 0=lost 1=executed 2=executed", Report{Executed: 2, Lost: 1, LostRan: 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			expected := Expected{Job: "j", Delivery: row.delivery, MaxInstances: 2}
			for n := range row.times {
				expected.Times = append(expected.Times, second(n))
			}
			entries, records := story(t, row.story)
			got := Audit([]Expected{expected}, entries, records)
			if (got.Err() == nil) != (len(got.Faults) == 0) || len(got.Faults) != got.Broken() {
				t.Errorf("%d faults are told, and the error is %v", len(got.Faults), got.Err())
			}
			want := row.want
			want.Jobs, want.Scheduled, want.Faults = 1, row.times, got.Faults
			if fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", want) {
				t.Errorf("the audit says\n%+v, want\n%+v", *got, want)
			}
		})
	}
}

// TestAuditOfUnknownJob has things happen to a job that there is not.
func TestAuditOfUnknownJob(t *testing.T) {
	entries, records := story(t, ">0/1 <0/1 0=executed")
	if r := Audit(nil, entries, records); r.Stray != 3 {
		t.Errorf("%d findings are strays, want 3", r.Stray)
	}
}

// TestExpect works out run times.
func TestExpect(t *testing.T) {
	for want, trigger := range map[string]triggers.Trigger{
		"[12:00:00 12:00:02 12:00:04]": every(2*time.Second, noon, noon.Add(5*time.Second)),
		"[12:00:00]":                   triggers.At(noon),
	} {
		var got []string
		for _, at := range Expect(job.Job{Trigger: trigger, NextRunTime: noon}).Times {
			got = append(got, at.Format(time.TimeOnly))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%v runs at %v, want %s", trigger, got, want)
		}
	}
}

// TestJournal writes a journal and reads it again.
func TestJournal(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "w"+journalSuffix)
	entries, _ := story(t, ">0/1 <0/1 >1/2")
	for _, e := range entries {
		j, err := OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Write(e); err != nil {
			t.Error(err)
		}
		if err := j.Write(Entry{Job: strings.Repeat("x", entrySize)}); err == nil {
			t.Error("an entry is written that does not fit")
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
	got, err := ReadJournals(dir)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(entries) {
		t.Errorf("read %v, %v\nwrote %v", got, err, entries)
	}
	if err := os.Truncate(path, 3*entrySize-1); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadJournals(dir); err == nil {
		t.Error("a torn entry is read")
	}
}
