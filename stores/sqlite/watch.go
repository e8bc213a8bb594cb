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
// microseconds and reads no table. A second Watch ends the first.
func (s *store) Watch(ctx context.Context, changed func()) error {
	if err := s.lock(ctx, "watch"); err != nil {
		return err
	}
	defer s.mu.Unlock()
	if _, err := s.look(); err != nil {
		return s.about("watch", "", err)
	}
	s.watches++
	w := &watch{s, ctx, changed, s.watches, false}
	w.goOn()
	return nil
}

// watch is what one Watch has asked for.
type watch struct {
	*store
	ctx     context.Context
	changed func()
	no      int
	failed  bool // the last look has
}

func (w *watch) goOn() { clock.Real().AfterFunc(watchEvery, w.wakeUp) }

func (w *watch) wakeUp() {
	if w.lock(w.ctx, "watch") != nil {
		return // ended or closed
	}
	if w.no != w.watches {
		w.mu.Unlock()
		return
	}
	news, err := w.look()
	w.mu.Unlock()
	if err != nil && !w.failed {
		w.log.Warn("store cannot be watched", "store", w.alias, "err", w.locate(err))
	}
	w.failed = err != nil
	if news {
		w.changed()
	}
	w.goOn()
}

// look reports whether another connection has written since the last look.
func (s *store) look() (news bool, err error) {
	version, err := s.dataVersion()
	if err != nil {
		return false, err
	}
	news = version != s.seen
	s.seen = version
	return news, nil
}
