package opening_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/opening"
)

var errDatabase = errors.New("the disk is full")

func open() *opening.Opening {
	return opening.New(stores.Env{Alias: "jobs"}, func(err error) error {
		if errors.Is(err, errDatabase) {
			return fmt.Errorf("%w: make room", err)
		}
		return err
	})
}

func same(t *testing.T, got error, want string) {
	t.Helper()
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}

func TestDefaults(t *testing.T) {
	if o := open(); o.Clock == nil || o.Log == nil {
		t.Errorf("an empty Env gives %+v", o)
	}
}

func TestBegin(t *testing.T) {
	o := open()
	same(t, o.Begin(t.Context(), "put"), "<nil>")
	ended, end := context.WithCancel(t.Context())
	end()
	same(t, o.Begin(ended, "put"), `put in store "jobs": context canceled`)
	if !o.Closing() || o.Closing() {
		t.Error("it is closed more often than once, or never")
	}
	same(t, o.Begin(t.Context(), "put"), `put in store "jobs": store has been closed`)
}

func TestRefuse(t *testing.T) {
	o := open()
	ended, end := context.WithCancel(t.Context())
	end()
	same(t, o.Refuse(t.Context(), "get", "a", job.ErrJobNotFound), `get "a" in store "jobs": `+job.ErrJobNotFound.Error())
	same(t, o.Refuse(t.Context(), "get", "a", errDatabase), `get "a" in store "jobs": the disk is full: make room`)
	same(t, o.Refuse(t.Context(), "put", "", &job.Error{Op: "put", Job: "b", Err: job.ErrConflict}), `put "b" in store "jobs": `+job.ErrConflict.Error())
	same(t, o.Refuse(ended, "put", "", errDatabase), `put in store "jobs": context canceled: the disk is full: make room`)
	same(t, o.Refuse(ended, "put", "", fmt.Errorf("read: %w", context.Canceled)), `put in store "jobs": read: context canceled`)
}
