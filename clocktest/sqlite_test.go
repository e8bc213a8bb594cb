package clocktest_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// TestSQLite has the sweeps, and the model, run on files.
func TestSQLite(t *testing.T) {
	if builtWithRace() {
		t.Skip("SQLite in Go is slow with the race detector, which has nothing to find on one goroutine; run it without -race")
	}
	for _, sweep := range sweeps {
		t.Run(sweep.name, func(t *testing.T) {
			clocktest.Run(t, clocktest.Config{Seeds: 5, Faults: faultsOf(sweep.name), NewStore: files(t)}, sweep.body)
		})
	}
}

// files returns what makes SQLite stores, each with a file of its own, that
// accept jobs which are Go functions: these live in the simulation, as do the
// schedulers that crash in it.
func files(t *testing.T) func() stores.Opener {
	dir := t.TempDir()
	return func() stores.Opener {
		file, err := os.CreateTemp(dir, "*.db")
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
		os.Remove(file.Name())
		f := &funcs{}
		open := sqlite.Config{Path: filepath.Clean(file.Name()), Synchronous: sqlite.Normal}.Open
		return func(ctx context.Context, env stores.Env) (stores.Store, error) {
			env.Clock = oneMachine{env.Clock.(clock.Monotonic)}
			inner, err := open(ctx, env)
			if err != nil {
				return nil, err
			}
			s := &funcStore{Store: inner, funcs: f}
			t.Cleanup(func() { s.Close() }) // a scheduler that has crashed closes nothing
			return s, nil
		}
	}
}

// oneMachine is a clock that does not differ from node to node: who shares a
// file is on one machine.
type oneMachine struct{ clock.Monotonic }

func (m oneMachine) Now() time.Time { return time.Unix(0, 0).Add(m.Elapsed()) }

// funcs are the Go functions that jobs in one file run: a task's only argument
// is the index of one.
type funcs struct {
	mu   sync.Mutex
	list []job.Func
}

const funcTask = "a Go function"

func (f *funcs) stored(call job.Call) job.Call {
	do, ok := call.(job.Func)
	if !ok {
		return call
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, do)
	return &job.TaskCall{Task: funcTask, Args: json.RawMessage(strconv.Itoa(len(f.list) - 1))}
}

func (f *funcs) loaded(call job.Call) job.Call {
	task, ok := call.(*job.TaskCall)
	if !ok || task.Task != funcTask {
		return call
	}
	i, _ := strconv.Atoi(string(task.Args))
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.list[i]
}

// funcStore is a store whose jobs may be Go functions, as in memory.
type funcStore struct {
	stores.Store
	*funcs
	known, given *stores.Known
	closed       bool
}

func (*funcStore) Transient() {}

func (s *funcStore) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	stored := slices.Clone(jobs)
	for i := range stored {
		stored[i].Call = s.stored(stored[i].Call)
	}
	err := s.Store.Put(ctx, mode, stored)
	for i := range jobs {
		jobs[i].Version = stored[i].Version
	}
	return err
}

func (s *funcStore) Get(ctx context.Context, id string) (job.Job, error) {
	j, err := s.Store.Get(ctx, id)
	j.Call = s.loaded(j.Call)
	return j, err
}

func (s *funcStore) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	jobs, err := s.Store.List(ctx, after, limit)
	for i := range jobs {
		jobs[i].Call = s.loaded(jobs[i].Call)
	}
	return jobs, err
}

func (s *funcStore) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	own := *claim
	if own.Known != s.given {
		known := *own.Known
		known.Tasks = append(slices.Clone(known.Tasks), funcTask)
		s.known, s.given = &known, own.Known
	}
	own.Known = s.known
	claimed, err := s.Store.ClaimDue(ctx, &own)
	if err != nil {
		return nil, err
	}
	for _, runs := range [][]job.Run{claimed.Runs, claimed.Lost} {
		for i := range runs {
			runs[i].Call = s.loaded(runs[i].Call)
		}
	}
	return claimed, nil
}

// Watch would call from a goroutine of its own, at real times.
func (s *funcStore) Watch(context.Context, func()) error { return errors.ErrUnsupported }

func (s *funcStore) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return s.Store.Close()
}
