package actors

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
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

// TestDeskOfMembers removes a store and adds another one of its alias, and holds
// the scheduler up each time that it is to hear of it: who has asked for that
// finds what it was asked for, and so does not put jobs into the store that is
// gone.
func TestDeskOfMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, nil)
		held, goOn := make(chan struct{}), make(chan struct{})
		var holds atomic.Bool
		r.host.inject = func(_ string, message any) {
			switch message.(type) {
			case *messages.Join, *messages.Leave:
				if holds.Load() {
					held <- struct{}{}
					<-goOn
				}
			}
		}
		r.must(r.start())
		holds.Store(true)
		done := make(chan error)
		hold := func(request messages.Request[messages.None]) {
			go func() { done <- onlyErr(ask(r, request)) }()
			<-held
			synctest.Wait()
			select {
			case err := <-done:
				t.Errorf("%T is answered before the scheduler knows: %v", request, err)
				goOn <- struct{}{}
			default:
				goOn <- struct{}{}
				r.must(<-done)
			}
		}
		hold(&messages.RemoveStore{Reply: messages.To[messages.None](), Alias: "default"})
		if err := r.add(every(time.Hour, "early", nothing)); !errors.Is(err, job.ErrUnknownStore) {
			t.Errorf("a job for a store that was removed: %v", err)
		}
		hold(&messages.AddStore{Reply: messages.To[messages.None](), Alias: "default", Open: memory.Open()})
		r.must(r.add(every(time.Hour, "late", nothing)))
		hold(&messages.AddExecutor{Reply: messages.To[messages.None](), Alias: "second", Open: pool.Open(pool.Config{})})
		hold(&messages.RemoveExecutor{Reply: messages.To[messages.None](), Alias: "second", Detach: true})
		holds.Store(false)
		jobs, err := ask(r, &messages.ListJobs{Reply: messages.To[[]job.Job]()})
		r.must(err)
		if len(jobs) != 1 || jobs[0].ID != "late" {
			t.Errorf("jobs %v in the new store", jobs)
		}
		r.must(r.shutdown())
	})
}
