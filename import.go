package carillon

import (
	"context"
	"fmt"
	"io"

	"github.com/carillon-go/carillon/triggers"
)

// ImportMode says what [Scheduler.ImportJobs] does about jobs that exist in
// their store already.
type ImportMode uint8

const (
	// RefuseExisting fails with [ErrJobExists].
	RefuseExisting ImportMode = iota

	// ReplaceExisting puts the imported job in place of the one that exists.
	ReplaceExisting

	// SkipExisting leaves the one that exists as it is. The IDs of all jobs that
	// exist are read first and kept until the end, some 150 MB for a million.
	SkipExisting
)

// importBatch is how many jobs are added in one step.
const importBatch = 1000

// ImportJobs adds the jobs of an export and returns how many it has added, not
// counting those that were skipped. Each goes into the store that it was
// exported from or, if one is named here, into that. It goes on where it was:
// with its next run time, or paused. One whose task or trigger is unknown here
// is kept as it is and is parked.
//
// The export is read bit by bit, and jobs are added a thousand at a time: all
// of those that go into one store, or none of them. So some may have been added
// when there is an error; the answer then counts the thousands that went well.
// Try again with SkipExisting or ReplaceExisting.
//
// Errors: what cannot be read, with the place; [ErrJobExists];
// [ErrUnknownStore]; the stores' and r's own. APScheduler: import_jobs.
func (s *Scheduler) ImportJobs(ctx context.Context, r io.Reader, mode ImportMode, store ...string) (int, error) {
	i := importing{scheduler: s, mode: mode, store: only(store)}
	err := i.begin(ctx)
	if err == nil {
		err = i.all(ctx, r)
	}
	if err != nil {
		return i.added, fmt.Errorf("import jobs: %w", err)
	}
	return i.added, nil
}

// importing is an import that is under way.
type importing struct {
	scheduler *Scheduler
	mode      ImportMode
	store     string             // instead of the jobs' own; "": none
	existing  map[[2]string]bool // by store and ID; for SkipExisting
	batch     []Job
	added     int
}

func (i *importing) begin(ctx context.Context) error {
	if i.mode > SkipExisting {
		return &FieldError{Field: "mode", Reason: fmt.Sprintf("is %d; give RefuseExisting, ReplaceExisting or SkipExisting", i.mode)}
	}
	if i.mode != SkipExisting {
		return nil
	}
	i.existing = make(map[[2]string]bool)
	var stores []string // all
	if i.store != "" {
		stores = []string{i.store}
	}
	for j, err := range i.scheduler.AllJobs(ctx, stores...) {
		if err != nil {
			return err
		}
		i.exists(&j)
	}
	return nil
}

// exists reports whether the job is there already, and takes it for granted
// from now on.
func (i *importing) exists(j *Job) bool {
	key := [2]string{storeOf(j), j.ID}
	there := i.existing[key]
	i.existing[key] = true
	return there
}

func (i *importing) all(ctx context.Context, r io.Reader) error {
	for j, err := range readExport(r) {
		if err != nil {
			return err
		}
		if err := i.one(ctx, j); err != nil {
			return err
		}
	}
	return i.add(ctx)
}

func (i *importing) one(ctx context.Context, j Job) error {
	j.Store, j.Replace, j.Version = or(i.store, j.Store), i.mode == ReplaceExisting, 0
	if i.mode == SkipExisting && i.exists(&j) {
		return nil
	}
	if j.Trigger != nil {
		j.Trigger, _ = triggers.Resolve(j.Trigger, i.scheduler.triggers) // what cannot be read stays unknown, and says why
	}
	i.batch = append(i.batch, j)
	if len(i.batch) < importBatch {
		return nil
	}
	return i.add(ctx)
}

// add adds the jobs that have been gathered.
func (i *importing) add(ctx context.Context) error {
	if len(i.batch) == 0 {
		return nil
	}
	added, err := i.scheduler.AddJobs(ctx, i.batch)
	i.added += len(added)
	i.batch = i.batch[:0]
	return err
}
