package torture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/messages"
)

// orderVariable has a worker's order, as JSON.
const orderVariable = "CARILLON_TORTURE_ORDER"

// Main runs the tests of a package; or, in a process that was hired for it, a
// worker. It does not return.
func Main(m *testing.M) {
	text, hired := os.LookupEnv(orderVariable)
	if !hired {
		testserver.Main(m)
	}
	var o Order
	err := json.Unmarshal([]byte(text), &o)
	if err == nil {
		err = o.work(os.Stdin, os.Stdout)
	}
	if err != nil {
		fatal(err)
	}
	os.Exit(0)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "worker:", err)
	os.Exit(1)
}

// What a worker tells, a line each.
const (
	wordReady   = "ready"   // its scheduler is started
	wordRefused = "refused" // its scheduler must not be, beside others
	wordExpired = "expired" // a lease, and of which store
)

// handover is how long a worker's shutdown may take.
const handover = 10 * time.Second

// work runs a scheduler until the test closes in, or dies.
func (o *Order) work(in io.Reader, out io.Writer) error {
	journal, err := OpenJournal(o.Journal)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	tell := func(words ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintln(out, words...)
	}
	s, err := carillon.New(o.config(&staff{o.Worker, journal, tell}))
	if err != nil {
		return err
	}
	if _, err := carillon.On(s, func(e *messages.LeaseExpired) { tell(wordExpired, e.Alias) }); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var life sync.WaitGroup
	life.Go(func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, in)
	})
	if err := s.Start(ctx); err != nil {
		if errors.Is(err, carillon.ErrShared) {
			tell(wordRefused)
		}
		return err
	}
	tell(wordReady)
	life.Wait()
	bounded, stop := clock.WithTimeout(context.Background(), clock.Real(), handover)
	defer stop()
	return errors.Join(s.Shutdown(bounded), journal.Close())
}
