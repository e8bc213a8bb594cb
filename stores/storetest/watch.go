package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// soon is how long a hint may take.
const soon = 10 * time.Second

// hint waits for a hint. It first forgets those that were given before act.
func hint(hints chan struct{}, act func()) error {
	for len(hints) > 0 {
		<-hints
	}
	act()
	late := make(chan struct{})
	timer := clock.Real().AfterFunc(soon, func() { close(late) })
	defer timer.Stop()
	select {
	case <-hints:
		return nil
	case <-late:
		return fmt.Errorf("no call of changed within %s", soon)
	}
}

func hints() (chan struct{}, func()) {
	c := make(chan struct{}, 1)
	return c, func() {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

var watchRules = []rule{
	{
		name:        "watch/changes",
		needs:       shared | watching,
		explanation: "changed is called soon after somebody else has put or deleted jobs, or released a run, by Finish or by a claim.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			calls, changed := hints()
			ctx, cancel := context.WithCancel(e.ctx)
			defer cancel()
			e.must("Watch", a.Watch(ctx, changed))
			put := hint(calls, func() { b.insert(due("j", 1), due("k", 1)) })
			deleted := hint(calls, func() { b.delete("k") })
			c := b.do(1, once)
			released := hint(calls, func() { b.release(c.Runs...) })
			c = b.do(1, once)
			return errors.Join(put, deleted, released, hint(calls, func() {
				b.claim(1, stores.Claim{Done: dones(job.Released, c.Runs...), Known: &stores.Known{Tasks: []string{}}})
			}))
		},
	},
	{
		name:        "watch/unsupported",
		explanation: "Watch of a store that cannot watch fails with errors.ErrUnsupported; it is polled.",
		check: func(e *env) error {
			ctx, cancel := context.WithCancel(e.ctx)
			defer cancel()
			err := e.owner("n").Watch(ctx, func() {})
			if !e.Harness.Watch && errors.Is(err, errors.ErrUnsupported) {
				return nil
			}
			return err
		},
	},
	{
		name:        "watch/ended",
		needs:       shared,
		explanation: "Watching that has ended, and a watcher that is closed, are in nobody's way.",
		check: func(e *env) error {
			a, b, c := e.node("a"), e.node("b"), e.node("c")
			ctx, cancel := context.WithCancel(e.ctx)
			defer cancel()
			for _, s := range []*session{a, b} {
				if err := s.Watch(ctx, func() {}); err != nil && !errors.Is(err, errors.ErrUnsupported) {
					return err
				}
			}
			e.must("Close", b.close())
			cancel()
			c.insert(due("j", 1))
			d := c.do(1, once)
			return want("Finish", "held 1, next never", c.finish(job.Executed, d.Runs...))
		},
	},
}
