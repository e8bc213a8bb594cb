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
		const changes = 500 // the server removes a hundred at a time
		for range 1 + changes {
			put(t, s, due("a"))
		}
		records, err := s.History(t.Context(), &stores.HistoryQuery{Limit: 2 * changes})
		if err != nil || len(records) != changes {
			t.Errorf("age %v: got %d records, %v; want %d", age, len(records), err, changes)
		}
	}
}
