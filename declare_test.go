package carillon_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// busy is a Store in which jobs run so often that of many that are read one has
// always changed before they are put back.
type busy struct {
	stores.Store
	most int // of these none has
}

func (*busy) Transient() {}

func (b *busy) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if mode == stores.IfVersion && len(jobs) > b.most {
		return &job.Error{Op: "put", Job: jobs[0].ID, Err: job.ErrConflict}
	}
	return b.Store.Put(ctx, mode, jobs)
}

func (b busy) open(ctx context.Context, env stores.Env) (stores.Store, error) {
	store, err := memory.Open()(ctx, env)
	b.Store = store
	return &b, err
}

// TestDeclareBusyJobs declares jobs at a start, as programs do, while others run
// them all the time.
func TestDeclareBusyJobs(t *testing.T) {
	for _, most := range []int{7, 1, 0} {
		inBubble(t, carillon.Config{Stores: carillon.Stores{"default": busy{most: most}.open}}, func(t *testing.T, r *rig) {
			r.start()
			jobs := make([]carillon.Job, 300)
			for i := range jobs {
				jobs[i] = carillon.Job{ID: fmt.Sprint(i), Call: carillon.Func(nothing), Trigger: seconds(), Replace: true}
			}
			_, err := r.AddJobs(patience(t), jobs)
			r.must(err)
			for i := range jobs {
				jobs[i].Name = "again"
			}
			declared, err := r.AddJobs(patience(t), jobs)
			if about, named := errors.AsType[*carillon.Error](err); most == 0 {
				if !errors.Is(err, carillon.ErrConflict) || !named || about.Job != "0" {
					t.Errorf("none is ever left alone: %v", err)
				}
			} else if err != nil || len(declared) != len(jobs) || declared[299].Name != "again" || declared[299].Version != 2 {
				t.Errorf("%d are left alone at a time: %v", most, err)
			}
			r.shutdown()
		})
	}
}
