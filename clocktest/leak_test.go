package clocktest

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
)

// TestCheckFindsLeaks has bodies depend on more than their seed: with
// CARILLON_CHECK=1 that is an error, and only then.
func TestCheckFindsLeaks(t *testing.T) {
	pauses := make(map[string]time.Duration)
	for _, id := range strings.Fields("a b c d e f g h i j k l") {
		pauses[id] = time.Duration(id[0]-'a') * time.Second
	}
	const honest = "nothing"
	for name, pause := range map[string]func() time.Duration{
		honest: func() time.Duration { return time.Second },
		"the order of a map": func() time.Duration {
			for _, d := range pauses {
				return d
			}
			return 0
		},
		"the machine's clock":         func() time.Duration { return time.Duration(time.Now().UnixNano() % 1e9) },
		"the shared source of chance": func() time.Duration { return rand.N(time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, check := range []string{"", "1"} {
				t.Setenv(envCheck, check)
				found := runLeaky(t, pause)
				if want := check == "1" && name != honest; found != want {
					t.Errorf("%s=%s: found is %v, want %v", envCheck, check, found, want)
				}
			}
		})
	}
}

// TestCheckComparesContents has two histories that differ in nothing but what the
// messages are about.
func TestCheckComparesContents(t *testing.T) {
	t.Setenv(envCheck, "1")
	sweep, err := newSweep(Config{}, func(sim *Sim) {
		s, err := carillon.New(sim.Config())
		if err != nil {
			sim.Fatalf("%v", err)
		}
		id := strconv.FormatUint(rand.Uint64(), 10)
		if _, err := s.Every(time.Minute, func(context.Context) error { return nil }, carillon.Job{ID: id}); err != nil {
			sim.Fatalf("%v", err)
		}
		if err := s.Start(context.Background()); err != nil {
			sim.Fatalf("%v", err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if failure := sweep.try(0).failure; !strings.Contains(failure, "two histories") {
		t.Errorf("%q, want that there are two histories", failure)
	}
}

// runLeaky has a job sleep for as long as pause says, and reports whether that
// makes any seed fail.
func runLeaky(t *testing.T, pause func() time.Duration) (found bool) {
	body := func(sim *Sim) {
		s, err := carillon.New(sim.Config())
		if err != nil {
			sim.Fatalf("%v", err)
		}
		if _, err := s.Every(time.Minute, func(ctx context.Context) error { return carillon.Sleep(ctx, pause()) }); err != nil {
			sim.Fatalf("%v", err)
		}
		if err := s.Start(context.Background()); err != nil {
			sim.Fatalf("%v", err)
		}
		if err := sim.Advance(5 * time.Minute); err != nil {
			sim.Fatalf("%v", err)
		}
	}
	sweep, err := newSweep(Config{}, body)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		switch failure := sweep.try(seed).failure; {
		case strings.Contains(failure, "two histories"):
			found = true
		case failure != "":
			t.Fatal(failure)
		}
	}
	return found
}
