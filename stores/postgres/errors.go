package postgres

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/carillon-go/carillon/job"
)

// remedies say what to do about PostgreSQL's errors, by their codes.
var remedies = map[string]string{
	"28P01": "give another password, or another user",
	"3D000": "make the database, or give the name of another one",
	"42501": "grant the rights, or let a user open the store who has them; making the schema needs CREATE on the database",
	"53100": "the disk is full; make room for the database",
	"53300": "the server has no connection left; raise max_connections, or put a pooler between and set Config.Pooled",
	"55P03": "a transaction of somebody else has locked the job, perhaps one with PutTx; end it sooner",
	"40001": "somebody else has changed the job since the transaction began; repeat the whole transaction",
	"23505": "somebody else has put the job since the transaction began; repeat the whole transaction",
	"08P01": "if there is a pooler between, set Config.Pooled",
	"25006": "the server is a replica; give the address of the primary, or target_session_attrs=read-write",
	"26000": "a pooler hands out another connection for each transaction; set Config.Pooled",
	"42P05": "a pooler hands out another connection for each transaction; set Config.Pooled",
}

// explain adds to an error of PostgreSQL what to do about it.
func explain(err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	if remedy := remedies[e.Code]; remedy != "" {
		return fmt.Errorf("%w: %s", err, remedy)
	}
	return err
}

// is reports whether err is PostgreSQL's error of this code.
func is(err error, code string) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == code
}

// The codes of what goes away when it is tried again.
const (
	uniqueViolation  = "23505"
	deadlockDetected = "40P01"
	lockNotAvailable = "55P03"
)

const readOnly = "25006"

// broken reports whether err is that of a connection which is of no use any
// more, rather than the answer to a statement.
func broken(err error) bool {
	if err == nil || errors.Is(err, pgx.ErrNoRows) || errors.Is(err, job.ErrLeaseExpired) || errors.Is(err, job.ErrShared) {
		return false
	}
	if _, refused := errors.AsType[*pgconn.ConnectError](err); refused {
		return false
	}
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(answer.Code, "57P") || strings.HasPrefix(answer.Code, "08") || // it has been shut down
			answer.Code == readOnly // another one is the primary now
	}
	_, ours := errors.AsType[*job.Error](err)
	return !ours
}
