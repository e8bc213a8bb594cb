package storetest

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// The rules hold for a store whose leases follow a clock of its own; they wait
// for that clock, here a bubble's.
func TestRealLease(t *testing.T) {
	h := Harness{
		Durable:   true,
		Shared:    true,
		Watch:     true,
		History:   true,
		RealLease: time.Second,
		Open: func(testing.TB) stores.Opener {
			m := memory.New()
			return func(ctx context.Context, env stores.Env) (stores.Store, error) {
				env.Clock = clock.Real()
				return m.Open(ctx, env)
			}
		},
	}
	for _, r := range rules() {
		if r.needs&^h.offers() != 0 {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := r.on(t, h); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A store whose steps outlast the lease is given a longer one, a broken one is
// not.
func TestSlowStoresGetALongerLease(t *testing.T) {
	for _, c := range []struct {
		name   string
		delay  time.Duration
		fault  func(stores.Store) stores.Store
		opened int
		found  bool
	}{
		{"fast", 0, func(s stores.Store) stores.Store { return s }, 1, false},
		{"slow", 1200 * time.Millisecond, func(s stores.Store) stores.Store { return s }, 2, false},
		{"broken", 0, claims(nil, func(c *stores.Claimed) { c.Lost = nil }), 1, true},
		{"slow and broken", time.Minute, claims(nil, func(c *stores.Claimed) { c.Lost = nil }), 3, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opened := 0
				h := Harness{Durable: true, Shared: true, RealLease: time.Second, Open: func(testing.TB) stores.Opener {
					opened++
					m := memory.New()
					return func(ctx context.Context, env stores.Env) (stores.Store, error) {
						env.Clock = clock.Real()
						s, err := m.Open(ctx, env)
						return &faulty{Store: c.fault(s), finish: func(s stores.Store, ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
							time.Sleep(c.delay)
							return s.Finish(ctx, node, done)
						}}, err
					}
				}}
				err := ruleOf(t, "lost/not-before").on(t, h)
				if (err != nil) != c.found || opened != c.opened {
					t.Errorf("opened %d stores, want %d; error %v", opened, c.opened, err)
				}
			})
		})
	}
}

func TestNeedsAreNamed(t *testing.T) {
	if text := (durable | watching).String(); text != "durable and able to watch" {
		t.Errorf("got %q", text)
	}
}

// The suite's clock behaves like others.
func TestHandClock(t *testing.T) {
	c := newClock()
	fired := make(chan int, 2)
	one := c.AfterFunc(time.Second, func() { fired <- 1 })
	two := c.AfterFunc(2*time.Second, func() { fired <- 2 })
	c.pass(time.Second)
	if n := <-fired; n != 1 || one.Stop() {
		t.Errorf("timer %d has fired, and timer 1 was pending still", n)
	}
	if !two.Stop() || two.Stop() {
		t.Error("timer 2 was not pending, or was after Stop")
	}
}
