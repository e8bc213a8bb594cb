package postgres

import (
	"strings"
	"testing"
)

// Nobody waits for locks without end, however the store is opened.
func TestLockPatience(t *testing.T) {
	c := Config{DSN: "postgres://127.0.0.1/x"}
	pool, err := c.pool()
	if err != nil {
		t.Fatal(err)
	}
	if got := pool.ConnConfig.RuntimeParams["lock_timeout"]; got != lockPatience {
		t.Errorf("lock_timeout of a connection is %q", got)
	}
	if !strings.Contains(setSession, "'lock_timeout', '"+lockPatience+"'") {
		t.Errorf("behind a pooler the settings are %s", setSession)
	}
}
