package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// fileStore keeps jobs in memory, and writes all of them to a file whenever
// one has changed. It embeds the store that does the work and steps in where
// jobs change.
//
// It is a sketch: two processes must not use one file, and the file does not
// have the runs that are unfinished. A job has moved on in the file before it
// is run, so that no run is started twice; one that was going on when the
// process died is not reported as lost.
type fileStore struct {
	stores.Store
	alias string // for errors
	file  string
	texts map[string][]byte // the lines of the file, by job
}

// openFile returns what opens a fileStore.
func openFile(file string) stores.Opener {
	return func(ctx context.Context, env stores.Env) (stores.Store, error) {
		jobs, err := load(file)
		if err != nil {
			return nil, err
		}
		inner, err := memory.Open()(ctx, env)
		if err != nil {
			return nil, err
		}
		s := &fileStore{inner, env.Alias, file, make(map[string][]byte)}
		if err := s.Put(ctx, stores.Insert, jobs); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	}
}

func (s *fileStore) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	for _, j := range jobs {
		if _, err := s.text(j); err != nil {
			return err // before anything has happened
		}
	}
	if err := s.Store.Put(ctx, mode, jobs); err != nil {
		return err
	}
	return s.save(ctx, ids(jobs, func(j job.Job) string { return j.ID }))
}

func (s *fileStore) Delete(ctx context.Context, gone ...string) ([]string, error) {
	missing, err := s.Store.Delete(ctx, gone...)
	if err != nil {
		return nil, err
	}
	return missing, s.save(ctx, gone)
}

func (s *fileStore) DeleteAll(ctx context.Context) (int, error) {
	n, err := s.Store.DeleteAll(ctx)
	if err != nil {
		return 0, err
	}
	clear(s.texts)
	return n, s.save(ctx, nil)
}

// ClaimDue may fail when the jobs have already been claimed. That is allowed:
// the claim is then repeated with the same number, and has the same answer. What
// has ended is recorded first, so that there is one way to do it.
func (s *fileStore) ClaimDue(ctx context.Context, claim *stores.Claim) (*stores.Claimed, error) {
	if len(claim.Done) > 0 {
		return stores.FinishFirst(ctx, s, claim)
	}
	claimed, err := s.Store.ClaimDue(ctx, claim)
	if err != nil {
		return nil, err
	}
	changed := slices.Concat(
		ids(claimed.Runs, func(r job.Run) string { return r.JobID }),
		ids(claimed.Skipped, func(s stores.Skip) string { return s.JobID }),
		claimed.Ended,
	)
	if len(changed) == 0 {
		return claimed, nil // nothing was due
	}
	return claimed, s.save(ctx, changed)
}

// Finish gives jobs back whose runs have not been started.
func (s *fileStore) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	finished, err := s.Store.Finish(ctx, node, done)
	if err != nil || finished.Next.IsZero() {
		return finished, err
	}
	return finished, s.save(ctx, ids(done, func(d stores.Done) string { return d.JobID }))
}

func ids[T any](list []T, id func(T) string) (all []string) {
	for _, item := range list {
		all = append(all, id(item))
	}
	return all
}

// save replaces the file by one in which these jobs are as they are now, one job
// on a line.
func (s *fileStore) save(ctx context.Context, changed []string) error {
	for _, id := range changed {
		j, err := s.Get(ctx, id)
		if errors.Is(err, job.ErrJobNotFound) {
			delete(s.texts, id)
			continue
		}
		if err != nil {
			return err
		}
		if s.texts[id], err = s.text(j); err != nil {
			return err
		}
	}
	var lines [][]byte
	for _, id := range slices.Sorted(maps.Keys(s.texts)) {
		lines = append(lines, s.texts[id])
	}
	text := slices.Concat([]byte("[\n"), bytes.Join(lines, []byte(",\n")), []byte("\n]\n"))
	if err := os.WriteFile(s.file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(s.file+".new", s.file)
}

// text returns a job's JSON form, or why it has none, for instance
// job.ErrTransientJob.
func (s *fileStore) text(j job.Job) ([]byte, error) {
	text, err := j.MarshalJSON()
	if err, ok := errors.AsType[*job.Error](err); ok {
		err.Store = s.alias
	}
	return text, err
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
