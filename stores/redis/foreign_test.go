package redis_test

import (
	"context"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/redis"
	"github.com/carillon-go/carillon/stores/storetest"
)

// What is not ours is left alone, and the error says what to do.
func TestForeignData(t *testing.T) {
	for _, test := range []struct {
		name string
		set  func(ctx context.Context, c *goredis.Client) error
		want []string
	}{
		{"another type", func(ctx context.Context, c *goredis.Client) error {
			return c.Set(ctx, "{carillon}:meta", "x", 0).Err()
		}, []string{"another program has written under {carillon}:", "give another Prefix"}},
		{"another type beside", func(ctx context.Context, c *goredis.Client) error {
			return c.Set(ctx, "{carillon}:runs", "x", 0).Err()
		}, []string{"{carillon}:runs is a string", "give another Prefix"}},
		{"another program's", func(ctx context.Context, c *goredis.Client) error {
			return c.HSet(ctx, "{carillon}:jobs", "a", "b").Err()
		}, []string{"{carillon}:jobs is not Carillon's", "give another Prefix"}},
		{"a newer format", func(ctx context.Context, c *goredis.Client) error {
			return c.HSet(ctx, "{carillon}:meta", "format", "99").Err()
		}, []string{"format 99", "knows " + redis.Format, "use the version of Carillon that has written them"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := testserver.Redis(t)
			client := dial(t, db.DSN)
			if err := test.set(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			_, err := redis.Open(db.DSN)(t.Context(), env)
			if err == nil {
				t.Fatal("the store opens")
			}
			for _, part := range append(test.want, `open store "jobs": `) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got error %q, which does not say %q", err, part)
				}
			}
			if n := client.DBSize(t.Context()).Val(); n != 1 {
				t.Errorf("there are %d keys", n)
			}
			opened(t, redis.Config{URL: db.DSN, Prefix: "other"})
		})
	}
}

// A program of an older version stops when a newer one has taken over.
func TestNewerFormatWhileOpen(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	put(t, s, due("a"))
	client.HSet(t.Context(), "{carillon}:meta", "format", "99")
	if _, err := s.Get(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "format 99") {
		t.Errorf("got error %v", err)
	}
}

// A key that somebody else overwrites while the store is open is named.
func TestOverwrittenKey(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client})
	put(t, s, due("a"))
	client.Set(t.Context(), "{carillon}:jobs", "x", 0)
	if _, err := s.Get(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "give another Prefix") {
		t.Errorf("got error %v", err)
	}
}

// A job that cannot be read is parked and stays as it is; the others run, and
// it can be listed, replaced and deleted.
func TestDamagedJobs(t *testing.T) {
	for name, spoil := range map[string]func(ctx context.Context, c *goredis.Client) error{
		"settings": func(ctx context.Context, c *goredis.Client) error {
			spec := c.HGet(ctx, "{carillon}:specs", "1").Val()
			return c.HSet(ctx, "{carillon}:specs", "1", strings.Replace(spec, `"task"`, `"tusk"`, 1)).Err()
		},
		"no settings": func(ctx context.Context, c *goredis.Client) error {
			return c.HDel(ctx, "{carillon}:specs", "1").Err()
		},
		"row": func(ctx context.Context, c *goredis.Client) error {
			return c.HSet(ctx, "{carillon}:jobs", "a", "1 - 7 spoilt").Err()
		},
		"no row": func(ctx context.Context, c *goredis.Client) error {
			return c.HSet(ctx, "{carillon}:jobs", "a", "").Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			client := dial(t, testserver.Redis(t).DSN)
			s := opened(t, redis.Config{Client: client})
			beat(t, s, "n")
			put(t, s, due("a"))
			put(t, s, due("b"))
			if err := spoil(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			s = opened(t, redis.Config{Client: client}) // which does not remember it
			before := client.HGetAll(t.Context(), "{carillon}:jobs").Val()["a"]
			c := claimed(t, s, 1)
			if len(c.Runs) != 1 || c.Runs[0].JobID != "b" || len(c.Parked) != 1 || c.Parked[0].JobID != "a" || c.More {
				t.Fatalf("got %+v", c)
			}
			t.Log(c.Parked[0].Reason)
			if c := claimed(t, s, 2); len(c.Runs)+len(c.Parked) > 0 || !c.Next.IsZero() {
				t.Errorf("the second claim: %+v", c)
			}
			if after := client.HGet(t.Context(), "{carillon}:jobs", "a").Val(); after != before {
				t.Errorf("it is %q, and was %q", after, before)
			}
			list, err := s.List(t.Context(), "", 9)
			if err != nil || len(list) != 1 || list[0].ID != "a" {
				t.Errorf("List: %v, %v", list, err)
			}
			earlier := due("a")
			earlier.NextRunTime = t0.Add(-time.Second)
			put(t, s, earlier)
			if c := claimed(t, s, 3); len(c.Runs) != 1 || len(c.Parked) > 0 || !c.Next.IsZero() {
				t.Errorf("when it is put: %+v", c)
			}
			put(t, s, due("a"))
			if err := client.HSet(t.Context(), "{carillon}:jobs", "a", "spoilt").Err(); err != nil {
				t.Fatal(err)
			}
			if missing, err := s.Delete(t.Context(), "a"); missing != nil || err != nil {
				t.Errorf("Delete: missing %q, %v", missing, err)
			}
			if c := claimed(t, s, 4); len(c.Runs)+len(c.Parked) > 0 || !c.Next.IsZero() {
				t.Errorf("when it is deleted: %+v", c)
			}
		})
	}
}

// What is flushed while the store is open begins anew: nothing that is
// remembered of it is mixed up with what comes.
func TestFlushed(t *testing.T) {
	client := dial(t, testserver.Redis(t).DSN)
	s := opened(t, redis.Config{Client: client, Kinds: storetest.Kinds()})
	beat(t, s, "n")
	j := due("a")
	put(t, s, j)
	first := claimed(t, s, 1).Runs[0]
	client.FlushDB(t.Context())
	if _, err := claim(s, 2); err == nil {
		t.Error("a name that was never registered may claim")
	}
	if f, err := s.Finish(t.Context(), "n", executed([]job.Run{first})); f.Held != 0 || err != nil {
		t.Errorf("Finish: %+v, %v", f, err)
	}
	j.Name, j.Executor = "another", "elsewhere"
	put(t, s, j)
	beat(t, s, "n")
	c := claimed(t, s, 2)
	if len(c.Runs) != 1 || c.Runs[0].Name != "another" || c.Runs[0].ID <= first.ID {
		t.Errorf("after the flush: %+v; before it: %+v", c, first)
	}
	opened(t, redis.Config{Client: client})
}
