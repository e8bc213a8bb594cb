package mysql_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/mysql"
)

// What cannot work is refused, with the remedy and without the password.
func TestRefused(t *testing.T) {
	db := newDatabase(t)
	for name, c := range map[string]struct {
		config mysql.Config
		want   string
	}{
		"nothing":          {mysql.Config{}, "Config.DSN names no database; give for instance user:password@tcp(host:3306)/database"},
		"url":              {mysql.Config{DSN: "mysql://user:secret@host/jobs"}, "Config.DSN cannot be read: "},
		"no database":      {mysql.Config{DSN: "user:secret@tcp(host)/"}, "Config.DSN names no database"},
		"charset":          {mysql.Config{DSN: db.DSN + "?charset=latin1"}, "Config.DSN has charset=latin1; leave it out"},
		"collation":        {mysql.Config{DSN: db.DSN + "?collation=gbk_bin"}, "Config.DSN "},
		"prefix":           {mysql.Config{DSN: db.DSN, Prefix: "a-b"}, `Config.Prefix is "a-b"; give up to 40 lower-case letters`},
		"unknown database": {mysql.Config{DSN: strings.Replace(db.DSN, "/test", "/nowhere", 1)}, "make the database, or give the name of another one"},
		"unknown user":     {mysql.Config{DSN: strings.Replace(db.DSN, "carillon@", "carillon:secret@", 1)}, "give another password, or another user"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.config.Open(patient(t), stores.Env{Alias: "jobs"})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got error %v, want %q", err, c.want)
			}
			if about, ok := errors.AsType[*job.Error](err); !ok || about.Op != "open store" || about.Store != "jobs" {
				t.Errorf("the error is %#v", err)
			}
		})
	}
}

// What a DSN may say of text and times makes no difference.
func TestDSN(t *testing.T) {
	db := newDatabase(t)
	for _, options := range []string{"", "?parseTime=true&loc=Local&time_zone=%27-05:00%27", "?collation=utf8mb4_unicode_ci&interpolateParams=false",
		"?charset=utf8mb4&sql_mode=%27ANSI_QUOTES,NO_BACKSLASH_ESCAPES%27", "?transaction_isolation=%27SERIALIZABLE%27", "?compress=true&maxAllowedPacket=1000000"} {
		config := db.empty(t)
		config.DSN += options
		if strings.Contains(options, "transaction_isolation") { // MariaDB knew it by another name
			config.DSN = strings.Replace(config.DSN, "transaction_isolation", "tx_isolation", 1)
		}
		ctx := patient(t)
		s := open(t, config)
		j := due("größer\n'\"\\\x00\xff 🔔", noon)
		j.Name = "größer\n'\"\\ ? 🔔"
		must(t, s.Put(ctx, stores.Insert, []job.Job{j}))
		must(t, s.Heartbeat(ctx, "n", 1e12))
		c, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 1, Now: noon, Limit: 9, Plan: later(0)})
		must(t, err)
		if len(c.Runs) != 1 || c.Runs[0].JobID != j.ID || c.Runs[0].Name != j.Name || !c.Runs[0].Scheduled.Equal(noon) {
			t.Errorf("with %q: %+v", options, c.Runs)
		}
		level, err := mysql.Isolation(ctx, s)
		must(t, err)
		same(t, "the isolation level", level, "READ-COMMITTED")
	}
}

// An ID is as long as an index allows; jobs may be longer than what is sent, and
// than what a server takes, at once.
func TestLong(t *testing.T) {
	s := open(t, newDatabase(t).empty(t))
	ctx := patient(t)
	j := due(strings.Repeat("i", 1024), noon)
	j.Name = strings.Repeat("a name\n", 400_000)
	must(t, s.Put(ctx, stores.Insert, append(jobs(6, func(i int) job.Job {
		other := due(fmt.Sprint("job-", i), noon)
		other.Name = j.Name
		return other
	}), j)))
	got, err := s.Get(ctx, j.ID)
	must(t, err)
	if got.Name != j.Name {
		t.Errorf("the name has %d bytes, want %d", len(got.Name), len(j.Name))
	}
	j.ID += "i"
	if err := s.Put(ctx, stores.Insert, []job.Job{j}); err == nil || !strings.Contains(err.Error(), "ID has 1025 bytes; give one of up to 1024") {
		t.Errorf("got error %v", err)
	}
}

func TestPlugin(t *testing.T) {
	db := newDatabase(t)
	for name, c := range map[string]struct {
		values map[string]any
		faults []string
	}{
		"dsn":        {map[string]any{"dsn": db.DSN}, nil},
		"everything": {map[string]any{"dsn": db.DSN, "prefix": "mine_", "history_age": "24h", "history_count": "100"}, nil},
		"nothing":    {nil, []string{"store.dsn is missing; give for instance user:password@tcp(host:3306)/database"}},
		"mistakes": {map[string]any{"dsn": "mysql://a", "prefix": "A B", "history_count": "many", "cache": 1}, []string{
			`store.cache is unknown; known here`,
			`store.dsn is`,
			`store.history_count is "many"; give a whole number`,
			`store.prefix is "A B"; give up to 40 lower-case letters, digits and underscores`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings.New("store", c.values)
			opener := mysql.Plugin(s)
			err := s.Err()
			if len(c.faults) == 0 {
				must(t, err)
				store, err := opener(patient(t), stores.Env{Alias: "jobs"})
				must(t, err)
				must(t, store.Close())
				return
			}
			var lines []string
			if err != nil {
				lines = strings.Split(err.Error(), "\n")
			}
			if len(lines) != len(c.faults) {
				t.Fatalf("got %d faults, want %d:\n%v", len(lines), len(c.faults), err)
			}
			for i, want := range c.faults {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("fault %d is %q, want %q", i, lines[i], want)
				}
			}
		})
	}
}

func TestServerVersion(t *testing.T) {
	for version, want := range map[string]string{
		"10.11.14-MariaDB-0+deb12u2": "",
		"10.6.0-MariaDB":             "",
		"11.4.2-MariaDB-log":         "",
		"8.0.1-dmr":                  "",
		"8.4.3":                      "",
		"9.1.0-commercial":           "",
		"something new":              "",
		"10.5.27-MariaDB":            "the server is MariaDB 10.5.27-MariaDB, which cannot skip locked rows; the store needs MariaDB 10.6.0 or newer",
		"8.0.0-dmr":                  "the server is MySQL 8.0.0-dmr, which cannot skip locked rows; the store needs MySQL 8.0.1 or newer",
		"5.7.44-log":                 "the server is MySQL 5.7.44-log, which cannot skip locked rows; the store needs MySQL 8.0.1 or newer",
	} {
		got := ""
		if err := mysql.CheckVersion(version); err != nil {
			got = err.Error()
		}
		same(t, version, got, want)
	}
}
