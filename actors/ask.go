package actors

import (
	"context"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/messages"
)

// Ask sends a request to the actor that is in charge of it and waits for the
// answer, or until ctx ends, whose cause it returns. The request goes on being
// worked on then, unless it is one that only reads. If ctx has ended before,
// nothing is asked.
func Ask[R any](ctx context.Context, s *System, request messages.Request[R]) (R, error) {
	if ctx.Err() != nil {
		request.Refuse(context.Cause(ctx))
		return request.Result()
	}
	if r, ok := request.(interface{ From(inside bool) }); ok {
		r.From(inside())
	}
	s.host.post(s.inCharge(request), request)
	if err := s.host.rt.Wait(ctx, request.Answered()); err != nil {
		request.Abandon()
		var none R
		return none, err
	}
	return request.Result()
}

// inside reports whether the caller is a run or a listener.
func inside() bool { return executors.InRun() || InListener() }

func (s *System) inCharge(request any) *actor.PID {
	switch r := request.(type) {
	case messages.Jobs:
		if store := s.host.desk.Load().straight(r); store != nil {
			return store
		}
		return s.host.scheduler
	case messages.Listening:
		return s.host.events
	}
	return s.host.supervisor
}
