package actors

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

// TestDeskIsQuiet adds and removes jobs straight. The scheduler hears of it when
// it has to claim sooner than it was going to, or when somebody listens.
func TestDeskIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		heard := 0
		r.strike(func(actor string, message any) {
			if _, applied := message.(*messages.Applied); applied && actor == "scheduler" {
				heard++
			}
		})
		check := func(what string, want int) {
			t.Helper()
			synctest.Wait()
			if heard != want {
				t.Errorf("%s: the scheduler hears of it %d times, want %d", what, heard, want)
			}
			heard = 0
		}
		add := func(id string, in time.Duration) {
			t.Helper()
			r.must(onlyErr(ask(r, &messages.AddJobs{Reply: messages.To[[]job.Job](), Jobs: []job.Job{every(in, id, nothing)}})))
		}
		remove := func(id string) {
			t.Helper()
			r.must(onlyErr(ask(r, &messages.RemoveJob{Reply: messages.To[messages.None](), Target: messages.Target{ID: id}})))
		}
		r.must(onlyErr(ask(r, &messages.Start{Reply: messages.To[messages.None]()})))

		add("a", time.Minute)
		remove("a")
		check("somebody listens", 2)

		r.must(onlyErr(ask(r, &messages.RemoveListener{Reply: messages.To[bool](), ID: 1})))
		synctest.Wait()
		add("first", time.Minute) // the store does not know that it is asked in a minute on account of a
		add("later", time.Hour)
		remove("later")
		check("later jobs", 0)
		add("sooner", time.Second)
		check("a job that is sooner", 1)
		remove("sooner")
		add("as soon", time.Second)
		check("a job as soon as one that was there", 0)

		time.Sleep(time.Second + time.Millisecond)
		check("a run", 0)
		add("next", 998*time.Millisecond)
		check("sooner than the rest, after a claim", 1)
		r.must(r.Shutdown(t.Context()))
	})
}
