package redis_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

// fault makes the n-th script from now on go wrong.
type fault struct {
	n    int // 0: none any more
	do   func(ctx context.Context, cmd goredis.Cmder, next goredis.ProcessHook) error
	late []any // what it has kept back
}

var errNetwork = fmt.Errorf("the network: %w", io.ErrUnexpectedEOF)

func (f *fault) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (f *fault) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

func (f *fault) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if !strings.HasPrefix(cmd.Name(), "eval") {
			return next(ctx, cmd)
		}
		if f.n--; f.n != 0 {
			return next(ctx, cmd)
		}
		return f.do(ctx, cmd, next)
	}
}

// Whatever becomes of a script or its answer, the claim that is repeated gives
// all runs that the node holds, and no other.
func TestFaults(t *testing.T) {
	for name, do := range map[string]func(f *fault) func(context.Context, goredis.Cmder, goredis.ProcessHook) error{
		"not sent": func(*fault) func(context.Context, goredis.Cmder, goredis.ProcessHook) error {
			return func(context.Context, goredis.Cmder, goredis.ProcessHook) error { return errNetwork }
		},
		"answer lost": func(*fault) func(context.Context, goredis.Cmder, goredis.ProcessHook) error {
			return func(ctx context.Context, cmd goredis.Cmder, next goredis.ProcessHook) error {
				if err := next(ctx, cmd); err != nil {
					return err
				}
				return errNetwork
			}
		},
		"sent twice": func(*fault) func(context.Context, goredis.Cmder, goredis.ProcessHook) error {
			return func(ctx context.Context, cmd goredis.Cmder, next goredis.ProcessHook) error {
				if err := next(ctx, cmd); err != nil {
					return err
				}
				return next(ctx, cmd)
			}
		},
		"late": func(f *fault) func(context.Context, goredis.Cmder, goredis.ProcessHook) error {
			return func(_ context.Context, cmd goredis.Cmder, _ goredis.ProcessHook) error {
				f.late = cmd.Args()
				return errNetwork
			}
		},
	} {
		for n := 1; n <= 6; n++ {
			t.Run(fmt.Sprint(name, " ", n), func(t *testing.T) {
				f := &fault{}
				f.do = do(f)
				checkFault(t, f, n)
			})
		}
	}
}

// checkFault makes a claim that takes five scripts, of which the n-th goes
// wrong: the first turn, three of skips and runs, and the last.
func checkFault(t *testing.T, f *fault, n int) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	for i := range 8 {
		put(t, s, due(fmt.Sprint("a", i)), due(fmt.Sprint("b", i)))
	}
	beat(t, s, "n")
	ask := func() (*stores.Claimed, error) {
		return s.ClaimDue(t.Context(), &stores.Claim{Node: "n", Seq: 1, Now: t0, Limit: 4, Plan: once})
	}
	client.AddHook(f)
	f.n = n
	c, err := ask()
	if err != nil {
		if c, err = ask(); err != nil {
			t.Fatal("repeated:", err)
		}
	}
	f.n = 0
	if f.late != nil {
		answer, err := client.Do(t.Context(), f.late...).Result()
		t.Log("the late one is told", answer, err)
	}
	if held := client.SCard(t.Context(), "{carillon}:held:n").Val(); held != int64(len(c.Runs)) || len(c.Runs) > 4 {
		t.Fatalf("the node holds %d runs and was told of %d", held, len(c.Runs))
	}
	finished, err := s.Finish(t.Context(), "n", executed(c.Runs))
	if err != nil || finished.Held != len(c.Runs) {
		t.Fatalf("Finish: %+v, %v", finished, err)
	}
	for seq, left := uint64(2), 16-len(c.Runs); left > 0; seq++ {
		c := claimed(t, s, seq)
		if len(c.Runs) == 0 {
			t.Fatalf("%d jobs are not handed out", left)
		}
		left -= len(c.Runs)
		if _, err := s.Finish(t.Context(), "n", executed(c.Runs)); err != nil {
			t.Fatal(err)
		}
	}
	noneLeft(t, client)
}

// A claim that comes when the node has made another one takes nothing.
func TestLateClaim(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	beat(t, s, "n")
	put(t, s, due("a"))
	claimed(t, s, 1)
	f := &fault{n: 1}
	f.do = func(_ context.Context, cmd goredis.Cmder, _ goredis.ProcessHook) error {
		f.late = cmd.Args()
		return errNetwork
	}
	client.AddHook(f)
	if _, err := claim(s, 2); err == nil {
		t.Fatal("no error")
	}
	put(t, s, due("b"))
	done := executed(claimed(t, s, 3).Runs)
	done[0].Outcome = job.Released
	if f, err := s.Finish(t.Context(), "n", done); f.Held != 1 || err != nil {
		t.Fatalf("%+v, %v", f, err)
	}
	if answer := client.Do(t.Context(), f.late...).Val(); answer != "runs" {
		t.Errorf("the late one is told %v", answer)
	}
	if c := claimed(t, s, 4); len(c.Runs) != 1 || c.Runs[0].Attempt != 2 {
		t.Errorf("got %+v", c)
	}
}

// One that comes between a claim whose answer is lost and its repetition does
// not make that forget its runs.
func TestLateClaimBeforeRepetition(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	beat(t, s, "n")
	put(t, s, due("z"))
	claimed(t, s, 1)
	f := &fault{n: 1}
	f.do = func(_ context.Context, cmd goredis.Cmder, _ goredis.ProcessHook) error {
		f.late = cmd.Args()
		return errNetwork
	}
	client.AddHook(f)
	if _, err := claim(s, 2); err == nil {
		t.Fatal("no error")
	}
	put(t, s, due("a"))
	f.do = func(ctx context.Context, cmd goredis.Cmder, next goredis.ProcessHook) error {
		return cmp.Or(next(ctx, cmd), errNetwork)
	}
	f.n = 2
	if _, err := claim(s, 3); err == nil {
		t.Fatal("no error")
	}
	client.Do(t.Context(), f.late...)
	if c := claimed(t, s, 3); len(c.Runs) != 1 || c.Runs[0].JobID != "a" {
		t.Errorf("repeated as %+v", c)
	}
}

// Lost runs are told again when the claim is repeated, and by no other claim.
func TestLostIsToldAgain(t *testing.T) {
	s := opened(t, redis.Config{Client: dial(t, testserver.Redis(t).DSN)})
	if err := s.Heartbeat(t.Context(), "old", 0); err != nil {
		t.Fatal(err)
	}
	put(t, s, due("a"))
	if _, err := s.ClaimDue(t.Context(), &stores.Claim{Node: "old", Now: t0, Limit: 1, Plan: once}); err != nil {
		t.Fatal(err)
	}
	beat(t, s, "n") // which ends the owner
	first, again, next := claimed(t, s, 1), claimed(t, s, 1), claimed(t, s, 2)
	if len(first.Lost) != 1 || !reflect.DeepEqual(first.Lost, again.Lost) || len(next.Lost) > 0 {
		t.Errorf("told of %+v, then %+v, then %+v", first.Lost, again.Lost, next.Lost)
	}
}

// A claim that goes wrong says why.
func TestFaultIsTold(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	beat(t, s, "n")
	f := &fault{n: 1, do: func(context.Context, goredis.Cmder, goredis.ProcessHook) error { return errNetwork }}
	client.AddHook(f)
	if _, err := claim(s, 1); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), `claim in store "jobs"`) {
		t.Errorf("got error %v", err)
	}
}

// The server may forget its scripts at any time.
func TestScriptFlush(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	beat(t, s, "n")
	put(t, s, due("a"))
	if err := client.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if c := claimed(t, s, 1); len(c.Runs) != 1 {
		t.Errorf("got %+v", c)
	}
}
