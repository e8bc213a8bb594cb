package actors

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// TestStaleHalt has the bound of a shutdown reached when that has been answered
// already, and the scheduler is being started again.
func TestStaleHalt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opening, open := make(chan struct{}, 2), make(chan struct{}, 2)
		r := newRig(t, func(c *Config) {
			c.Stores = []Member[stores.Opener]{{Alias: "slow", Open: func(ctx context.Context, env stores.Env) (stores.Store, error) {
				opening <- struct{}{}
				<-open
				return memory.Open()(ctx, env)
			}}}
		})
		open <- struct{}{}
		r.must(r.start())
		<-opening
		stale := &messages.Shutdown{Reply: messages.To[messages.None]()}
		r.must(onlyErr(ask(r, stale)))

		started := make(chan error)
		go func() { started <- r.start() }()
		<-opening
		for urgency := messages.CancelRuns; urgency <= messages.AbandonAll; urgency++ {
			r.host.post(r.host.supervisor, &messages.Halt{Shutdown: stale, Urgency: urgency})
		}
		synctest.Wait()
		open <- struct{}{}
		r.must(<-started)
		r.must(r.shutdown())
	})
}
