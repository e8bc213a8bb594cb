package storetest

import (
	"errors"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var leaseRules = []rule{
	{
		name:        "lease/renewed",
		needs:       shared,
		waits:       true,
		explanation: "A name whose heartbeats come in time is alive for as long as they do.",
		check: func(e *env) error {
			s := e.node("n")
			s.insert(due("a", 1))
			c := s.do(1, then(2))
			for range 4 {
				e.pass(e.ttl() / 2)
				s.register("n", e.ttl())
			}
			return errors.Join(want("claim", "next 2", s.do(1, once)), want("Finish", "held 1, next never", s.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "lease/expired-claim",
		needs:       shared,
		waits:       true,
		explanation: "A claim by a node whose lease has ended fails with ErrLeaseExpired and claims nothing.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1))
			e.expire()
			_, err := a.tryClaim(1, stores.Claim{})
			return errors.Join(refused(err, job.ErrLeaseExpired, ""),
				want("claim by b", "runs j@1; ended j; next never", e.node("b").do(1, once)))
		},
	},
	{
		name:        "lease/expired-finish",
		needs:       shared,
		waits:       true,
		explanation: "A node whose lease has ended holds nothing: its Finish touches no run, and is no error.",
		check: func(e *env) error {
			a := e.node("a")
			a.insert(due("j", 1))
			c := a.do(1, then(2))
			e.expire()
			early := want("before anybody has noticed", "held 0, next never", a.finish(job.Executed, c.Runs...))
			b := e.node("b")
			return errors.Join(early, want("claim by b", "lost j@1; next 2", b.do(1, once)),
				want("after", "held 0, next never", a.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "lease/never-revived",
		needs:       shared,
		waits:       true,
		explanation: "A name whose lease has ended never comes back to life: its heartbeats fail with ErrLeaseExpired, with any lease.",
		check: func(e *env) error {
			a := e.node("a")
			e.expire()
			err := refused(a.Heartbeat(e.ctx, "a", e.ttl()), job.ErrLeaseExpired, "")
			b := e.node("b")
			b.do(1, once)
			err = errors.Join(err, refused(a.Heartbeat(e.ctx, "a", e.ttl()), job.ErrLeaseExpired, ""))
			e.expire()
			return errors.Join(err, refused(a.Heartbeat(e.ctx, "a", 0), job.ErrLeaseExpired, ""))
		},
	},
	{
		name:        "lease/not-shortened",
		needs:       shared,
		waits:       true,
		explanation: "Each heartbeat is good for at least its ttl: a later one with a shorter ttl does not shorten it.",
		check: func(e *env) error {
			s := e.open()
			s.register("n", 3*e.ttl())
			s.register("n", e.ttl()/10)
			e.pass(e.ttl())
			s.do(1, once)
			return nil
		},
	},
	{
		name:        "lease/new-name",
		needs:       shared,
		waits:       true,
		explanation: "A scheduler whose lease has ended starts over under a new name on the same Store.",
		check: func(e *env) error {
			s := e.node("a")
			s.insert(due("j", 1))
			e.expire()
			s.register("b", e.ttl())
			return want("claim", "runs j@1; ended j; next never", s.do(1, once))
		},
	},
	{
		name:        "lease/two-nodes",
		needs:       shared,
		explanation: "Several nodes with leases may be alive at once.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			return errors.Join(want("a", "runs j@1; next 2", a.do(1, then(2))), want("b", "runs j@2; next 3", b.do(2, then(3))))
		},
	},
	{
		name:        "lease/owner-for-good",
		explanation: "The only owner's name does not expire, whatever the time.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1))
			e.clock.pass(1e6 * e.ttl())
			s.register("n", 0)
			return want("claim", "runs a@1; ended a; next never", s.do(1, once))
		},
	},
	{
		name:        "lease/owner-refused",
		needs:       shared,
		waits:       true,
		explanation: "A heartbeat with a ttl of 0 fails with ErrShared while another node's lease lasts, and succeeds when it has ended.",
		check: func(e *env) error {
			e.node("a")
			s := e.open()
			err := refused(s.Heartbeat(e.ctx, "n", 0), job.ErrShared, "")
			e.expire()
			s.register("n", 0)
			s.do(1, once)
			return err
		},
	},
	{
		name:        "lease/owner-ended",
		needs:       shared,
		explanation: "A name with a lease that is registered after an only owner ends it, whether that has closed its Store or not: it has crashed, or was wrong to say that it is alone.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("j", 1))
			c := s.do(1, then(2))
			a := e.node("a")
			_, err := s.tryClaim(2, stores.Claim{})
			return errors.Join(
				refused(err, job.ErrLeaseExpired, ""),
				refused(s.Heartbeat(e.ctx, "n", 0), job.ErrLeaseExpired, ""),
				refused(s.Heartbeat(e.ctx, "m", 0), job.ErrShared, ""),
				want("Finish", "held 0, next never", s.finish(job.Executed, c.Runs...)),
				want("claim", "runs j@2; lost j@1; ended j; next never", a.do(2, once)))
		},
	},
	{
		name:        "lease/owner-closed",
		needs:       shared,
		explanation: "Other nodes can register at once when an only owner has closed its Store, and end its name.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("j", 1))
			e.must("Close", s.close())
			a := e.node("a")
			return errors.Join(want("claim", "runs j@1; ended j; next never", a.do(1, once)),
				refused(a.Heartbeat(e.ctx, "n", 0), job.ErrLeaseExpired, ""))
		},
	},
	{
		name:        "lease/outlives-close",
		needs:       shared,
		explanation: "Close does not end a lease: the node's runs are not lost, and it can go on under its name.",
		check: func(e *env) error {
			a, b := e.node("a"), e.node("b")
			a.insert(due("j", 1))
			c := a.do(1, once)
			e.must("Close", a.close())
			alone := e.open().Heartbeat(e.ctx, "owner", 0)
			a = e.node("a")
			return errors.Join(refused(alone, job.ErrShared, ""), want("claim by b", "next never", b.do(1, once)),
				want("Finish", "held 1, next never", a.finish(job.Executed, c.Runs...)))
		},
	},
	{
		name:        "lease/owner-crashed",
		needs:       shared,
		explanation: "An only owner that did not close is taken for dead when a new only owner registers; its name has expired then.",
		check: func(e *env) error {
			old := e.owner("old")
			old.insert(due("j", 1))
			old.do(1, then(2))
			s := e.owner("new")
			_, err := old.tryClaim(2, stores.Claim{})
			return errors.Join(
				refused(err, job.ErrLeaseExpired, ""),
				refused(old.Heartbeat(e.ctx, "old", 0), job.ErrLeaseExpired, ""),
				want("claim", "runs j@2; lost j@1; ended j; next never", s.do(2, once)))
		},
	},
}
