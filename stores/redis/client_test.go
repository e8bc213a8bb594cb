package redis_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

// lossy is a connection that breaks instead of reading what has come.
type lossy struct {
	net.Conn
	breaks *atomic.Bool
}

func (l lossy) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if l.breaks.CompareAndSwap(true, false) {
		l.Conn.Close()
		return 0, io.EOF
	}
	return n, err
}

// An operation whose answer is lost is not done again behind the scheduler's
// back: an Insert that has succeeded would say that the job exists.
func TestNotSentTwice(t *testing.T) {
	db := testserver.Redis(t)
	options, err := goredis.ParseURL(db.DSN)
	if err != nil {
		t.Fatal(err)
	}
	var breaks atomic.Bool
	options.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return lossy{conn, &breaks}, err
	}
	client := goredis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	s := opened(t, redis.Config{Client: client})
	put(t, s, due("a"))
	breaks.Store(true)
	if err := s.Put(t.Context(), stores.Insert, []job.Job{due("b")}); err == nil || errors.Is(err, job.ErrJobExists) {
		t.Errorf("got error %v", err)
	}
	if _, err := s.Get(t.Context(), "b"); err != nil {
		t.Error(err)
	}
}

// past is a clock that stands still, years ago.
type past struct{ clock.Clock }

func (past) Now() time.Time { return t0 }

// A deadline on another clock than the machine's ends nothing.
func TestDeadlineOfFakeClock(t *testing.T) {
	options, err := goredis.ParseURL(testserver.Redis(t).DSN)
	if err != nil {
		t.Fatal(err)
	}
	options.ContextTimeoutEnabled = true
	client := goredis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	ctx, cancel := clock.WithTimeout(t.Context(), past{clock.Real()}, time.Hour)
	defer cancel()
	s, err := redis.Config{Client: client}.Open(ctx, env)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, list := s.List(ctx, "", 9)
	_, history := s.History(ctx, &stores.HistoryQuery{Limit: 9})
	if err := errors.Join(list, history, s.Watch(ctx, func() {})); err != nil {
		t.Error(err)
	}
}
