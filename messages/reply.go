package messages

import "sync/atomic"

// Request is a message that wants an answer of type R. Every request embeds a
// [Reply].
type Request[R any] interface {
	Refusable
	Answer(value R, err error)
	Answered() <-chan struct{}
	Result() (R, error)
	Abandon()
}

// Refusable is a [Request] of any type.
type Refusable interface {
	// Refuse answers with an error.
	Refuse(err error)

	// Abandoned reports whether the caller waits for an answer no longer.
	Abandoned() bool

	// WhenAbandoned has f called when the caller waits no longer, on the caller's
	// goroutine, or at once if that is so already.
	WhenAbandoned(f func())
}

// Reply is the return address of a request: who handles the request, however
// many actors it has passed through, answers it here. The first answer counts.
type Reply[R any] struct {
	address *address[R]
}

type address[R any] struct {
	taken     atomic.Bool
	abandoned atomic.Bool
	hooks     atomic.Pointer[hook] // to be called then
	answered  chan struct{}
	value     R
	err       error
}

type hook struct {
	call func()
	next *hook
}

// To returns a fresh return address. A request that has the zero Reply is
// answered to nobody.
func To[R any]() Reply[R] {
	return Reply[R]{&address[R]{answered: make(chan struct{})}}
}

// Answer gives the answer, unless there has been one.
func (r Reply[R]) Answer(value R, err error) {
	if r.address == nil || r.address.taken.Swap(true) {
		return
	}
	r.address.value, r.address.err = value, err
	close(r.address.answered)
}

// Refuse answers with an error.
func (r Reply[R]) Refuse(err error) {
	var none R
	r.Answer(none, err)
}

// Abandon says that the caller waits no longer. The answer is kept all the same.
func (r Reply[R]) Abandon() {
	r.address.abandoned.Store(true)
	r.address.callHooks()
}

// Abandoned reports whether the caller waits no longer.
func (r Reply[R]) Abandoned() bool { return r.address != nil && r.address.abandoned.Load() }

// WhenAbandoned has f called when the caller waits no longer.
func (r Reply[R]) WhenAbandoned(f func()) {
	if r.address == nil {
		return
	}
	h := &hook{call: f}
	for added := false; !added; {
		h.next = r.address.hooks.Load()
		added = r.address.hooks.CompareAndSwap(h.next, h)
	}
	if r.Abandoned() {
		r.address.callHooks()
	}
}

// callHooks calls each hook once, whoever calls it.
func (a *address[R]) callHooks() {
	for h := a.hooks.Swap(nil); h != nil; h = h.next {
		h.call()
	}
}

// Answered is closed when there is an answer.
func (r Reply[R]) Answered() <-chan struct{} { return r.address.answered }

// Result returns the answer. It may be called once Answered is closed.
func (r Reply[R]) Result() (R, error) { return r.address.value, r.address.err }
