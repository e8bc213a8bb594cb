package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/opening"
)

// ErrDamaged is in the error of a Store whose file is damaged, or no database at
// all, as a loss of power can leave it on storage that does not keep its word. A
// program that may begin anew moves the file away, with what is beside it
// ("-wal", "-shm"), and starts again.
var ErrDamaged = errors.New("file is damaged")

// about names the file in what SQLite says.
func (s *store) about(op, id string, err error) error {
	if _, done := err.(*job.Error); !done {
		err = s.locate(err)
	}
	return opening.About(op, s.alias, id, err, explain)
}

func (s *store) locate(err error) error {
	if codeOf(err) == 0 {
		return err
	}
	return fmt.Errorf("%s: %w", s.path, explain(err))
}

// SQLite's primary error codes.
const (
	busy     = 5
	readOnly = 8
	corrupt  = 11
	full     = 13
	cantOpen = 14
	notADB   = 26
)

// codeOf returns the primary code of an error of SQLite, 0 if it is none.
func codeOf(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func isBusy(err error) bool { return codeOf(err) == busy }

// remedies say what to do about them.
var remedies = map[int]string{
	busy:     fmt.Sprintf("another process has been writing to the file for %d s; if it was stopped, have it go on or end it, otherwise give it less to do at a time", patience/1000),
	readOnly: "the file or its directory cannot be written to; change its permissions, or give another path",
	corrupt:  "the file is damaged; restore it from a backup",
	full:     "the disk is full; make room for the file",
	cantOpen: "the file cannot be opened; look at the permissions of it and of its directory",
	notADB:   "the file is not a SQLite database; give a file that does not exist yet",
}

// explained is an error of SQLite with what to do about it.
type explained struct {
	err    error
	remedy string
}

func (e *explained) Error() string {
	first, _, _ := strings.Cut(e.err.Error(), "\n") // the driver repeats itself
	return first + ": " + e.remedy
}

func (e *explained) Unwrap() error { return e.err }

// Is implements errors.Is for [ErrDamaged].
func (e *explained) Is(target error) bool {
	code := codeOf(e.err)
	return target == ErrDamaged && (code == corrupt || code == notADB)
}

// explain adds to an error of SQLite what to do about it, once.
func explain(err error) error {
	if _, done := errors.AsType[*explained](err); done {
		return err
	}
	if remedy := remedies[codeOf(err)]; remedy != "" {
		return &explained{err, remedy}
	}
	return err
}
