package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

const (
	maxConns = 4 // of which a scheduler mostly uses one

	// maxIdle is less than the wait_timeout of a session.
	maxIdle = 10 * time.Second
)

// session makes a connection ready. A scheduler that hangs keeps what it has
// locked until wait_timeout; nobody waits for it longer than a few seconds at a
// time. MariaDB alone reads what is between /*M! and */: it would search long
// lists of values in another way, and lock other rows.
const session = `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
SET SESSION autocommit = 1, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', wait_timeout = 20, innodb_lock_wait_timeout = 5
/*M!100306 , in_predicate_conversion_threshold = 0 */`

// connector makes connections that are ready.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.(driver.ExecerContext).ExecContext(ctx, session, nil); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// connect returns a pool of connections, of which there is none yet.
func connect(config *mysql.Config) (*sql.DB, error) {
	c, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{c})
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	db.SetConnMaxIdleTime(maxIdle)
	return db, nil
}

// checkServer refuses servers that are too old.
func checkServer(ctx context.Context, db *sql.DB) error {
	var version string
	if err := db.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return err
	}
	return checkVersion(version)
}

var versionNumber = regexp.MustCompile(`^(\d+)\.(\d+)\.(\d+)`)

// checkVersion takes what a server says of itself. What it cannot read it lets
// pass.
func checkVersion(version string) error {
	name, least := "MySQL", []int{8, 0, 1}
	if strings.Contains(version, "MariaDB") {
		name, least = "MariaDB", []int{10, 6, 0}
	}
	var number []int
	for _, digits := range versionNumber.FindStringSubmatch(version) {
		if n, err := strconv.Atoi(digits); err == nil {
			number = append(number, n)
		}
	}
	if len(number) < len(least) || slices.Compare(number, least) >= 0 {
		return nil
	}
	return fmt.Errorf("the server is %s %s, which cannot skip locked rows; the store needs %s %d.%d.%d or newer", name, version, name, least[0], least[1], least[2])
}
