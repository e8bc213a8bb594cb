package redis_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

// What is in the store outlives its server, and the same Store goes on.
func TestServerRestarted(t *testing.T) {
	db := testserver.Redis(t, testserver.Own)
	s := opened(t, redis.Config{URL: db.DSN})
	beat(t, s, "n")
	put(t, s, due("a"), due("b"))
	c, err := claim(s, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, stop := range map[string]func(){"stopped": db.Stop, "killed": db.Kill} {
		stop()
		if _, err := s.Get(t.Context(), "a"); err == nil || errors.Is(err, job.ErrJobNotFound) {
			t.Errorf("%s: Get: %v", name, err)
		}
		db.Start()
		beat(t, s, "n")
		again := claimed(t, s, 1)
		if len(again.Runs) != 2 || again.Runs[0].ID != c.Runs[0].ID {
			t.Errorf("%s: the claim is repeated as %+v", name, again)
		}
	}
	if f, err := s.Finish(t.Context(), "n", executed(c.Runs)); f.Held != 2 || err != nil {
		t.Errorf("Finish: %+v, %v", f, err)
	}
}

// A connection that breaks is an error of the operation, and is made again by
// the next one. A server that hangs is waited for no longer than the client is
// told to.
func TestConnection(t *testing.T) {
	db := testserver.Redis(t)
	line := testserver.Proxy(t, db.Address)
	s := opened(t, redis.Config{URL: db.DSNAt(line.Address) + "?read_timeout=200ms&dial_timeout=200ms&max_retries=-1"})
	beat(t, s, "n")
	put(t, s, due("a"), due("b"))
	for name, trouble := range map[string]func(){"cut": line.Cut, "stalled": line.Stall} {
		trouble()
		if _, err := claim(s, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
		if err := s.Heartbeat(t.Context(), "n", time.Hour); err == nil {
			t.Errorf("%s: Heartbeat: no error", name)
		}
		line.Pass()
		beat(t, s, "n")
	}
	if c := claimed(t, s, 1); len(c.Runs) != 2 {
		t.Errorf("got %+v", c)
	}
}

// Open says at once that there is no server.
func TestNoServer(t *testing.T) {
	db := testserver.Redis(t, testserver.Own)
	db.Stop()
	if _, err := redis.Open(db.DSN)(t.Context(), env); err == nil {
		t.Error("no error")
	}
}

// A watcher whose connection has broken hears of what it has missed.
func TestWatchReconnects(t *testing.T) {
	db := testserver.Redis(t)
	line := testserver.Proxy(t, db.Address)
	s := opened(t, redis.Config{URL: db.DSNAt(line.Address)})
	heard := make(chan struct{}, 100)
	if err := s.Watch(t.Context(), func() { heard <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	line.Cut()
	put(t, opened(t, redis.Config{URL: db.DSN}), due("a"))
	line.Pass()
	late := make(chan struct{})
	timer := clock.Real().AfterFunc(20*time.Second, func() { close(late) })
	defer timer.Stop()
	select {
	case <-heard:
	case <-late:
		t.Error("nothing is heard")
	}
}

// A session does not hear of its own changes.
func TestWatchOthersOnly(t *testing.T) {
	db := testserver.Redis(t, testserver.Own)
	mine, other := opened(t, redis.Config{URL: db.DSN}), opened(t, redis.Config{URL: db.DSN})
	heard := make(chan struct{}, 100)
	if err := mine.Watch(t.Context(), func() { heard <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	put(t, mine, due("a"))
	for range 200 { // time enough for a hint
		if _, err := other.Get(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if len(heard) > 0 {
		t.Error("heard of its own change")
	}
	put(t, other, due("b"))
	<-heard
	if err := mine.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, other, due("c"))
	if len(heard) > 0 {
		t.Errorf("heard of %d more changes", len(heard))
	}
}

// When the memory is full operations fail, and nothing is half done.
func TestMemoryFull(t *testing.T) {
	db := testserver.Redis(t, testserver.Own)
	client := dial(t, db.DSN)
	s := opened(t, redis.Config{Client: client})
	beat(t, s, "n")
	put(t, s, due("a"), due("b"))
	limit := func(bytes string) {
		if err := client.ConfigSet(t.Context(), "maxmemory", bytes).Err(); err != nil {
			t.Fatal(err)
		}
	}
	limit("1")
	if err := s.Put(t.Context(), stores.Replace, []job.Job{due("a"), due("c")}); err == nil {
		t.Error("Put: no error")
	}
	if _, err := claim(s, 1); err == nil {
		t.Error("ClaimDue: no error")
	}
	limit("0")
	c := claimed(t, s, 1)
	if len(c.Runs) != 2 {
		t.Fatalf("got %+v", c)
	}
	limit("1")
	f, err := s.Finish(t.Context(), "n", executed(c.Runs))
	if err != nil { // then nothing has happened
		limit("0")
		f, err = s.Finish(t.Context(), "n", executed(c.Runs))
	}
	if f.Held != 2 || err != nil {
		t.Errorf("Finish: %+v, %v", f, err)
	}
	noneLeft(t, client)
}

// A server that has become a replica, or that a failover has left behind, is
// named as one.
func TestReplica(t *testing.T) {
	db := testserver.Redis(t, testserver.Own)
	s, client := opened(t, redis.Config{URL: db.DSN}), dial(t, db.DSN)
	must(t, client.Do(t.Context(), "REPLICAOF", "127.0.0.1", "1").Err())
	defer client.Do(context.Background(), "REPLICAOF", "NO", "ONE")
	_, opening := redis.Open(db.DSN)(t.Context(), env)
	for operation, err := range map[string]error{"Heartbeat": s.Heartbeat(t.Context(), "n", time.Hour), "Open": opening} {
		if err == nil || !strings.Contains(err.Error(), "give the address of the primary") {
			t.Errorf("%s: got error %v", operation, err)
		}
	}
}

// A user needs what the documentation says, and is told of what is missing.
func TestRights(t *testing.T) {
	db := testserver.Redis(t, testserver.Own)
	client := dial(t, db.DSN)
	text, err := os.ReadFile("doc.go")
	must(t, err)
	line := strings.Fields(regexp.MustCompile(`ACL SETUSER .*`).FindString(string(text)))
	grant := func(words []string) {
		var args []any
		for _, word := range words {
			args = append(args, word)
		}
		must(t, client.Do(t.Context(), args...).Err())
	}
	config := redis.Config{URL: strings.Replace(db.DSN, "//", "//jobs:password@", 1)}
	grant(append(slices.Clone(line[:4]), ">password", "~*", "&*", "+@connection", "+@scripting"))
	if _, err := config.Open(t.Context(), env); err == nil || !strings.Contains(err.Error(), "documentation of package redis") {
		t.Errorf("without rights: got error %v", err)
	}
	grant([]string{"ACL", "DELUSER", "jobs"})
	grant(line)
	s := opened(t, config)
	must(t, s.Watch(t.Context(), func() {}))
	beat(t, s, "n")
	put(t, s, due("a"))
	_, err = s.Finish(t.Context(), "n", executed(claimed(t, s, 1).Runs))
	must(t, err)
	_, err = s.History(t.Context(), &stores.HistoryQuery{Limit: 1})
	must(t, err)
	_, err = s.Delete(t.Context())
	must(t, err)
}
