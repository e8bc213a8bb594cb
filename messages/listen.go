package messages

// Listening is what the events actor is told about listeners, and what it is
// given to deliver.
//
//sumtype:decl
type Listening interface{ listening() }

type (
	// AddListener adds a listener. Once it is answered, everything that
	// happens later reaches the listener.
	AddListener struct {
		Reply[ListenerID]
		Listen func(Event)
		Name   string // of the function, for people
		Mask   Mask
	}

	// RemoveListener removes a listener: it is answered whether there was one.
	RemoveListener struct {
		Reply[bool]
		ID ListenerID
	}

	// Publish has events delivered, in this order.
	Publish struct{ Events []Event }

	// Flush is answered by Flushed when all events so far are delivered, or are
	// not waited for any more.
	Flush struct{}
)

// ListenerID names a listener.
type ListenerID uint64

func (*AddListener) listening()    {}
func (*RemoveListener) listening() {}
func (*Publish) listening()        {}
func (*Flush) listening()          {}

type (
	// Flushed answers [Flush]. Err names the listeners that were not waited for.
	Flushed struct{ Err error }

	// Interest tells the scheduler which events somebody wants. With it comes
	// the request that changed it, which the scheduler answers.
	Interest struct {
		Mask  Mask
		Added *AddListener
		ID    ListenerID
	}

	// Deliver hands events to one listener's actor.
	Deliver struct{ Events []Event }

	// Delivered tells the events actor how many the listener has had.
	Delivered struct {
		ID    ListenerID
		Count int
	}
)
