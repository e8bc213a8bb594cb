package mysql

import (
	"errors"
	"fmt"

	"github.com/go-sql-driver/mysql"
)

// remedies say what to do about the server's errors, by their numbers.
var remedies = map[uint16]string{
	1021: "the disk is full; make room for the database",
	1040: "the server has no connection left; raise max_connections",
	1044: "grant the user all rights on the database",
	1045: "give another password, or another user",
	1049: "make the database, or give the name of another one",
	1114: "the disk is full; make room for the database",
	1142: "grant the user SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER and INDEX on the database",
	1146: "somebody has removed the table; open the store again to have it made, with what is left",
	1153: "a job is too long for the server; raise max_allowed_packet",
	1205: "another scheduler, or another program, keeps rows locked; see SHOW ENGINE INNODB STATUS",
	1290: "the server is read-only; give the address of the primary",
	1665: "set binlog_format to ROW or MIXED",
	1836: "the server is read-only; give the address of the primary",
}

// explain adds to an error of the server what to do about it.
func explain(err error) error {
	e, ok := errors.AsType[*mysql.MySQLError](err)
	if !ok {
		return err
	}
	if remedy := remedies[e.Number]; remedy != "" {
		return fmt.Errorf("%w: %s", err, remedy)
	}
	return err
}

// transient reports whether err goes away when the transaction is tried again.
func transient(err error) bool {
	e, ok := errors.AsType[*mysql.MySQLError](err)
	if !ok {
		return false
	}
	switch e.Number {
	case 1020, // a row has changed since it was read
		1062, // somebody else has put the job
		1205, // waited too long for a lock
		1213: // deadlock
		return true
	}
	return false
}

// readOnly reports whether err is that of a server which is not the primary, or
// not any more.
func readOnly(err error) bool {
	e, ok := errors.AsType[*mysql.MySQLError](err)
	return ok && (e.Number == 1290 || e.Number == 1836)
}
