package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// at adds a job that is to run once, d from now.
func (r *rig) at(id string, d time.Duration, do carillon.Func, settings carillon.Job) {
	r.t.Helper()
	settings.ID = id
	_, err := r.At(r.clock.Now().Add(d), do, settings)
	r.must(err)
}

// explain checks the explanation of what became of a run time d ago.
func (r *rig) explain(id string, d time.Duration, want string) {
	r.t.Helper()
	e, err := r.Explain(patience(r.t), id, r.clock.Now().Add(-d))
	if err != nil || !strings.Contains(e.Text, want) {
		r.t.Errorf("%v (%v), want ... %q ...", e, err, want)
	}
}

func TestExplain(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		r.at("late", -10*time.Second, nothing, carillon.Job{MisfireGrace: 5 * time.Second})
		r.at("fails", -10*time.Second, func(context.Context) error { return errors.New("disk full") }, carillon.Job{})
		r.at("once", -10*time.Second, nothing, carillon.Job{})
		r.at("lost executor", -10*time.Second, nothing, carillon.Job{Executor: "none"})
		r.at("removed", 10*time.Second, nothing, carillon.Job{})
		_, err := r.Crontab("* * * * * *", nothing, carillon.Job{ID: "coalesced", NextRunTime: r.clock.Now().Add(-9 * time.Second)})
		r.must(err)
		r.pass(time.Millisecond)
		r.must(r.RemoveJob(patience(t), "removed"))
		over, err := triggers.NewInterval(time.Second, triggers.Options{Start: r.clock.Now().Add(-time.Hour), End: r.clock.Now().Add(-time.Minute)})
		r.must(err)
		_, err = r.AddJob(patience(t), carillon.Func(nothing), over, carillon.Job{ID: "over"})
		r.must(err)

		const since = 10*time.Second + time.Millisecond
		r.explain("late", since, "did not run: ")
		r.explain("late", since, "its grace is 5s")
		r.explain("fails", since, "ran and failed: disk full")
		r.explain("once", since, "ran at ")
		r.explain("lost executor", since, `there is no executor "none"`)
		r.explain("removed", -since, "will not run: the job was removed at ")
		r.explain("coalesced", 9*time.Second+time.Millisecond, "was coalesced into the run time ")
		r.explain("over", 0, "the job's trigger has no time at or after this one")
		r.explain("nobody", 0, "no such job")
		r.shutdown()
		if _, err := r.Explain(patience(t), "once", r.clock.Now()); !errors.Is(err, carillon.ErrNotRunning) {
			t.Errorf("of a scheduler that is stopped: %v", err)
		}
	})
}

// once is a custom trigger that is asked in vain for a second time.
type once struct {
	at   time.Time
	then func(prev time.Time) (time.Time, bool)
}

func (o once) Next(prev, now time.Time) (time.Time, bool) {
	if prev.IsZero() {
		return o.at, true
	}
	return o.then(prev)
}

// TestExplainTriggers asks about jobs whose triggers misbehave, or have times
// that no store keeps.
func TestExplainTriggers(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		defer r.shutdown()
		start := r.clock.Now()
		add := func(id string, trigger triggers.Trigger, settings carillon.Job) {
			settings.ID = id
			_, err := r.AddJob(patience(t), carillon.Func(nothing), trigger, settings)
			r.must(err)
		}
		add("panics", once{start, func(time.Time) (time.Time, bool) { panic("boom") }}, carillon.Job{})
		add("will panic", once{start.Add(time.Hour), func(time.Time) (time.Time, bool) { panic("boom") }}, carillon.Job{})
		add("stands still", once{start, func(prev time.Time) (time.Time, bool) { return prev, true }}, carillon.Job{})
		add("goes back", once{start.Add(time.Hour), func(prev time.Time) (time.Time, bool) { return prev.Add(-time.Hour), true }}, carillon.Job{})
		add("too exact", triggers.Must(triggers.NewInterval(time.Second, triggers.Options{Start: start.Add(time.Second + time.Nanosecond)})), carillon.Job{})
		add("lost executor", triggers.Must(triggers.NewInterval(time.Minute, triggers.Options{Start: start.Add(time.Minute)})), carillon.Job{Executor: "none"})
		add("paused", seconds(), carillon.Job{Paused: true})
		add("coalesced", triggers.Must(triggers.NewInterval(10*time.Second, triggers.Options{Start: start.Add(-time.Minute)})), carillon.Job{NextRunTime: start.Add(-time.Minute)})
		r.pass(time.Millisecond)

		for _, tt := range []struct {
			id   string
			from time.Duration // since the start
			want string
		}{
			{"panics", 0, "did not run yet: its trigger has panicked: boom"},
			{"panics", time.Second, "will not run: the job is parked since its run time "},
			{"will panic", time.Second, "there is no record of it, and the job's trigger has panicked: boom"},
			{"stands still", time.Millisecond, "; a trigger's times must grow"},
			{"goes back", time.Minute, "will not run: the job's trigger does not have this time"},
			{"too exact", 2*time.Second + time.Microsecond, "has not come yet; "},
			{"too exact", 2 * time.Second, "will not run: the job's trigger does not have this time; the next one is "},
			{"lost executor", time.Minute, `has not come yet; the job's next run time is `},
			{"lost executor", time.Minute, `, and it is parked: there is no executor "none"`},
			{"paused", time.Minute, "will not run: the job is paused"},
			{"paused", -time.Minute, "did not run: the job is paused"},
			{"coalesced", -20 * time.Second, "was coalesced into the run time "},
			{"coalesced", -21 * time.Second, "is none that the job's trigger has; those around it were coalesced into the run time "},
		} {
			r.explain(tt.id, r.clock.Now().Sub(start.Add(tt.from)), tt.want)
		}
	})
}

// TestExplainRunning asks while a run goes on.
func TestExplainRunning(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		slow := func(ctx context.Context) error { return carillon.Sleep(ctx, time.Minute) }
		r.at("once", 0, slow, carillon.Job{})
		_, err := r.Crontab("* * * * *", slow, carillon.Job{ID: "often"})
		r.must(err)
		r.pass(time.Second)
		for _, id := range []string{"once", "often"} {
			r.explain(id, time.Second, "its run has not ended yet")
		}
		r.pass(time.Minute)
		for _, id := range []string{"once", "often"} {
			r.explain(id, time.Minute+time.Second, "ran at ")
		}
		r.shutdown()
	})
}

// TestExplainChanges asks about times before and after what was done to a job.
func TestExplainChanges(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		add := func() {
			_, err := r.Crontab("* * * * *", nothing, carillon.Job{ID: "a"})
			r.must(err)
		}
		minute := r.clock.Now()
		hour := func(n float64) { r.pass(minute.Add(time.Duration(n * float64(time.Hour))).Sub(r.clock.Now())) }
		explain := func(n float64, want string) {
			t.Helper()
			r.explain("a", r.clock.Now().Sub(minute.Add(time.Duration(n*float64(time.Hour)))), want)
		}
		add()
		hour(1)
		_, err := r.PauseJob(patience(t), "a")
		r.must(err)
		hour(1.25)
		_, err = r.ModifyJob(patience(t), "a", carillon.Changes{Name: new("new name")})
		r.must(err)
		explain(1.5, "will not run: the job was paused at ")
		hour(2)
		_, err = r.ResumeJob(patience(t), "a")
		r.must(err)
		explain(1.5, "did not run: the job was paused at ")
		hour(3.01)
		r.must(r.RemoveJob(patience(t), "a"))
		explain(1.5, "did not run: the job was paused at ")
		explain(2.5+0.001, "there is no record of it: ")
		explain(3.5, "will not run: the job was removed at ")
		hour(4.01)
		add()
		hour(5.01)
		explain(3.5, ", and added again later")
		explain(4.5, "ran at ")
		r.must(r.Pause(patience(t)))
		hour(6)
		explain(5.5, ": the scheduler is paused")
		r.must(r.Resume(patience(t)))
		_, err = r.RescheduleJob(patience(t), "a", triggers.Must(triggers.Every(time.Hour)))
		r.must(err)
		explain(6.5, "the next one is 2000-01-01T07:00:00Z")
		if e, err := r.Explain(patience(t), "a", minute.Add(6*time.Hour+30*time.Minute)); err != nil || strings.Contains(e.Text, "changed") {
			t.Errorf("%v: %v", e, err)
		}
		explain(4.5+0.001, "the next one is 2000-01-01T07:00:00Z; the job was changed at 2000-01-01T06:00:00Z")
		r.shutdown()
	})
}

func TestHistoryInPages(t *testing.T) {
	const runs = 1234
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		_, err := r.Every(time.Second, nothing, carillon.Job{ID: "a"})
		r.must(err)
		r.pass(runs * time.Second)
		defer r.shutdown()
		for limit, want := range map[int]int{0: runs, 1: 1, 500: 500, 501: 501, 5000: runs} {
			n, last := 0, time.Time{}
			for record, err := range r.History(patience(t), carillon.HistoryQuery{JobID: "a", Limit: limit}) {
				if err != nil || !last.IsZero() && record.Scheduled != last.Add(-time.Second) {
					t.Fatalf("%v behind %v: %v", record, last, err)
				}
				n, last = n+1, record.Scheduled
			}
			if n != want {
				t.Errorf("%d records with limit %d, want %d", n, limit, want)
			}
		}
	})
}

// TestHistoryNotKept says what is to be done about it.
func TestHistoryNotKept(t *testing.T) {
	open := memory.Config{History: stores.Retention{Count: -1}}.Open
	inBubble(t, carillon.Config{Stores: carillon.Stores{"default": open}}, func(t *testing.T, r *rig) {
		r.start()
		defer r.shutdown()
		for _, err := range r.History(patience(t), carillon.HistoryQuery{}) {
			if e, ok := errors.AsType[*job.Error](err); !errors.Is(err, errors.ErrUnsupported) || !ok || e.Store != "default" || !strings.Contains(err.Error(), "Retention") {
				t.Errorf("error %v", err)
			}
		}
	})
}

// An error that is very long is kept in part; listeners get all of it.
func TestLongReason(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		const most = 4 << 10
		texts := map[string]string{
			"just short": strings.Repeat("x", most),
			"too long":   strings.Repeat("x", most+1),
			"far":        strings.Repeat("größer ", 1<<18),
			"runes":      "x" + strings.Repeat("€", most),
			"no text":    strings.Repeat("\x80", 2*most),
		}
		r.start()
		for id, text := range texts {
			r.at(id, 0, func(context.Context) error { return errors.New(text) }, carillon.Job{})
		}
		r.pass(time.Second)
		for record, err := range r.History(patience(t), carillon.HistoryQuery{Outcomes: []carillon.Outcome{carillon.Failed}}) {
			r.must(err)
			text, got := texts[record.JobID], record.Reason
			kept, mark, cut := strings.Cut(got, "… (and ")
			if whole := r.results(record.JobID)[0].Err.Error(); whole != text {
				t.Errorf("%s: a listener gets %d bytes of %d", record.JobID, len(whole), len(text))
			}
			switch {
			case !strings.HasPrefix(text, kept), cut != (len(text) > most), utf8.ValidString(text) && !utf8.ValidString(got):
				t.Errorf("%s: kept as %q", record.JobID, got)
			case cut && (len(kept) > most || len(kept) < most-4 || mark != fmt.Sprintf("%d bytes more)", len(text)-len(kept))):
				t.Errorf("%s: %d bytes are kept, and %q", record.JobID, len(kept), mark)
			}
			delete(texts, record.JobID)
		}
		if len(texts) > 0 {
			t.Errorf("not recorded: %d", len(texts))
		}
		r.shutdown()
	})
}

func TestExplainNobody(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		_, err := r.Explain(t.Context(), "", time.Now())
		if fault, ok := errors.AsType[*carillon.FieldError](err); !ok || fault.Field != "Job.ID" {
			t.Errorf("got error %v", err)
		}
		r.shutdown()
	})
}
