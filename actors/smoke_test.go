package actors

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

func TestSmoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		sys := New(Config{
			Clock: clock.Real(), Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)), Location: time.UTC,
			DefaultStore: memory.Open(), DefaultExecutor: pool.Open(pool.Config{}), RetryInterval: 10 * time.Second, Name: "x",
			NewID: func() string { n++; return fmt.Sprint(n) },
		})
		ctx := t.Context()
		Ask(ctx, sys, &messages.AddListener{Reply: messages.To[messages.ListenerID](), Mask: messages.MaskAll, Listen: func(e messages.Event) {
			t.Logf("%v %T %+v", time.Now(), e, e)
		}})
		add := func(id string, tr triggers.Trigger) {
			j, err := Ask(ctx, sys, &messages.AddJobs{Reply: messages.To[[]job.Job](), Jobs: []job.Job{{ID: id, Trigger: tr, Call: job.Func(func(context.Context) error { return nil })}}})
			t.Log(j, err)
		}
		add("a", triggers.Must(triggers.Every(time.Second)))
		_, err := Ask(ctx, sys, &messages.Start{Reply: messages.To[messages.None]()})
		t.Log(err)
		add("b", nil)
		time.Sleep(2500 * time.Millisecond)
		jobs, err := Ask(ctx, sys, &messages.ListJobs{Reply: messages.To[[]job.Job]()})
		t.Log(jobs, err)
		t.Log(sys.Shutdown(ctx))
		t.Log(sys.Shutdown(ctx))
	})
}
