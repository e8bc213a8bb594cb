package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// fileStore keeps jobs in memory, and writes all of them to a file whenever
// one has changed. It embeds the store that does the work and steps in where
// jobs change.
//
// It is a sketch: a change costs as much as there are jobs, two processes must
// not use one file, and the file does not have the runs that are unfinished. A
// job has moved on in the file before it is run, so that no run is started
// twice; one that was going on when the process died is not reported as lost.
type fileStore struct {
	stores.Store
	alias string // for errors
	file  string
}

// openFile returns what opens a fileStore.
func openFile(file string) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		inner, err := memory.Open()(ctx, env)
		if err != nil {
			return nil, err
		}
		jobs, err := load(file)
		if err != nil {
			return nil, err
		}
		return &fileStore{inner, env.Alias, file}, inner.Put(ctx, stores.Insert, jobs)
	}
}

func (s *fileStore) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	for _, j := range jobs {
		if err := s.keeps(j); err != nil {
			return err // before anything has happened
		}
	}
	if err := s.Store.Put(ctx, mode, jobs); err != nil {
		return err
	}
	return s.save(ctx)
}

// keeps returns why the job cannot be kept in a file, for instance
// job.ErrTransientJob.
func (s *fileStore) keeps(j job.Job) error {
	_, err := j.MarshalJSON()
	if err, ok := errors.AsType[*job.Error](err); ok {
		err.Store = s.alias
	}
	return err
}

func (s *fileStore) Delete(ctx context.Context, ids ...string) (int, error) {
	n, err := s.Store.Delete(ctx, ids...)
	if err != nil || n == 0 {
		return n, err
	}
	return n, s.save(ctx)
}

// ClaimDue may fail when the jobs have already been claimed. That is allowed:
// the claim is then repeated with the same number, and has the same answer.
func (s *fileStore) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	claimed, err := s.Store.ClaimDue(ctx, claim)
	if err != nil {
		return nil, err
	}
	if len(claimed.Runs)+len(claimed.Skipped)+len(claimed.Ended) == 0 {
		return claimed, nil // nothing was due
	}
	return claimed, s.save(ctx)
}

func (s *fileStore) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	finished, err := s.Store.Finish(ctx, node, done)
	if err != nil || finished.Next.IsZero() {
		return finished, err
	}
	return finished, s.save(ctx) // a job has been given back
}

// save replaces the file by one with all jobs.
func (s *fileStore) save(ctx context.Context) error {
	jobs, err := s.Store.List(ctx, "", 1<<30)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(jobs, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(s.file+".new", s.file)
}

func load(file string) (jobs []job.Job, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return jobs, json.Unmarshal(text, &jobs)
}
