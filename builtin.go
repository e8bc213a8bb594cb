package carillon

import (
	"time"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/settings"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// The plugins for stores and executors that need not be added.

func memoryPlugin(s *settings.Section) stores.Opener {
	return memory.Config{History: stores.Retention{
		Age:   s.Duration("history_age", time.Second),
		Count: s.Int("history_count"),
	}}.Open
}

func inlinePlugin(*settings.Section) executors.Opener { return inline.Open }

func poolPlugin(s *settings.Section) executors.Opener {
	key := "size"
	if s.Has("max_workers") {
		if s.Has("size") {
			s.Refuse("max_workers", "leave it out, for it is another name of size")
		}
		key = "max_workers"
	}
	size := s.Int(key)
	if size < 0 {
		s.Refuse(key, "give how many runs the pool may execute at a time, or 0 for no limit")
	}
	return pool.Open(pool.Config{Size: size})
}
