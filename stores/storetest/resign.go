package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// resign gives up a name. It reports whether the store can do that: with others
// a rule about it says nothing.
func (s *session) resign(name string) (able bool) {
	r, able := s.Store.(stores.Resigner)
	if able {
		s.env.must("Resign of "+name, r.Resign(s.env.ctx, name))
	}
	return able
}

var resignRules = []rule{
	{
		name:        "resign/dead",
		needs:       shared,
		explanation: "A name that has resigned is dead, with its lease and for good: its claims and heartbeats fail with ErrLeaseExpired, its Finish touches nothing.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			c := a.do(1, then(2))
			if !a.resign("a") {
				return nil
			}
			early := errors.Join(want("Finish", "held 0, next never", a.finish(job.Executed, c.Runs...)), goneFor(a))
			b.do(0, once)
			return errors.Join(early, want("Finish after a claim", "held 0, next never", a.finish(job.Executed, c.Runs...)), goneFor(a))
		},
	},
	{
		name:        "resign/runs",
		needs:       shared,
		explanation: "The first claim after Resign deals with what the name holds as with a dead one's: AtMostOnce runs are Lost, AtLeastOnce runs are handed out again, and so is what was released.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("given back", 1), due("lost", 2), eager("taken over", 3))
			c := a.do(3, once)
			a.release(c.Runs[0])
			if !a.resign("a") {
				return nil
			}
			return errors.Join(want("claim", "runs given back@1#2 taken over@3#2; lost lost@2; next never", b.do(3, once)),
				want("claim after that", "next never", b.do(3, once)))
		},
	},
	{
		name:        "resign/owner-comes",
		needs:       shared,
		explanation: "When the last name with a lease has resigned, an only owner can register at once.",
		check: func(e *env) error {
			a, b, s := e.node("a"), e.node("b"), e.open()
			a.insert(due("j", 1))
			if !a.resign("a") {
				return nil
			}
			early := refused(s.Heartbeat(e.ctx, "s", 0), job.ErrShared, "")
			b.resign("b")
			s.register("s", 0)
			return errors.Join(early, want("claim", "runs j@1; ended j; next never", s.do(1, once)))
		},
	},
	{
		name:        "resign/owner",
		needs:       shared,
		explanation: "An only owner can resign too.",
		check: func(e *env) error {
			s := e.owner("s")
			s.insert(due("j", 1), due("k", 2))
			s.do(1, once)
			if !s.resign("s") {
				return nil
			}
			return errors.Join(goneFor(s), want("claim by the next one", "runs k@2; lost j@1; ended k; next never", e.owner("t").do(2, once)))
		},
	},
	{
		name:        "resign/others",
		needs:       shared,
		explanation: "Resign ends this name and no other, and what others hold stays theirs.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			c := b.do(1, once)
			if !a.resign("a") {
				return nil
			}
			b.register("b", e.ttl())
			return errors.Join(want("claim", "next never", b.do(1, once)), want("Finish", "held 1, next never", b.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "resign/unknown",
		needs:       shared,
		explanation: "Resign of a name that is dead, or that was never registered, does nothing: the one is still dead, and the other can be registered.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			if !a.resign("c") {
				return nil
			}
			e.node("c").do(0, once)
			a.resign("a")
			a.resign("a")
			b.do(0, once)
			a.resign("a")
			return goneFor(a)
		},
	},
	{
		name:        "resign/closed",
		needs:       shared,
		explanation: "What Resign has ended does not come back when the store is closed and opened.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(eager("j", 1))
			a.do(1, once)
			if !a.resign("a") {
				return nil
			}
			e.must("Close", a.close())
			s := e.open()
			gone := refused(s.Heartbeat(e.ctx, "a", e.ttl()), job.ErrLeaseExpired, "")
			s.register("s", 0)
			return errors.Join(gone, want("claim", "runs j@1#2; next never", s.do(1, once)))
		},
	},
}

// goneFor checks that the session's name is dead.
func goneFor(s *session) error {
	_, claims := s.tryClaim(9, stores.Claim{})
	return errors.Join(
		refused(claims, job.ErrLeaseExpired, ""),
		refused(s.Heartbeat(s.env.ctx, s.name, s.env.ttl()), job.ErrLeaseExpired, ""),
		refused(s.Heartbeat(s.env.ctx, s.name, 0), job.ErrLeaseExpired, ""))
}
