package redis_test

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

// Any negative age is for ever, also one of less than a microsecond.
func TestHistoryForEver(t *testing.T) {
	db := testserver.Redis(t)
	for _, age := range []time.Duration{-1, -time.Hour} {
		s := opened(t, redis.Config{URL: db.DSN, Prefix: age.String(), History: stores.Retention{Age: age}})
		for range 3 {
			put(t, s, due("a"))
		}
		records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 10})
		if err != nil || len(records) != 2 {
			t.Errorf("age %v: got %v, %v; want the two changes", age, records, err)
		}
	}
}
