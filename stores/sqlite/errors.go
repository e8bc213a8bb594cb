package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"github.com/carillon-go/carillon/job"
)

var errClosed = errors.New("store has been closed")

// about makes a [job.Error] of err, unless it is one: then it names the store.
func about(op, alias, id string, err error) error {
	if e, ok := err.(*job.Error); ok {
		return &job.Error{Op: op, Job: e.Job, Store: alias, Err: e.Err}
	}
	return &job.Error{Op: op, Job: id, Store: alias, Err: explain(err)}
}

// remedies say what to do about SQLite's errors, by their primary codes.
var remedies = map[int]string{
	5:  fmt.Sprintf("another process has been writing to the file for %d s; end it, or give it less to do at a time", patience/1000),
	8:  "the file or its directory cannot be written to; change its permissions, or give another path",
	11: "the file is damaged; restore it from a backup",
	13: "the disk is full; make room for the file",
	14: "the file cannot be opened; look at the permissions of it and of its directory",
	26: "the file is no SQLite database; give a file that does not exist yet",
}

// explain adds to an error of SQLite what to do about it.
func explain(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	if remedy := remedies[e.Code()&0xff]; remedy != "" {
		return fmt.Errorf("%w: %s", err, remedy)
	}
	return err
}
