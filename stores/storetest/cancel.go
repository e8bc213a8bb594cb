package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var cancelRules = []rule{
	{
		name:        "cancel/nothing-done",
		explanation: "Every operation with a context that has ended fails with the context's error, and does nothing.",
		check: func(e *env) error {
			s := e.owner("n")
			s.insert(due("a", 1), due("b", 9))
			c := s.do(1, then(5))
			before := s.list("", 10)
			ctx, cancel := context.WithCancel(e.ctx)
			cancel()
			_, list := s.List(ctx, "", 10)
			_, get := s.Get(ctx, "a")
			_, deleted := s.Delete(ctx, "a")
			_, all := s.DeleteAll(ctx)
			_, claim := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 2, Now: at(9), Limit: 9, Plan: once})
			_, finish := s.Finish(ctx, "n", dones(job.Released, c.Runs...))
			for what, err := range map[string]error{
				"Put":       s.Put(ctx, stores.Replace, []job.Job{due("a", 3), due("c", 3)}),
				"Heartbeat": s.Heartbeat(ctx, "n", 0),
				"List":      list, "Get": get, "Delete": deleted, "DeleteAll": all, "ClaimDue": claim, "Finish": finish,
			} {
				if !errors.Is(err, context.Canceled) {
					return fmt.Errorf("%s: got error %v, want %v", what, err, context.Canceled)
				}
			}
			if e.History {
				if _, err := s.History(ctx, &stores.HistoryQuery{Limit: 1}); !errors.Is(err, context.Canceled) {
					return fmt.Errorf("History: got error %v, want %v", err, context.Canceled)
				}
				if err := s.written(); err != nil {
					return err
				}
			}
			after := s.list("", 10)
			if err := want("List", show(before), after); err != nil {
				return err
			}
			return errors.Join(same("a", after[0], before[0]), same("b", after[1], before[1]),
				want("Finish", "held 1, next never", s.finish(job.Executed, c.Runs...)))
		},
	},
}
