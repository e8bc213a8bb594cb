package sqlite

import (
	"context"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// watchEvery is how often the file is looked at.
const watchEvery = 100 * time.Millisecond

// Watch looks at the file ten times a second, by the machine's clock, and has
// changed called when another connection has written to it. A look takes a few
// microseconds and reads no table.
func (s *store) Watch(ctx context.Context, changed func()) error {
	if err := s.lock(ctx, "watch"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if _, err := s.look(); err != nil {
		return about("watch", s.alias, "", err)
	}
	s.lookAgain(ctx, changed)
	return nil
}

func (s *store) lookAgain(ctx context.Context, changed func()) {
	clock.Real().AfterFunc(watchEvery, func() {
		if s.lock(ctx, "watch") != nil { // ended or closed
			return
		}
		news, err := s.look()
		s.mu.Unlock()
		if err != nil {
			s.log.Warn("store cannot be watched", "store", s.alias, "err", explain(err))
		}
		if news {
			changed()
		}
		s.lookAgain(ctx, changed)
	})
}

// look reports whether another connection has written since the last look.
func (s *store) look() (news bool, err error) {
	var version int64
	if err := s.row("PRAGMA data_version", nil, &version); err != nil {
		return false, err
	}
	news = version != s.seen
	s.seen = version
	return news, nil
}
